"""Keeping an installation in order: schema, static files, backup and restore."""
