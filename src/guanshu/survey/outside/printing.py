"""A frozen report as paper: what the printer wants to know, taken from the snapshot alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guanshu.survey.checks.findings import CheckClass, Finding, TableState
from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.documents.report_pdf import Attachment, Cover, PageCodes, make_report_pdf, people
from guanshu.survey.values.base import Value
from guanshu.survey.workflow.snapshot import read_answers

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Frozen:
    """An evaluation as it was frozen; nothing is computed anew."""

    values: Mapping[str, Value]
    hidden: frozenset[str]
    states: Mapping[str, TableState]
    findings: Sequence[Finding]


def print_report(form: Questionnaire, given: Mapping[str, Any]) -> bytes:
    """Return the PDF of a snapshot: {"document", "content_hash", "name", "year", "code", "made_at", "attachments",
    "key_id", "key", "site"}; the same input gives the same bytes. `site`: the public address, may be left out.
    """
    document = given["document"]
    answers = read_answers(form, document)
    evaluation = _Frozen(_by_address(answers), frozenset(document["hidden"]), _states(form, document), _found(document))
    names = people(form, evaluation.values)
    cover = Cover(
        name=given["name"],
        year=int(given["year"]),
        report_code=given["code"],
        made_at=datetime.fromisoformat(given["made_at"]),
        attachments=[Attachment(**each) for each in given["attachments"]],
        leader=names["leader"],
        reviewer=names["reviewer"],
        filler=names["filler"],
        phone=names["phone"],
    )
    key, site = given["key"].encode(), given.get("site", "")
    codes = PageCodes(given["code"], given["content_hash"], key, given["key_id"], site)
    return make_report_pdf(form, answers, evaluation, cover, codes)


def _by_address(answers: Answers) -> dict[str, Value]:
    values = dict(answers.cells)
    for table, rows in answers.rows.items():
        values.update({f"{table}[{row.id}].{name}": value for row in rows for name, value in row.cells.items()})
    return values


def _states(form: Questionnaire, document: Document) -> dict[str, TableState]:
    return {
        table.number: TableState(
            number=table.number,
            applies=table.number not in document["hidden"],
            na=bool(document["tables"].get(table.number, {}).get("na")),
            required=0,
            missing=(),
        )
        for table in form.tables
    }


def _found(document: Document) -> list[Finding]:
    return [
        Finding(
            check=each["check"],
            cls=CheckClass(each["class"]),
            table=each["table"],
            scope=each["scope"],
            cells=tuple(each["cells"]),
            message=each["message"],
            explanation=each["explanation"],
        )
        for each in document["findings"]
    ]
