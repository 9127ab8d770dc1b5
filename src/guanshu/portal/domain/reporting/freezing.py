"""馆内审核通过 freezes the report: an immutable version, new only when its content differs from the last one's."""

import copy
from dataclasses import replace
from datetime import datetime
from typing import Any

from guanshu.portal import crypto
from guanshu.portal.models import QuestionnaireVersion, Report, ReportVersion
from guanshu.portal.queries.forms import Form, form
from guanshu.portal.queries.reports import OpenReport, opened_with
from guanshu.portal.queries.standing import current_purposes
from guanshu.portal.queries.stored import read_stored
from guanshu.survey.checks.findings import Evaluation
from guanshu.survey.definition.address import FormCell, RowCell, cell_at
from guanshu.survey.definition.storage import NA_STORED
from guanshu.survey.values.base import Kind, Value
from guanshu.survey.workflow.snapshot import Document, Snapshot, make_snapshot, next_version


def open_locked(report: Report) -> OpenReport:
    """Return the report opened as it is under the lock the caller holds, worked out from nothing but its answers.

    A save may go on from the evaluation before it; what is submitted and frozen does not rest on any memory of that.
    """
    found = form(report.questionnaire_id)
    opened = opened_with(report, found, read_stored(report, found, locked=True))
    return replace(opened, evaluation=found.compiled.evaluate(opened.answers, opened.context))


def freeze(report: Report, *, by: str, now: datetime) -> int:
    """Keep the report as it is and return the number of its version; the caller holds the lock on its row."""
    opened = open_locked(report)
    snapshot = _snapshot(opened)
    last = ReportVersion.objects.filter(report=report).order_by("-number").only("number", "content_hash").first()
    before, known = (last.number, last.content_hash) if last else (0, "")
    number = next_version(before, known, snapshot.content_hash)
    if number != before:
        ReportVersion.objects.create(
            report=report,
            number=number,
            content_hash=snapshot.content_hash,
            snapshot=sealed(snapshot.document, opened.form, report.number),
            made_at=now,
            made_by=by,
        )
    return number


def _snapshot(opened: OpenReport) -> Snapshot:
    sha256 = QuestionnaireVersion.objects.values_list("sha256", flat=True).get(pk=opened.form.version_id)
    return make_snapshot(
        opened.compiled.questionnaire,
        opened.answers,
        _printable(opened),
        report=opened.report.number,
        questionnaire_hash=sha256,
    )


def _printable(opened: OpenReport) -> Evaluation:
    """Return the evaluation with the names of the files in their cells, and no personal value in a finding's words."""
    cells = opened.compiled.questionnaire.cells
    files: dict[str, Value] = {
        name: official
        for name, official in current_purposes(opened.report).items()
        if name in cells and cells[name].type.kind is Kind.FILE and name not in opened.evaluation.hidden
    }
    findings = tuple(
        replace(finding, message=opened.compiled.check_by_id[finding.check].sentence())
        if any(_personal(opened.form, address) for address in finding.cells)
        else finding
        for finding in opened.evaluation.findings
    )
    return replace(opened.evaluation, values={**opened.evaluation.values, **files}, findings=findings)


def _personal(form: Form, text: str) -> bool:
    address = form.address(text)
    cell = cell_at(form.compiled.questionnaire, address) if isinstance(address, FormCell | RowCell) else None
    return cell is not None and cell.personal


def sealed(document: Document, form: Form, report: str) -> Document:
    """Return a snapshot's document with its personal cells encrypted, as TableAnswers has them."""
    kept = copy.deepcopy(document)
    for number, names in form.personal.items():
        data = kept["tables"].get(number, {})
        name = form.compiled.questionnaire.by_number[number].name
        _seal(data.get("cells", {}), names, report, "{}")
        for row in data.get("rows", ()):
            _seal(row["cells"], names, report, f"{name}[{row['id']}].{{}}")
    return kept


def _seal(cells: dict[str, Any], names: frozenset[str], report: str, address: str) -> None:
    for name in names & cells.keys():
        if cells[name] != NA_STORED:
            cells[name] = crypto.encrypt(cells[name], report=report, address=address.format(name))
