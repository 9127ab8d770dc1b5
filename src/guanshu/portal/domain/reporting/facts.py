"""The figures boards and analysis read: written when a report becomes submitted or is imported for a closed year,
gone when it is no longer submitted.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from guanshu.portal.models import IndicatorFact, Report, ReportFact, ReportVersion
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.reports import OpenReport
from guanshu.portal.queries.signs import signs_of
from guanshu.survey.definition.model import Cell, Questionnaire
from guanshu.survey.definition.storage import Stored, to_stored
from guanshu.survey.values.missing import BLANK
from guanshu.survey.values.numbers import NumberType
from guanshu.survey.workflow.snapshot import Document
from guanshu.survey.workflow.states import State

# What the database's integers hold; a calculated figure beyond that is no figure of any museum.
_LARGEST = 2**63 - 1
# Says what is stored for a cell.
_Look = Callable[[Cell], Stored | None]


def write_facts(report: Report, state: State) -> None:
    """Write the facts of the version a report stands on; those of a report that has them only get the new state.

    `report` is from access.reports(); the caller holds the lock on its row.
    """
    if ReportFact.objects.filter(report=report).update(state=state.value):
        return
    snapshot = ReportVersion.objects.values_list("snapshot", flat=True).get(report=report, number=report.version)
    questionnaire = form(report.questionnaire_id).compiled.questionnaire
    free = bool(getattr(report, "free_this_year", False))
    _write(report, state, _size(questionnaire, _stored(snapshot)), figures(questionnaire, snapshot), free=free)
    # What the province's queue says of it: an imported year is in no queue.
    ReportFact.objects.filter(report=report).update(signs=signs_of(report).write())


def write_imported_facts(opened: OpenReport, *, free: bool) -> None:
    """Write the facts of a report imported for a closed year, which has no version, in place of those it had.

    The caller holds the lock on its row.
    """
    report, questionnaire = opened.report, opened.compiled.questionnaire
    values = opened.evaluation.values
    remove_facts(report)

    def stored(cell: Cell) -> Stored | None:
        return to_stored(cell.type, values.get(cell.name, BLANK))

    _write(report, State(report.state), _size(questionnaire, stored), _figures(questionnaire, stored), free=free)


def _write(report: Report, state: State, size: str, found: Iterable[tuple[str, int, int]], *, free: bool) -> None:
    year = report.campaign.year
    ReportFact.objects.create(
        report=report,
        year=year,
        museum=report.museum,
        province_id=report.museum.province_id,
        city=report.museum.city,
        level=report.museum.level,
        size=size,
        free=free,
        state=state.value,
    )
    IndicatorFact.objects.bulk_create(
        [
            IndicatorFact(report=report, year=year, indicator=name, value=value, scale=scale)
            for name, value, scale in found
        ],
        batch_size=500,
    )


def remove_facts(report: Report) -> None:
    """Remove the facts of a report that is no longer submitted."""
    IndicatorFact.objects.filter(report=report).delete()
    ReportFact.objects.filter(report=report).delete()


def figures(questionnaire: Questionnaire, snapshot: Document) -> Iterator[tuple[str, int, int]]:
    """Yield name, scaled value and scale of every number with one value per report; blank and 不适用 are no facts."""
    return _figures(questionnaire, _stored(snapshot))


def _figures(questionnaire: Questionnaire, stored: _Look) -> Iterator[tuple[str, int, int]]:
    for table in questionnaire.tables:
        for cell in table.form_cells:
            if cell.personal or not isinstance(cell.type, NumberType):
                continue
            kept = stored(cell)
            if not isinstance(kept, str):
                continue
            value = int(Decimal(kept).scaleb(cell.type.scale))
            if abs(value) <= _LARGEST:
                yield cell.name, value, cell.type.scale


def _stored(snapshot: Document) -> _Look:
    """Return the function that says what a snapshot holds for a cell."""
    tables = snapshot["tables"]
    return lambda cell: tables.get(cell.table, {}).get("cells", {}).get(cell.name)


def _size(questionnaire: Questionnaire, stored: _Look) -> str:
    """Return the code of 规模, "" where the form has no such cell or it is blank."""
    cell = questionnaire.cells.get(questionnaire.roles.get("size", ""))
    kept = stored(cell) if cell is not None else None
    return kept[:40] if isinstance(kept, str) else ""
