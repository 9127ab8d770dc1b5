"""What an export will hold, before it is made: museums in it, museums left out and why, totals of key figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Sum

from guanshu.portal.models import IndicatorFact, Report
from guanshu.portal.queries.exports import Scope, is_submitted
from guanshu.portal.queries.forms import compiled
from guanshu.survey.values.numbers import NumberType
from guanshu.survey.workflow.states import State, status

# Figures worth a look before a workbook goes out; what the form does not have is left out.
KEY_ROLES = (
    "visits",
    "free_visits",
    "open_days",
    "free_days",
    "building_area",
    "permanent_hall_area",
    "exhibits_asset",
    "income",
    "subsidy_allocated",
    "subsidy_received",
    "subsidy_spent",
    "edu_people",
)


@dataclass(frozen=True, slots=True)
class Included:
    """One museum of the scope, with why it is left out or "" when it is in."""

    name: str
    number: str
    status: str
    version: int
    reason: str


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of one key figure, and of how many museums."""

    label: str
    text: str
    unit: str
    museums: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What the workbook will hold."""

    included: Sequence[Included]
    left_out: Sequence[Included]
    totals: Sequence[Total]


def preview(scope: Scope) -> Preview:
    """Return what the export of a scope will hold. Two statements, whatever the number of museums."""
    found = [_included(report) for report in scope.reports()]
    return Preview(
        included=[each for each in found if not each.reason],
        left_out=[each for each in found if each.reason],
        totals=_totals(scope),
    )


def _included(report: Report) -> Included:
    state = State(report.state)
    told = status(state, returned=report.returned_at is not None)
    return Included(report.museum.name, report.number, told, report.version, _reason(report, state))


def _reason(report: Report, state: State) -> str:
    if is_submitted(report):
        return ""
    if state is State.EXEMPT:
        return "免报"
    return f"未完成：{report.overdue_reason}" if report.overdue_reason else "尚未提交"


def _totals(scope: Scope) -> list[Total]:
    questionnaire = compiled(scope.campaign.questionnaire_id).questionnaire
    names = [questionnaire.roles[role] for role in KEY_ROLES if role in questionnaire.roles]
    cells = [questionnaire.cells[name] for name in names if name in questionnaire.cells]
    facts = IndicatorFact.objects.filter(report__in=scope.reports().order_by().values("pk"))
    summed = facts.filter(indicator__in=[cell.name for cell in cells]).values("indicator")
    by_name = {row["indicator"]: row for row in summed.annotate(sum=Sum("value"), scale=Max("scale"), n=Count("pk"))}
    return [
        Total(cell.label, cell.type.to_display(Decimal(row["sum"]).scaleb(-row["scale"])), cell.unit, row["n"])
        for cell in cells
        if isinstance(cell.type, NumberType) and (row := by_name.get(cell.name)) is not None
    ]
