"""A whole museum's year, saved the way the pages save it, without the typing."""

import csv
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

from guanshu.portal.domain.saving import Change, save_answers
from guanshu.portal.models import Account, Report
from guanshu.portal.queries.reports import open_report
from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind
from guanshu.survey.values.base import Kind

DATA = Path(__file__).parent / "data"
REASON = "本年新登记的志愿者尚在审核，已参加服务。"


def read(name: str) -> list[dict[str, str]]:
    """Return the lines of a data file."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fill_by_saving(report: Report, filler: Account, now: datetime, skip: Collection[str] = ()) -> None:
    """Save everything a free museum reports, but for the cells of `skip`, and explain what asks for it."""
    form = open_report(report).compiled.questionnaire
    new = _cells(form, skip)
    for table in form.tables:
        if table.kind is TableKind.ROWS:
            new.update(_rows(table))
    _save(report, filler, now, new)
    for finding in open_report(Report.objects.get(pk=report.pk)).evaluation.findings:
        if finding.open:
            _save(report, filler, now, {finding.key: REASON})


def _cells(form: Questionnaire, skip: Collection[str]) -> dict[str, object]:
    """Return the form's typed cells; what the register gives, computes or is a file nobody types."""
    given = {line["cell"]: line["value"] for line in read("free_museum.csv")}
    return {
        name: _value(cell, given[name])
        for name, cell in form.cells.items()
        if name in given and name not in skip and cell.typed and cell.type.kind is not Kind.FILE
        if cell.prefill is None or cell.prefill.source != "register"
    }


def _rows(table: Table) -> dict[str, object]:
    rows: dict[str, dict[str, str]] = defaultdict(dict)
    for line in read("free_museum.rows.csv"):
        if line["table"] == table.name:
            rows[f"k{line['row']}"][line["cell"]] = line["value"]
    if not rows:
        return {f"{table.name}.none": True}
    values = {
        f"{table.name}[{row}].{name}": _value(table.by_name[name], text)
        for row, cells in rows.items()
        for name, text in cells.items()
    }
    return {f"{table.name}.rows": list(rows), **values}


def _value(cell: Cell, text: str) -> object:
    return text.split("|") if cell.type.kind is Kind.MULTI and text else text


def _save(report: Report, filler: Account, now: datetime, new: Mapping[str, object]) -> None:
    """Save values of cells that are blank."""
    result = save_answers(
        report=Report.objects.get(pk=report.pk),
        actor=filler,
        request_id=uuid.uuid4().hex,
        body=repr(sorted(new)).encode(),
        changes={address: Change([] if isinstance(value, list) else "", value) for address, value in new.items()},
        now=now,
    )
    assert not result.problems, dict(result.problems)
    assert not result.conflicts, dict(result.conflicts)
