"""填报状态: every museum's two states with how long and until when, and numbers that add up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Subquery

from guanshu.portal.models import Campaign, Exemption, Extension, Province, Report
from guanshu.portal.queries.lists import ListFilter, MuseumRow, StateCounts, museum_row, province_reports, reports_in
from guanshu.portal.queries.review import waits
from guanshu.survey.workflow.ageing import holder
from guanshu.survey.workflow.calendar import Holidays, is_overdue
from guanshu.survey.workflow.reminders import AWAITED
from guanshu.survey.workflow.states import State

_DONE = (State.SUBMITTED, State.APPROVED)


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One museum. `due` is its own deadline (an extension, or the window after a return), `overdue` 逾期未报.

    `late_days`: by how many working days it was submitted again after its window (逾期重报).
    """

    museum: MuseumRow
    since: datetime | None
    waits: int | None
    due: date | None
    extended: bool
    late: bool
    overdue: bool
    recorded: str
    exemption: str
    late_days: int
    holder: str = ""

    @property
    def awaited(self) -> bool:
        """Return whether the museum has still to hand in its report, and may be reminded."""
        return self.museum.state in AWAITED


@dataclass(frozen=True, slots=True)
class Tally:
    """The numbers over the list. The states add up to 应填报; 逾期未报 is counted among those not yet submitted."""

    counts: StateCounts
    overdue: int
    overdue_recorded: int
    unfinished: int
    late_again: int

    def of(self, state: State) -> int:
        """Return how many are in a state."""
        return self.counts.by_state.get(state, 0)

    @property
    def parts(self) -> Sequence[tuple[State, int, str]]:
        """Return the states between 应填报 and 已完成 with their numbers and the stylesheet's word."""
        tones = {State.NOT_STARTED: "warn", State.RETURNED_BY_PROVINCE: "warn"}
        return [
            (state, self.of(state), tones.get(state, "") if self.of(state) else "")
            for state in State
            if state not in {*_DONE, State.EXEMPT}
        ]

    @property
    def waiting(self) -> int:
        """Return 已完成·待审核."""
        return self.of(State.SUBMITTED)


def status_rows(campaign: Campaign, province: Province, wanted: ListFilter, today: date) -> list[StatusRow]:
    """Return the museums a filter lets through, in the order of the register; one statement."""
    holidays = Holidays.read(campaign.holidays)
    return [_row(report, holidays, campaign, today) for report in _with_dates(campaign, wanted, province)]


def _with_dates(campaign: Campaign, wanted: ListFilter, province: Province) -> Iterable[Report]:
    declared = Exemption.objects.filter(report=OuterRef("pk"), ended_at=None).order_by("-pk")
    extended = Extension.objects.filter(report=OuterRef("pk")).order_by("-until")
    found = reports_in(campaign, wanted, province).annotate(
        extended_until=Subquery(extended.values("until")[:1]), exempt_as=Subquery(declared.values("category")[:1])
    )
    return province_reports(found, province)


def _row(report: Report, holidays: Holidays, campaign: Campaign, today: date) -> StatusRow:
    state, deadline = State(report.state), own_deadline(report, campaign)
    first = report.first_submitted_at is not None
    returned = report.returned_at is not None
    settled = state in _DONE or state is State.EXEMPT
    due = None if settled else (report.window_until if returned else deadline)
    return StatusRow(
        museum=museum_row(report),
        since=report.state_since,
        waits=waits(report, holidays, today),
        due=due,
        extended=not returned and deadline > campaign.museum_due,
        late=due is not None and today > due,
        overdue=is_overdue(state, first_submitted=first, deadline=deadline, today=today),
        recorded=report.overdue_reason if not settled else "",
        exemption=getattr(report, "exempt_as", None) or "",
        late_days=report.late_days,
        holder=holder(state),
    )


def own_deadline(report: Report, campaign: Campaign) -> date:
    """Return the museum's last day for its first submission; the report bears `extended_until`."""
    until: date | None = getattr(report, "extended_until", None)
    return max(campaign.museum_due, until) if until else campaign.museum_due


def tally(rows: Iterable[StatusRow]) -> Tally:
    """Return the numbers of a whole province from its unfiltered rows."""
    rows = list(rows)
    by_state: dict[State, int] = {}
    for row in rows:
        by_state[row.museum.state] = by_state.get(row.museum.state, 0) + 1
    late = [row for row in rows if row.overdue]
    return Tally(
        counts=StateCounts(by_state),
        overdue=len(late),
        overdue_recorded=sum(bool(row.recorded) for row in late),
        unfinished=sum(bool(row.recorded) and not row.overdue for row in rows),
        late_again=sum(bool(row.late_days) for row in rows),
    )
