"""The province's queue, and what lies beside a report under review: comments, waivers, files, versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Count, Q, QuerySet

from guanshu.portal.models import (
    Campaign,
    CellComment,
    Province,
    Report,
    ReportLook,
    ReportVersion,
    ReturnNote,
    Role,
    StoredFile,
    Waiver,
)
from guanshu.portal.queries.effects import effects
from guanshu.portal.queries.files import file_cells
from guanshu.portal.queries.lists import ListFilter, MuseumRow, museum_row, province_reports, reports_in
from guanshu.portal.queries.ranking import Sort, Weight, rank, why
from guanshu.portal.queries.reports import OpenReport
from guanshu.portal.queries.signs import key_cells, read_signs
from guanshu.survey.workflow.ageing import REVIEW_DAYS, holder, review_by
from guanshu.survey.workflow.calendar import Holidays, day_of, working_days_between
from guanshu.survey.workflow.states import State

WAITING, RETURNED, APPROVED = "waiting", "returned", "approved"
_IN_THE_MUSEUM = (State.IN_REVIEW, State.RETURNED_IN_HOUSE, State.AWAITING_STAMP)


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
    holder: str = ""
    weight: Weight = field(default_factory=Weight)
    why: str = ""

    @property
    def tickable(self) -> bool:
        """Return whether the report may be approved together with others: it waits, and nothing is being asked."""
        return self.group == WAITING and not self.drafts

    @property
    def tone(self) -> str:
        """Return the stylesheet's word for a long wait."""
        return "soon" if self.group == WAITING and (self.waits or 0) > REVIEW_DAYS else ""


@dataclass(frozen=True, slots=True)
class Queue:
    """The rows a filter lets through, and how many there are in each group before it."""

    rows: tuple[QueueRow, ...]
    counts: Mapping[str, int]


def queue(
    campaign: Campaign, province: Province, wanted: ListFilter, group: str, today: date, *, sort: Sort = Sort.DUE
) -> Queue:
    """Return what waits for the province in the order asked for, then what it returned, then what it approved.

    A fixed number of statements, however many museums there are.
    """
    found = province_reports(reports_in(campaign, wanted, province), province)
    said = _comment_counts(campaign, province)
    holidays = Holidays.read(campaign.holidays)
    rows = [queue_row(report, holidays, today, *said.get(report.pk, (0, 0))) for report in found]
    groups = {name: sum(row.group == name for row in rows) for name in (WAITING, RETURNED, APPROVED)}
    if groups[WAITING] and group in {"", WAITING}:
        waiting = [report for report, row in zip(found, rows, strict=True) if row.group == WAITING]
        weights = _weights(campaign, province, waiting, holidays)
        rows = [_weighed(row, weights.get(row.museum.number), sort, today) for row in rows]
    shown = [row for row in rows if row.group and group in {"", row.group}]
    order = list(groups)
    shown.sort(key=lambda row: (order.index(row.group), *rank(row.weight, sort), row.museum.code))
    return Queue(tuple(shown), groups)


def _comment_counts(campaign: Campaign, province: Province) -> dict[int, tuple[int, int]]:
    """Return how many comments are drafts of the province and how many wait for the museum, by the report's key."""
    drafted = Count("pk", filter=Q(round=None, by_role=Role.PROVINCE.value))
    open_ones = Count("pk", filter=Q(round__isnull=False, replied_at=None, changed_at=None))
    comments = CellComment.objects.filter(report__campaign=campaign, report__museum__province=province)
    counted = comments.order_by().values_list("report").annotate(drafts=drafted, open=open_ones)
    return {report: (drafts, unsettled) for report, drafts, unsettled in counted}


def _weights(
    campaign: Campaign, province: Province, waiting: Sequence[Report], holidays: Holidays
) -> dict[str, Weight]:
    """Return what the waiting reports are ranked by, by number."""
    heavy, signs = effects(campaign, province), read_signs(waiting)
    looks = ReportLook.objects.filter(side=Role.PROVINCE.value, report__in=[report.pk for report in waiting])
    seen = set(looks.values_list("report", "version"))
    labels = {name: cell.label for name, cell in key_cells(campaign.questionnaire_id).items()}
    found = {}
    for report in waiting:
        told = signs.get(report.pk)
        moved = told.moved if told else None
        found[report.number] = Weight(
            due=_review_by(day_of(report.state_since), campaign.province_review_due, holidays)
            if report.state_since
            else None,
            effect=heavy.get(report.pk),
            signs=told,
            unseen=told.changed if told and (report.pk, report.version) not in seen else 0,
            moved=labels.get(moved.name, "") if moved else "",
        )
    return found


def _weighed(row: QueueRow, weight: Weight | None, sort: Sort, today: date) -> QueueRow:
    if weight is None:
        return row
    whole = replace(weight, since=row.since, waits=row.waits)
    return replace(row, weight=whole, why=why(whole, sort, today))


def queue_row(report: Report, holidays: Holidays, today: date, drafts: int = 0, unsettled: int = 0) -> QueueRow:
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
        drafts=drafts,
        unsettled=unsettled,
        until=until,
        late=until is not None and today > until,
        late_days=report.late_days,
        holder=holder(state),
        weight=Weight(due=until, since=report.state_since),
    )


def waits(report: Report, holidays: Holidays, today: date) -> int | None:
    """Return how many working days a report has been in its state; None where nobody knows since when."""
    if report.state_since is None:
        return None
    return max(0, _working_days(day_of(report.state_since), today, holidays))


# Of 300 reports many came on the same day.
_working_days = lru_cache(maxsize=1000)(working_days_between)
_review_by = lru_cache(maxsize=1000)(review_by)


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
    return _earlier(report).first()


def last_look(report: Report, side: str) -> ReportLook | None:
    """Return a side's last look at what is not there any more as it was, None when it saw no other version."""
    looks = ReportLook.objects.filter(report=report, side=side, version__in=_earlier(report).values("number"))
    return looks.order_by("-version").first()


def version_looked_at(look: ReportLook) -> ReportVersion:
    """Return the version of a look."""
    return ReportVersion.objects.get(report=look.report_id, number=look.version)


def has_looked(report: Report, side: str) -> bool:
    """Return whether a side has looked at the report as it is: its version, and nothing saved since."""
    looks = ReportLook.objects.filter(report=report, side=side, version=report.version)
    return looks.filter(saves__gte=report.saves).exists()


def _earlier(report: Report) -> QuerySet[ReportVersion]:
    """Return the versions that are not what there is now, the newest first."""
    versions = ReportVersion.objects.filter(report=report)
    live = State(report.state) in {
        State.NOT_STARTED,
        State.FILLING,
        State.RETURNED_IN_HOUSE,
        State.RETURNED_BY_PROVINCE,
    }
    # While it is being typed in, what there is differs from the last version; once frozen, from the one before.
    return versions.filter(number__lte=report.version if live else report.version - 1).order_by("-number")
