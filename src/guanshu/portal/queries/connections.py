"""The connection to the database, while something slow happens that does not need it."""

from django.db import connection


def give_back_connection() -> None:
    """Return the thread's connection to the pool; the next query takes another. In a transaction nothing is done."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
