"""A whole museum's year, saved the way the pages save it, without the typing."""

import csv
import uuid
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from guanshu.portal.domain.saving import Change, save_answers
from guanshu.portal.models import Account, Report
from guanshu.portal.queries.reports import open_report
from guanshu.survey.definition.model import TableKind
from guanshu.survey.values.base import Kind

DATA = Path(__file__).parent / "data"
REASON = "本年新登记的志愿者尚在审核，已参加服务。"


def read(name: str) -> list[dict[str, str]]:
    """Return the lines of a data file."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fill_by_saving(report: Report, filler: Account, now: datetime, skip: Collection[str] = ()) -> None:
    """Save everything a free museum reports, but for the cells of `skip`; the register's cells are not typed."""
    opened = open_report(report)
    form = opened.compiled.questionnaire
    new: dict[str, object] = {}
    rows: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for line in read("free_museum.rows.csv"):
        rows[line["table"]][line["row"]][line["cell"]] = line["value"]
    cells = {line["cell"]: line["value"] for line in read("free_museum.csv")}
    for name, text in cells.items():
        cell = form.cells.get(name)
        if cell is None or not cell.typed or cell.type.kind is Kind.FILE or name in skip:
            continue
        if cell.prefill is not None and cell.prefill.source == "register":
            continue
        new[name] = text.split("|") if cell.type.kind is Kind.MULTI and text else text
    for table in form.tables:
        if table.kind is not TableKind.ROWS:
            continue
        given = rows.get(table.name)
        if given is None:
            new[f"{table.name}.none"] = True
            continue
        ids = {row: f"k{index}" for index, row in enumerate(given)}
        new[f"{table.name}.rows"] = list(ids.values())
        for row, values in given.items():
            for name, text in values.items():
                column = table.by_name[name]
                value: object = text.split("|") if column.type.kind is Kind.MULTI and text else text
                new[f"{table.name}[{ids[row]}].{name}"] = value
    save(report, filler, now, new)
    for finding in open_report(Report.objects.get(pk=report.pk)).evaluation.findings:
        if finding.open:
            save(report, filler, now, {finding.key: REASON})


def save(report: Report, filler: Account, now: datetime, new: dict[str, object]) -> None:
    """Save values that were blank before."""
    report = Report.objects.get(pk=report.pk)
    blank = {address: [] if isinstance(value, list) else "" for address, value in new.items()}
    result = save_answers(
        report=report,
        actor=filler,
        request_id=uuid.uuid4().hex,
        body=repr(sorted(new)).encode(),
        changes={address: Change(blank[address], value) for address, value in new.items()},
        now=now,
    )
    assert not result.problems, dict(result.problems)
    assert not result.conflicts, dict(result.conflicts)
