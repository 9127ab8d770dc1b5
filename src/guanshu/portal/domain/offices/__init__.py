"""Offices of the register: applications for museum accounts, corrections, and who administers a province (附件1)."""
