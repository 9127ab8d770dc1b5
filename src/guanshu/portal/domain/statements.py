"""The five statements of a save, written out.

Through the ORM they take longer to build than to run: a save of 3.6 ms took 8 (bench/save.py). Everything else may use
the ORM; these run at every pause in typing of every museum.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from guanshu.portal.models import Report, SaveRecord

_LOCK = (
    "SELECT r.state, r.version, r.saves, r.head, r.round, c.closed FROM portal_report r "
    "JOIN portal_campaign c ON c.id = r.campaign_id WHERE r.id = %s"
)
# SQLite has no row locks: there the transaction itself is the only writer.
_OF_ROW = {"postgresql": " FOR NO KEY UPDATE OF r"}
_FIND = "SELECT report, body_hash FROM portal_saverecord WHERE actor = %s AND request = %s"
_APPEND = (
    "INSERT INTO portal_saverecord (report, seq, actor, at, request, body_hash, changes, prev, hash) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_STORE = (
    'INSERT INTO portal_tableanswers (report_id, "table", data) VALUES (%s, %s, %s) '
    'ON CONFLICT (report_id, "table") DO UPDATE SET data = EXCLUDED.data'
)
_UPDATE = "UPDATE portal_report SET saves = %s, head = %s, state = %s, summary = %s, saved_at = %s WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Live:
    """What only the locked row tells."""

    state: str
    version: int
    saves: int
    head: str
    round: int
    closed: bool


def lock_report(pk: int) -> Live:
    """Lock a report's row until the end of the transaction and return what it says. Raises Report.DoesNotExist."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK + _OF_ROW.get(connection.vendor, ""), [pk])
        found = cursor.fetchone()
    if found is None:
        raise Report.DoesNotExist
    state, version, saves, head, returns, closed = found
    return Live(state, version, saves, head, returns, bool(closed))


def find_request(actor: str, request: str) -> tuple[str, str] | None:
    """Return the report and the body's mark of a request that was saved before, None when it was not."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [actor, request])
        found: tuple[str, str] | None = cursor.fetchone()
    return found


def append_record(row: SaveRecord) -> None:
    """Insert a linked record. Raises IntegrityError when its place or its request is taken."""
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND,
            [
                row.report,
                row.seq,
                row.actor,
                _moment(row.at),
                row.request,
                row.body_hash,
                json.dumps(row.changes),
                row.prev,
                row.hash,
            ],
        )


def store_tables(report: int, tables: Mapping[str, Any]) -> None:
    """Insert or replace the documents of some tables, by number."""
    lines = [(report, number, json.dumps(data)) for number, data in sorted(tables.items())]
    with connection.cursor() as cursor:
        if len(lines) == 1:
            cursor.execute(_STORE, lines[0])
        else:
            cursor.executemany(_STORE, lines)


def update_report(report: Report) -> None:
    """Write what a save changes in the report's row."""
    values = [report.saves, report.head, report.state, json.dumps(report.summary), _moment(report.saved_at), report.pk]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, values)


def _moment(value: datetime | None) -> Any:
    return connection.ops.adapt_datetimefield_value(value)
