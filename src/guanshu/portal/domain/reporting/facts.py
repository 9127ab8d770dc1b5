"""The figures boards and analysis read: written when a report becomes submitted, gone when it is no longer."""

from collections.abc import Iterator
from decimal import Decimal

from guanshu.portal.models import IndicatorFact, Report, ReportFact, ReportVersion
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.signs import signs_of
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.definition.storage import NA_STORED
from guanshu.survey.values.numbers import NumberType
from guanshu.survey.workflow.snapshot import Document
from guanshu.survey.workflow.states import State

# What the database's integers hold; a calculated figure beyond that is no figure of any museum.
_LARGEST = 2**63 - 1


def write_facts(report: Report, state: State) -> None:
    """Write the facts of the version a report stands on; those of a report that has them only get the new state.

    `report` is from access.reports(); the caller holds the lock on its row.
    """
    if ReportFact.objects.filter(report=report).update(state=state.value):
        return
    snapshot = ReportVersion.objects.values_list("snapshot", flat=True).get(report=report, number=report.version)
    questionnaire = form(report.questionnaire_id).compiled.questionnaire
    year = report.campaign.year
    ReportFact.objects.create(
        report=report,
        year=year,
        museum=report.museum,
        province_id=report.museum.province_id,
        city=report.museum.city,
        level=report.museum.level,
        size=_size(questionnaire, snapshot),
        free=bool(getattr(report, "free_this_year", False)),
        state=state.value,
        signs=signs_of(report).write(),
    )
    IndicatorFact.objects.bulk_create(
        [
            IndicatorFact(report=report, year=year, indicator=name, value=value, scale=scale)
            for name, value, scale in figures(questionnaire, snapshot)
        ],
        batch_size=500,
    )


def remove_facts(report: Report) -> None:
    """Remove the facts of a report that is no longer submitted."""
    IndicatorFact.objects.filter(report=report).delete()
    ReportFact.objects.filter(report=report).delete()


def figures(questionnaire: Questionnaire, snapshot: Document) -> Iterator[tuple[str, int, int]]:
    """Yield name, scaled value and scale of every number with one value per report; blank and 不适用 are no facts."""
    for table in questionnaire.tables:
        stored = snapshot["tables"].get(table.number, {}).get("cells", {})
        for cell in table.form_cells:
            kept = stored.get(cell.name)
            if kept is None or kept == NA_STORED or cell.personal or not isinstance(cell.type, NumberType):
                continue
            value = int(Decimal(kept).scaleb(cell.type.scale))
            if abs(value) <= _LARGEST:
                yield cell.name, value, cell.type.scale


def _size(questionnaire: Questionnaire, snapshot: Document) -> str:
    """Return the code of 规模, "" where the form has no such cell or it is blank."""
    cell = questionnaire.cells.get(questionnaire.roles.get("size", ""))
    if cell is None:
        return ""
    kept = snapshot["tables"].get(cell.table, {}).get("cells", {}).get(cell.name)
    return kept[:40] if isinstance(kept, str) else ""
