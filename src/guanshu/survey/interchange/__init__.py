"""Answers of many organisations in plain files: one line an organisation, rows tables in files of their own."""
