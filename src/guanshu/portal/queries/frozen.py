"""A report as one of its versions has it: what was frozen, decrypted and decoded; nothing is computed anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F

from guanshu.portal.models import Report, ReportVersion
from guanshu.portal.queries.forms import Form, form
from guanshu.portal.queries.stored import decrypt_table
from guanshu.survey.checks.findings import CheckClass, Finding
from guanshu.survey.definition.answers import Answers
from guanshu.survey.values.base import Value
from guanshu.survey.workflow.snapshot import Document, read_answers


@dataclass(frozen=True, slots=True)
class FrozenReport:
    """One version: answers with calculated cells among them, the same by address, and the findings of that moment."""

    report: Report
    version: int
    answers: Answers
    values: Mapping[str, Value]
    findings: tuple[Finding, ...]


def current_versions(found: Sequence[Report]) -> dict[int, ReportVersion]:
    """Return the version each report stands on, by the report's key; reports that were never frozen are left out."""
    versions = ReportVersion.objects.filter(report__in=found, number=F("report__version"))
    return {version.report_id: version for version in versions}


def frozen(report: Report, version: ReportVersion) -> FrozenReport:
    """Return what a version of the report holds. Raises crypto.Undecipherable when a personal cell was altered."""
    found = form(report.questionnaire_id)
    document = plain_document(version.snapshot, report.number, found)
    answers = read_answers(found.compiled.questionnaire, document)
    return FrozenReport(report, version.number, answers, _by_address(answers), _findings(document))


def plain_document(snapshot: Document, number: str, found: Form) -> Document:
    """Return the snapshot of the report `number` with its personal cells in the clear. Raises crypto.Undecipherable."""
    tables = {table: decrypt_table(data, table, number, found) for table, data in snapshot["tables"].items()}
    return {**snapshot, "tables": tables}


def _by_address(answers: Answers) -> dict[str, Value]:
    values = dict(answers.cells)
    for table, rows in answers.rows.items():
        values.update({f"{table}[{row.id}].{name}": value for row in rows for name, value in row.cells.items()})
    return values


def _findings(document: Document) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            check=each["check"],
            cls=CheckClass(each["class"]),
            table=each["table"],
            scope=each["scope"],
            cells=tuple(each["cells"]),
            message=each["message"],
            explanation=each["explanation"],
        )
        for each in document.get("findings", ())
    )
