"""What differs: this year from last year, one version of a report from another or from what it is now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guanshu.portal.access import reports
from guanshu.portal.models import CellComment, ReportVersion
from guanshu.portal.queries.forms import Form, form
from guanshu.portal.queries.frozen import FrozenReport, frozen
from guanshu.portal.queries.reports import OpenReport, open_report
from guanshu.portal.queries.shown import display, name_of
from guanshu.survey.checks.findings import Finding
from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Cell, Table, TableKind
from guanshu.survey.values.base import Kind, Value
from guanshu.survey.values.missing import BLANK

_TENTH = Decimal("0.1")
_TICKED = "是"


def _explanations(findings: Sequence[Finding]) -> dict[str, list[str]]:
    """Return what was explained, by the addresses each explanation is about."""
    found: dict[str, list[str]] = {}
    for finding in findings:
        if finding.explanation.strip():
            for address in finding.cells:
                found.setdefault(address, []).append(finding.explanation.strip())
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """One address that differs, in one row: old and new as displayed, what the museum explains, what was said of it."""

    address: str
    table: str
    label: str
    unit: str
    old: str
    new: str
    explanations: tuple[str, ...]
    comments: tuple[CellComment, ...]

    @property
    def replies(self) -> tuple[str, ...]:
        """Return the museum's answers to the comments."""
        return tuple(comment.reply for comment in self.comments if comment.reply)


def changes_between(old: ReportVersion, new: ReportVersion | OpenReport | None = None) -> Mapping[str, Difference]:
    """Return what differs between two versions, or between a version and the report as it is now (None), by address.

    In the order of the form; files are left out, of people it is only said that something changed. Raises
    crypto.Undecipherable when a personal cell was altered in the database.
    """
    report = new.report if isinstance(new, OpenReport) else reports().get(pk=old.report_id)
    found = form(report.questionnaire_id)
    before = frozen(report, old)
    after = open_report(report) if new is None else frozen(report, new) if isinstance(new, ReportVersion) else new
    explained = _explanations(_findings(after))
    said: dict[str, list[CellComment]] = {}
    for comment in CellComment.objects.filter(report=report, round__isnull=False).order_by("pk"):
        said.setdefault(comment.address, []).append(comment)
    older, newer = _texts(found, before), _texts(found, after)
    differences = {}
    for address in dict.fromkeys([*newer, *older]):
        was, now = older.get(address), newer.get(address)
        if was == now:
            continue
        name = name_of(found, found.address(address), after.answers if now else before.answers)
        differences[address] = Difference(
            address=address,
            table=name.table,
            label=name.label,
            unit=name.unit,
            old=was.shown if was else "",
            new=now.shown if now else "",
            explanations=tuple(explained.get(address, ())),
            comments=tuple(said.get(address, ())),
        )
    return _in_order(found, differences)


@dataclass(frozen=True, slots=True)
class _Text:
    """What is compared of an address, and what is shown of it."""

    compared: object
    shown: str


def _texts(form: Form, told: FrozenReport | OpenReport) -> dict[str, _Text]:
    """Return everything that is there, by address."""
    answers, values = told.answers, told.evaluation.values if isinstance(told, OpenReport) else told.values
    found: dict[str, _Text] = {}
    for table in form.compiled.questionnaire.tables:
        found.update(_ticks(table, answers))
        found.update(_cells(table.form_cells, "", values))
        if table.kind is TableKind.ROWS:
            rows = answers.rows.get(table.name, ())
            if rows:
                found[f"{table.name}.rows"] = _Text(tuple(row.id for row in rows), f"{len(rows)} 行")
            for row in rows:
                found.update(_cells(table.cells, f"{table.name}[{row.id}].", values))
    # Explanations of findings there are; what was left behind by a value changed back is on no paper.
    found.update(
        (finding.key, _Text(finding.explanation.strip(), finding.explanation.strip()))
        for finding in _findings(told)
        if finding.explanation.strip()
    )
    return found


def _ticks(table: Table, answers: Answers) -> Iterator[tuple[str, _Text]]:
    if table.number in answers.na:
        yield f"{table.number}.na", _Text(True, _TICKED)
    if table.name in answers.none:
        yield f"{table.name}.none", _Text(True, _TICKED)


def _cells(cells: Sequence[Cell], prefix: str, values: Mapping[str, Value]) -> Iterator[tuple[str, _Text]]:
    for cell in cells:
        value = values.get(prefix + cell.name, BLANK)
        if value is not BLANK and cell.type.kind is not Kind.FILE:
            yield prefix + cell.name, _Text(value, display(cell, value))


def _findings(told: FrozenReport | OpenReport) -> Sequence[Finding]:
    return told.evaluation.findings if isinstance(told, OpenReport) else told.findings


def _in_order(form: Form, differences: Mapping[str, Difference]) -> dict[str, Difference]:
    """Return the differences table by table; within one as they came."""
    order = {table.number: place for place, table in enumerate(form.compiled.questionnaire.tables)}
    return dict(sorted(differences.items(), key=lambda item: order[item[1].table]))
