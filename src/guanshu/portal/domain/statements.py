"""The statements of a save, written out.

Through the ORM they take longer to build than to run: a save of 3.6 ms took 8 (bench/save.py). Everything else may use
the ORM; these run at every pause in typing of every museum.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from guanshu.portal.access.prepared import planned_cursor
from guanshu.portal.models import Report, SaveRecord

# The lock and whether this request was saved before: one way to the server less at every pause in typing.
_LOCK = (
    "SELECT r.state, r.version, r.saves, r.head, r.round, c.closed, s.report, s.body_hash FROM portal_report r "
    "JOIN portal_campaign c ON c.id = r.campaign_id "
    "LEFT JOIN portal_saverecord s ON s.actor = %s AND s.request = %s WHERE r.id = %s"
)
# SQLite has no row locks: there the transaction itself is the only writer.
_OF_ROW = {"postgresql": " FOR NO KEY UPDATE OF r"}
_FIND = "SELECT report, body_hash FROM portal_saverecord WHERE actor = %s AND request = %s"
_APPEND = (
    "INSERT INTO portal_saverecord (report, seq, actor, at, request, body_hash, changes, prev, hash) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_STORE = (
    'INSERT INTO portal_tableanswers (report_id, "table", data) VALUES {} '
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


def lock_for_save(pk: int, actor: str, request: str) -> tuple[Live, tuple[str, str] | None]:
    """Lock a report's row and return what it says, with the report and body's mark of this request if it was saved.

    A twin of the request that was just being written is missed: its record is younger than this statement's view. Then
    find_request sees it, or write_save raises IntegrityError. Raises Report.DoesNotExist.
    """
    with planned_cursor() as cursor:
        cursor.execute(_LOCK + _OF_ROW.get(connection.vendor, ""), [actor, request, pk])
        found = cursor.fetchone()
    if found is None:
        raise Report.DoesNotExist
    state, version, saves, head, returns, closed, number, mark = found
    return Live(state, version, saves, head, returns, bool(closed)), None if number is None else (number, mark)


def find_request(actor: str, request: str) -> tuple[str, str] | None:
    """Return the report and the body's mark of a request that was saved before, None when it was not."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [actor, request])
        found: tuple[str, str] | None = cursor.fetchone()
    return found


def write_save(row: SaveRecord, report: Report, tables: Mapping[str, Any]) -> None:
    """Insert a linked record, insert or replace the documents of some tables (by number), update the report's row.

    Raises IntegrityError when the record's place or its request is taken.
    """
    moment = connection.ops.adapt_datetimefield_value(row.at)
    changes = json.dumps(row.changes)
    record = [row.report, row.seq, row.actor, moment, row.request, row.body_hash, changes, row.prev, row.hash]
    documents = [part for number in sorted(tables) for part in (report.pk, number, json.dumps(tables[number]))]
    summary = json.dumps(report.summary)
    steps: list[tuple[str, list[Any]]] = [
        (_APPEND, record),
        (_STORE.format(", ".join(["(%s, %s, %s)"] * len(tables))), documents),
        (_UPDATE, [row.seq, row.hash, report.state, summary, moment, report.pk]),
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # In one message: each way to the server and back costs as much as the statement itself.
            cursor.execute("; ".join(sql for sql, _ in steps), [value for _, values in steps for value in values])
        else:
            for sql, values in steps:
                cursor.execute(sql, values)
