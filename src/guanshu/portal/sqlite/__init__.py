"""The SQLite database backend: Django's own plus a writers' queue (Django looks for `base.DatabaseWrapper` here)."""
