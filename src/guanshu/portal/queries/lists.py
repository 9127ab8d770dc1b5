"""Plain rows for the lists of museums, accounts and provinces. Every list asks a fixed number of questions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTransform

from guanshu.portal.models import (
    Account,
    Campaign,
    FreeStatus,
    Province,
    Report,
    Role,
)
from guanshu.survey.workflow.states import State, review_label

_IN_HOUSE = (State.FILLING, State.IN_REVIEW, State.RETURNED_IN_HOUSE, State.AWAITING_STAMP)
_DONE = (State.SUBMITTED, State.APPROVED)


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What a list is narrowed to; empty means everything."""

    province: str = ""
    city: str = ""
    state: State | None = None
    free: bool = False
    text: str = ""

    @property
    def active(self) -> bool:
        """Return whether anything is left out."""
        return self != ListFilter()


@dataclass(frozen=True, slots=True)
class StateCounts:
    """How many reports are in which state; 免报 museums are in `total` but not in `due`."""

    by_state: Mapping[State, int] = field(default_factory=dict)

    def _sum(self, states: Iterable[State]) -> int:
        return sum(self.by_state.get(state, 0) for state in states)

    @property
    def total(self) -> int:
        """Return all reports."""
        return self._sum(State)

    @property
    def exempt(self) -> int:
        """Return 免报."""
        return self._sum((State.EXEMPT,))

    @property
    def due(self) -> int:
        """Return 应填报: all but 免报."""
        return self.total - self.exempt

    @property
    def not_started(self) -> int:
        """Return 未填报."""
        return self._sum((State.NOT_STARTED,))

    @property
    def working(self) -> int:
        """Return those at work in the museum, from the first value to the stamped scan."""
        return self._sum(_IN_HOUSE)

    @property
    def returned(self) -> int:
        """Return 省级退回."""
        return self._sum((State.RETURNED_BY_PROVINCE,))

    @property
    def done(self) -> int:
        """Return 已完成: submitted to the province, approved or not."""
        return self._sum(_DONE)

    @property
    def approved(self) -> int:
        """Return those that passed the province's review."""
        return self._sum((State.APPROVED,))

    @property
    def percent(self) -> str:
        """Return the completed share of 应填报 as text; nothing due has no share."""
        return f"{100 * self.done / self.due:.1f} %" if self.due else "–"


@dataclass(frozen=True, slots=True)
class MuseumRow:
    """One museum's report as lists show it; `review` is 省级审核状态."""

    code: str
    name: str
    province: str
    city: str
    level: str
    free: bool
    number: str
    state: State
    tables: int
    complete: int
    findings: Mapping[str, int]
    saved_at: datetime | None
    review: str = "–"


@dataclass(frozen=True, slots=True)
class ProvinceRow:
    """One unit of 附件3 with the state of its museums."""

    order: int
    code: str
    name: str
    counts: StateCounts
    administrator: str
    first_login_at: datetime | None


def reports_in(campaign: Campaign, wanted: ListFilter, province: Province | None = None) -> QuerySet[Report]:
    """Return the reports of a campaign (of one province) that a filter lets through, in the order of the register."""
    free = FreeStatus.objects.filter(museum=OuterRef("museum"), year=campaign.year)
    found = Report.objects.filter(campaign=campaign).annotate(free=Exists(free)).select_related("museum__province")
    if province is not None:
        found = found.filter(museum__province=province)
    elif wanted.province:
        found = found.filter(museum__province__code=wanted.province)
    if wanted.city:
        found = found.filter(museum__city=wanted.city)
    if wanted.state:
        found = found.filter(state=wanted.state.value)
    if wanted.free:
        found = found.filter(free=True)
    if wanted.text:
        text = wanted.text
        found = found.filter(
            Q(museum__name__icontains=text) | Q(museum__code__icontains=text) | Q(museum__city__icontains=text)
        )
    return found.order_by("museum__province__order", "museum__code")


def province_reports(found: QuerySet[Report], province: Province) -> list[Report]:
    """Return the reports of `reports_in` for one province with no more of each than its lists show.

    The summary's counts per table are most of what a report's row holds and no list of a province shows them; the
    province is the same for all. A list of 300 takes half the time of the plain query.
    """
    parts = {f"brief_{name}": KeyTransform(name, "summary") for name in ("tables", "complete", "findings")}
    rows = list(found.select_related(None).select_related("museum").defer("summary", "head").annotate(**parts))
    for report in rows:
        report.museum.province = province
        told = {name: getattr(report, f"brief_{name}") for name in ("tables", "complete", "findings")}
        report.summary = {name: value for name, value in told.items() if value is not None}
    return rows


def museum_row(report: Report) -> MuseumRow:
    """Return a report of `reports_in` as a row."""
    museum, summary = report.museum, report.summary
    return MuseumRow(
        code=museum.code,
        name=museum.name,
        province=museum.province.short_name,
        city=museum.city,
        level=museum.get_level_display(),
        free=bool(getattr(report, "free", False)),
        number=report.number,
        state=State(report.state),
        tables=summary.get("tables", 0),
        complete=summary.get("complete", 0),
        findings=summary.get("findings", {}),
        saved_at=report.saved_at,
        review=review_label(State(report.state), returned=report.returned_at is not None),
    )


def city_counts(campaign: Campaign, province: Province) -> dict[str, int]:
    """Return how many reports of a campaign each city of a province has, in the order of the register."""
    found = Report.objects.filter(campaign=campaign, museum__province=province).exclude(museum__city="")
    counts: dict[str, int] = defaultdict(int)
    for city in found.order_by("museum__code").values_list("museum__city", flat=True):
        counts[city] += 1
    return dict(counts)


def province_rows(campaign: Campaign) -> list[ProvinceRow]:
    """Return the 32 units in the order of 附件3 with the state of their museums."""
    by_province: dict[int, dict[State, int]] = defaultdict(dict)
    counted = Report.objects.filter(campaign=campaign).order_by().values_list("museum__province", "state")
    for province, state, number in counted.annotate(Count("pk")):
        by_province[province][State(state)] = number
    administrators = {
        account.province_id: account for account in Account.objects.filter(role=Role.PROVINCE, is_active=True)
    }
    rows = []
    for unit in Province.objects.all():
        administrator = administrators.get(unit.pk)
        username, seen = (administrator.username, administrator.first_login_at) if administrator else ("", None)
        rows.append(
            ProvinceRow(unit.order, unit.code, unit.name, StateCounts(by_province.get(unit.pk, {})), username, seen)
        )
    return rows


def total_counts(rows: Iterable[ProvinceRow]) -> StateCounts:
    """Return the whole country's counts from its provinces' rows."""
    sums: dict[State, int] = defaultdict(int)
    for row in rows:
        for state, number in row.counts.by_state.items():
            sums[state] += number
    return StateCounts(sums)
