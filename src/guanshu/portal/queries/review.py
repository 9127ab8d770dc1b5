"""The province's queue, and what lies beside a report under review: comments, waivers, files, versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from guanshu.portal.models import (
    Campaign,
    CellComment,
    Province,
    Report,
    ReportVersion,
    ReturnNote,
    Role,
    StoredFile,
    Waiver,
)
from guanshu.portal.queries.files import file_cells
from guanshu.portal.queries.lists import ListFilter, MuseumRow, museum_row, reports_in
from guanshu.portal.queries.reports import OpenReport
from guanshu.survey.workflow.calendar import Holidays, day_of, working_days_between
from guanshu.survey.workflow.states import State

WAITING, RETURNED, APPROVED = "waiting", "returned", "approved"
_IN_THE_MUSEUM = (State.IN_REVIEW, State.RETURNED_IN_HOUSE, State.AWAITING_STAMP)
# The longest wait that is nobody's concern, in working days.
_SOON = 3


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One report of the queue. `waits` are working days since it came into its state; `until` its window.

    `late_days`: by how many working days it was submitted again after its window (逾期重报).
    """

    museum: MuseumRow
    group: str
    since: datetime | None
    waits: int | None
    started: bool
    again: bool
    drafts: int
    unsettled: int
    until: date | None
    late: bool
    late_days: int

    @property
    def tone(self) -> str:
        """Return the stylesheet's word for a long wait."""
        return "soon" if self.group == WAITING and (self.waits or 0) > _SOON else ""


@dataclass(frozen=True, slots=True)
class Queue:
    """The rows a filter lets through, and how many there are in each group before it."""

    rows: tuple[QueueRow, ...]
    counts: Mapping[str, int]


def queue(campaign: Campaign, province: Province, wanted: ListFilter, group: str, today: date) -> Queue:
    """Return what waits for the province by date of submission, then what it returned, then what it approved."""
    drafted = Count("comments", filter=Q(comments__round=None, comments__by_role=Role.PROVINCE.value))
    open_ones = Q(comments__round__isnull=False, comments__replied_at=None, comments__changed_at=None)
    found = reports_in(campaign, wanted, province).annotate(
        drafts=drafted, unsettled=Count("comments", filter=open_ones)
    )
    holidays = Holidays.read(campaign.holidays)
    rows = [queue_row(report, holidays, today) for report in found]
    groups = {name: sum(row.group == name for row in rows) for name in (WAITING, RETURNED, APPROVED)}
    shown = [row for row in rows if row.group and group in {"", row.group}]
    order = list(groups)
    shown.sort(key=lambda row: (order.index(row.group), row.since.timestamp() if row.since else 0.0, row.museum.code))
    return Queue(tuple(shown), groups)


def queue_row(report: Report, holidays: Holidays, today: date) -> QueueRow:
    """Return a report of `reports_in` as a row; its group is "" while the province has nothing to do with it."""
    state, returned = State(report.state), report.returned_at is not None
    until = report.window_until if returned and state not in {State.SUBMITTED, State.APPROVED} else None
    return QueueRow(
        museum=museum_row(report),
        group=_group(state, returned=returned),
        since=report.state_since,
        waits=waits(report, holidays, today),
        started=report.review_started_at is not None,
        again=returned and state is State.SUBMITTED,
        drafts=getattr(report, "drafts", 0),
        unsettled=getattr(report, "unsettled", 0),
        until=until,
        late=until is not None and today > until,
        late_days=report.late_days,
    )


def waits(report: Report, holidays: Holidays, today: date) -> int | None:
    """Return how many working days a report has been in its state; None where nobody knows since when."""
    if report.state_since is None:
        return None
    return max(0, working_days_between(day_of(report.state_since), today, holidays))


def _group(state: State, *, returned: bool) -> str:
    if state is State.SUBMITTED:
        return WAITING
    if state is State.APPROVED:
        return APPROVED
    if state is State.RETURNED_BY_PROVINCE or (returned and state in _IN_THE_MUSEUM):
        return RETURNED
    return ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the report: what it is asked for as, the current version, and the older ones, newest first."""

    label: str
    current: StoredFile | None
    older: tuple[StoredFile, ...]


def attachments(opened: OpenReport) -> tuple[Attachment, ...]:
    """Return the files the form asks of this museum, in its order, uploaded or not."""
    by_purpose: dict[str, list[StoredFile]] = {}
    for stored in StoredFile.objects.filter(report=opened.report).order_by("-serial"):
        by_purpose.setdefault(stored.purpose, []).append(stored)
    found = []
    for cell in file_cells(opened):
        files = by_purpose.get(cell.name, [])
        current = next((stored for stored in files if stored.superseded_at is None), None)
        older = tuple(stored for stored in files if stored is not current)
        found.append(Attachment(cell.label, current, older))
    return tuple(found)


def comments_of(report: Report, role: str) -> tuple[CellComment, ...]:
    """Return the comments a role sees on the report: published ones, and drafts of its own side."""
    seen = Q(round__isnull=False) | Q(by_role=role)
    return tuple(CellComment.objects.filter(seen, report=report).order_by("pk"))


def waivers_of(report: Report) -> dict[str, Waiver]:
    """Return the waivers in force, by the finding's key."""
    return {waiver.key: waiver for waiver in Waiver.objects.filter(report=report, withdrawn_at=None)}


def last_return(report: Report) -> ReturnNote | None:
    """Return the last return of the report."""
    return ReturnNote.objects.filter(report=report).order_by("-round").first()


def version_before(report: Report) -> ReportVersion | None:
    """Return the version the current one is to be compared with: the one before it, None when there is none."""
    versions = ReportVersion.objects.filter(report=report)
    live = State(report.state) in {
        State.NOT_STARTED,
        State.FILLING,
        State.RETURNED_IN_HOUSE,
        State.RETURNED_BY_PROVINCE,
    }
    # While it is being typed in, what there is differs from the last version; once frozen, from the one before.
    return versions.filter(number__lte=report.version if live else report.version - 1).order_by("-number").first()
