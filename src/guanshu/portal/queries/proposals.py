"""What the system knows that a province's lists can be proposed from: free museums, their subsidies, their goals."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, F, OuterRef

from guanshu.portal.models import Filing, FreeStatus, IndicatorFact, Museum, Report, ReportVersion
from guanshu.portal.queries.forms import form
from guanshu.survey.definition.model import ListRoles, Questionnaire
from guanshu.survey.workflow.states import State

_SUBMITTED = (State.SUBMITTED.value, State.APPROVED.value)


@dataclass(frozen=True, slots=True)
class KnownMuseum:
    """A free museum of the province and what it has submitted of its subsidy, by role; empty before it has."""

    museum: Museum
    submitted: bool
    free_last_year: bool
    money: dict[str, Decimal]


def free_museums(filing: Filing) -> list[KnownMuseum]:
    """Return the province's free museums of the filing's year, in the order of the register."""
    year = filing.campaign.year
    before = FreeStatus.objects.filter(museum=OuterRef("pk"), year=year - 1)
    submitted = Report.objects.filter(museum=OuterRef("pk"), campaign=filing.campaign_id, state__in=_SUBMITTED)
    museums = Museum.objects.filter(province=filing.province_id, free_years__year=year)
    found = museums.annotate(free_last_year=Exists(before), submitted=Exists(submitted)).order_by("code")
    # Facts are there while a report is submitted, and no longer.
    money = _money(filing)
    return [KnownMuseum(museum, museum.submitted, museum.free_last_year, money.get(museum.pk, {})) for museum in found]


def _money(filing: Filing) -> dict[int, dict[str, Decimal]]:
    """Return the subsidies that submitted reports hold, by museum and role."""
    roles = form(filing.campaign.questionnaire_id).compiled.questionnaire.roles
    cells = {roles[role]: role for role in ("subsidy_allocated", "subsidy_received") if role in roles}
    facts = IndicatorFact.objects.filter(
        report__campaign=filing.campaign_id, report__museum__province=filing.province_id, indicator__in=cells
    )
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for museum, indicator, value, scale in facts.values_list("report__museum", "indicator", "value", "scale"):
        found[museum][cells[indicator]] = Decimal(value).scaleb(-scale)
    return found


def reported_goals(filing: Filing) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield museum's name and one goal (texts by role) for every goal in the reports its museums have submitted."""
    questionnaire = form(filing.campaign.questionnaire_id).compiled.questionnaire
    roles = questionnaire.lists.get("goals")
    if roles is None:
        return
    versions = ReportVersion.objects.filter(
        report__campaign=filing.campaign_id,
        report__museum__province=filing.province_id,
        report__state__in=_SUBMITTED,
        number=F("report__version"),
    ).order_by("report__museum__code")
    for museum, snapshot in versions.values_list("report__museum__name", "snapshot"):
        for goal in _goals(questionnaire, roles, snapshot):
            yield museum, goal


def _goals(questionnaire: Questionnaire, roles: ListRoles, snapshot: dict[str, object]) -> Iterator[dict[str, str]]:
    tables = snapshot["tables"]
    assert isinstance(tables, dict)  # noqa: S101 (the shape of a snapshot)
    rows = tables.get(questionnaire.by_name[roles.table].number, {}).get("rows", ())
    for row in rows:
        texts = {role: row["cells"].get(column) for role, column in roles.columns.items()}
        yield {role: text for role, text in texts.items() if isinstance(text, str)}
