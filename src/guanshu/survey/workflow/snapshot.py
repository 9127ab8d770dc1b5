"""A report frozen at 馆内审核通过: one canonical document, its content hash, and the number printed on paper.

The document (personal cells in the clear; the portal encrypts them as in TableAnswers, whose shape `tables` has):
{"format": 1, "report": number, "questionnaire": hash, "hidden": [address …], "findings": [{…} …],
 "tables": {number: {"cells", "rows", "none", "na", "explanations"}}}, calculated cells among `cells`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from guanshu.survey.definition.answers import Answers, Row
from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind
from guanshu.survey.definition.storage import from_stored, to_stored
from guanshu.survey.values.base import Kind, Value
from guanshu.survey.values.missing import BLANK
from guanshu.survey.workflow.canonical import canonical_json, sha256
from guanshu.survey.workflow.submission import EvaluationLike, FindingLike

FORMAT = 1
Document = dict[str, Any]


@dataclass(frozen=True)
class Snapshot:
    """A frozen report. `content_hash` is what the stamped scan is bound to."""

    document: Document
    content_hash: str

    @cached_property
    def data(self) -> bytes:
        """Return the document as canonical JSON."""
        return canonical_json(self.document)


def make_snapshot(
    q: Questionnaire, answers: Answers, evaluation: EvaluationLike, *, report: str, questionnaire_hash: str
) -> Snapshot:
    """Return the snapshot of a report (number) as it is evaluated.

    Explanations are kept for the findings there are: one that was left behind by a value changed and changed back is
    on no paper.
    """
    document: Document = {
        "format": FORMAT,
        "report": report,
        "questionnaire": questionnaire_hash,
        "tables": {table.number: _table(table, answers, evaluation) for table in q.tables},
        "hidden": sorted(evaluation.hidden),
        "findings": [_finding(finding) for finding in evaluation.findings],
    }
    return Snapshot(document, content_hash(q, document))


def _table(table: Table, answers: Answers, evaluation: EvaluationLike) -> Document:
    values, state = evaluation.values, evaluation.states.get(table.number)
    asked = table.number not in evaluation.hidden
    found = [finding for finding in evaluation.findings if finding.table == table.number]
    data: Document = {
        "cells": _cells(table.form_cells, values, ""),
        "rows": _rows(table, answers, values),
        "none": asked and table.name in answers.none,
        "na": state is not None and state.na,
        "explanations": {finding.key: text for finding in found if (text := finding.explanation.strip())},
    }
    return {key: part for key, part in data.items() if part}


def _cells(cells: Sequence[Cell], values: Mapping[str, Value], prefix: str) -> Document:
    stored = ((cell.name, to_stored(cell.type, values.get(prefix + cell.name, BLANK))) for cell in cells)
    return {name: value for name, value in stored if value is not None}


def _rows(table: Table, answers: Answers, values: Mapping[str, Value]) -> list[Document]:
    if table.kind is not TableKind.ROWS:
        return []
    prefixes = [(row.id, f"{table.name}[{row.id}].") for row in answers.rows.get(table.name, ())]
    # The evaluation has no values of rows that do not count: the table does not apply, or is ticked 不适用.
    counted = [(row, prefix) for row, prefix in prefixes if any(prefix + cell.name in values for cell in table.cells)]
    return [{"id": row, "cells": _cells(table.cells, values, prefix)} for row, prefix in counted]


def _finding(finding: FindingLike) -> Document:
    return {
        "check": finding.check,
        "class": finding.cls.value,
        "table": finding.table,
        "scope": finding.scope,
        "cells": list(finding.cells),
        "message": finding.message,
        "explanation": finding.explanation.strip(),
    }


def content_hash(q: Questionnaire, document: Mapping[str, Any]) -> str:
    """Return the hash of what the museum answers for: values and explanations of this form and report.

    Left out are file cells (what is attached may be exchanged), findings (they are worked out), and the ids of rows
    (a row deleted and typed again is the same row on paper); rows count by their place.
    """
    tables = {table.number: _content(table, document["tables"].get(table.number, {})) for table in q.tables}
    kept = {number: data for number, data in tables.items() if data}
    head = {key: document[key] for key in ("format", "report", "questionnaire")}
    return sha256({**head, "tables": kept})


def _content(table: Table, data: Mapping[str, Any]) -> Document:
    rows = data.get("rows", ())
    places = {row["id"]: f"#{place}" for place, row in enumerate(rows, 1)}
    found: Document = {
        "cells": _hashed(table.form_cells, data.get("cells", {})),
        "rows": [_hashed(table.cells, row["cells"]) for row in rows],
        "none": data.get("none"),
        "na": data.get("na"),
        "explanations": {_placed(key, places): text for key, text in data.get("explanations", {}).items()},
    }
    return {key: part for key, part in found.items() if part}


def _hashed(cells: Sequence[Cell], stored: Mapping[str, Any]) -> Document:
    names = {cell.name for cell in cells if cell.type.kind is not Kind.FILE}
    return {name: value for name, value in stored.items() if name in names}


def _placed(key: str, places: Mapping[str, str]) -> str:
    """Return an explanation's address with the place of a row instead of its id."""
    check, bracket, scope = key.partition("[")
    return f"{check}[{places.get(scope[:-1], scope[:-1])}]" if bracket else key


def read_answers(q: Questionnaire, document: Mapping[str, Any]) -> Answers:
    """Return a snapshot's values, calculated cells included. Raises ValueError for a value of another type."""
    cells: dict[str, Value] = {}
    rows: dict[str, tuple[Row, ...]] = {}
    none, na, explanations = set(), set(), {}
    for table in q.tables:
        data = document["tables"].get(table.number, {})
        cells.update(_read(table.form_cells, data.get("cells", {})))
        if table.kind is TableKind.ROWS:
            rows[table.name] = tuple(Row(row["id"], _read(table.cells, row["cells"])) for row in data.get("rows", ()))
        if data.get("none"):
            none.add(table.name)
        if data.get("na"):
            na.add(table.number)
        explanations.update(data.get("explanations", {}))
    return Answers(cells, rows, frozenset(none), frozenset(na), explanations)


def _read(cells: Sequence[Cell], stored: Mapping[str, Any]) -> dict[str, Value]:
    return {cell.name: from_stored(cell.type, stored[cell.name]) for cell in cells if cell.name in stored}


def next_version(last: int, last_hash: str, new_hash: str) -> int:
    """Return the number of the version to keep: the last one's while its content is the same, else one more."""
    return last if last and last_hash == new_hash else last + 1


_CODE = re.compile(r"([0-9]{4}-[0-9]{9})-V([1-9][0-9]{0,5})")


def report_code(number: str, version: int) -> str:
    """Return 报表编号 as printed: 2022-130600001-V3."""
    return f"{number}-V{version}"


def parse_report_code(text: str) -> tuple[str, int] | None:
    """Return report number and version of a printed 报表编号, None when it is none."""
    match = _CODE.fullmatch(text)
    return (match[1], int(match[2])) if match else None
