"""What the tables of a report or a filing hold, read, decrypted and decoded; kept in memory by the chain's head."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guanshu.portal import crypto
from guanshu.portal.models import Filing, FilingAnswers, Report, TableAnswers
from guanshu.portal.queries.forms import Form
from guanshu.portal.queries.memory import Memory
from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.storage import Data, decode_answers
from guanshu.survey.values.base import Value

_KEPT = 300
# What a save changes in the row of a report or a filing.
_LIVE = ["state", "version", "saves", "head", "summary", "saved_at"]


@dataclass(frozen=True, slots=True)
class Stored:
    """Answers in three shapes, by table number. Never changed in place: others read the same object.

    raw: as the database has them; plain: personal cells decrypted; parts: decoded.
    """

    raw: Mapping[str, Data]
    plain: Mapping[str, Data]
    parts: Mapping[str, Answers]

    def answers(self) -> Answers:
        """Return the answers of all tables together."""
        cells: dict[str, Value] = {}
        rows: dict[str, Any] = {}
        explanations: dict[str, str] = {}
        for part in self.parts.values():
            cells.update(part.cells)
            rows.update(part.rows)
            explanations.update(part.explanations)
        parts = self.parts.values()
        none = frozenset[str]().union(*(part.none for part in parts))
        return Answers(cells, rows, none, frozenset[str]().union(*(part.na for part in parts)), explanations)

    def with_tables(self, form: Form, raw: Mapping[str, Data], plain: Mapping[str, Data]) -> "Stored":
        """Return the same with some tables replaced."""
        parts = {number: decode_answers(form.compiled.questionnaire, {number: data}) for number, data in plain.items()}
        return Stored({**self.raw, **raw}, {**self.plain, **plain}, {**self.parts, **parts})


EMPTY = Stored({}, {}, {})


# By report number and head of its chain: the head says what the answers are.
memory: Memory[tuple[str, str], Stored] = Memory(_KEPT)


def read_stored(report: Report | Filing, form: Form, *, locked: bool = False) -> Stored:
    """Return what is stored for a report or a filing. `locked` says that the caller holds the report's row.

    Without the lock a save may come between reading the row and reading the tables; `report` is then brought up to
    date. Raises crypto.Undecipherable when a personal cell was altered, ValueError when a value is none of its type.
    """
    while True:
        known = memory.get((report.number, report.head)) if report.head else None
        if known is not None:
            return known
        raw = _read_tables(report)
        before = report.head
        if not locked:
            report.refresh_from_db(fields=_LIVE)
        if report.head == before:
            break
    plain = {number: decrypt_table(data, number, report.number, form) for number, data in raw.items()}
    stored = EMPTY.with_tables(form, raw, plain)
    # Without a save there is no head to tell one content from another.
    if report.head:
        remember(report.number, report.head, stored)
    return stored


def _read_tables(owner: Report | Filing) -> dict[str, Data]:
    if isinstance(owner, Filing):
        return dict(FilingAnswers.objects.filter(filing=owner).values_list("table", "data"))
    return dict(TableAnswers.objects.filter(report=owner).values_list("table", "data"))


def remember(number: str, head: str, stored: Stored) -> None:
    """Keep a report's answers in memory under the head of its chain."""
    memory.put((number, head), stored)


def decrypt_table(data: Data, number: str, report: str, form: Form) -> Data:
    """Return a table's document with its personal cells decrypted. Raises crypto.Undecipherable."""
    names = form.personal.get(number)
    if not names:
        return data
    plain = copied(data)
    _decrypt(plain.get("cells", {}), names, report, "{}")
    table = form.compiled.questionnaire.by_number[number].name
    for row in plain.get("rows", ()):
        _decrypt(row["cells"], names, report, f"{table}[{row['id']}].{{}}")
    return plain


def copied(data: Data) -> Data:
    """Return a copy of a table's document that can be written to; single values are shared, nobody changes those."""
    made: Data = {key: dict(part) if isinstance(part, dict) else part for key, part in data.items()}
    if "rows" in made:
        made["rows"] = [{**row, "cells": dict(row["cells"])} for row in made["rows"]]
    return made


def _decrypt(cells: dict[str, Any], names: frozenset[str], report: str, address: str) -> None:
    for name in names & cells.keys():
        if crypto.is_encrypted(cells[name]):
            cells[name] = crypto.decrypt(cells[name], report=report, address=address.format(name))
