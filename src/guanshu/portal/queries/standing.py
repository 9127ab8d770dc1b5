"""Where a report stands: what the table of the workflow reads of it, and what it lets whom do now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property

from django.db.models import Max

from guanshu.portal.models import Account, CellComment, Extension, Filing, Report, Role, StampedScan, Waiver
from guanshu.portal.queries.files import current_files, file_cells, missing_files, scan_accepted, unconfirmed_files
from guanshu.portal.queries.heldscans import is_checking
from guanshu.portal.queries.reports import OpenReport
from guanshu.survey.workflow.actions import Action, Actor
from guanshu.survey.workflow.calendar import Holidays
from guanshu.survey.workflow.filing import FILED
from guanshu.survey.workflow.history import Past
from guanshu.survey.workflow.report import TRANSITIONS, UNSUBMITTED, performs
from guanshu.survey.workflow.rules import Facts, day, refusal
from guanshu.survey.workflow.states import EDITABLE, State, review_label, status
from guanshu.survey.workflow.submission import Blocker, BlockerKind, blockers


class Operation(Enum):
    """What can be done about a report besides moving it on; the values are kept in its history."""

    WAIVE = "waive_finding"
    WITHDRAW_WAIVER = "withdraw_waiver"
    EXTEND = "grant_extension"
    RECORD_OVERDUE = "record_overdue"
    COMMENT = "comment_on_cell"
    REPLY = "reply_to_comment"
    LOOK = "mark_looked"

    @property
    def label(self) -> str:
        """Return the words on the button and in the history."""
        return _LABELS[self]


_LABELS = {
    Operation.WAIVE: "核准准强制性审核",
    Operation.WITHDRAW_WAIVER: "撤销准强制性核准",
    Operation.EXTEND: "准予延期",
    Operation.RECORD_OVERDUE: "记为逾期未报",
    Operation.COMMENT: "提出意见",
    Operation.REPLY: "答复意见",
    Operation.LOOK: "标为已阅",
}
_UNCONFIRMED = "「{}」中有需要确认的内容。请在附件页面核对并确认，或重新上传。"
_PROVINCE = frozenset({Actor.PROVINCE})
_PERFORMERS: Mapping[Operation, frozenset[Actor]] = {
    Operation.WAIVE: _PROVINCE,
    Operation.WITHDRAW_WAIVER: _PROVINCE,
    Operation.EXTEND: frozenset({Actor.PROVINCE, Actor.NATION}),
    Operation.RECORD_OVERDUE: _PROVINCE,
    Operation.COMMENT: frozenset({Actor.REVIEWER, Actor.PROVINCE, Actor.NATION}),
    Operation.REPLY: frozenset({Actor.FILLER}),
    Operation.LOOK: _PROVINCE,
}
_BEFORE_SUBMISSION = UNSUBMITTED | {State.RETURNED_BY_PROVINCE}
_IN_THE_MUSEUM = frozenset({State.IN_REVIEW, State.AWAITING_STAMP})
_AWAITED_AGAIN = TRANSITIONS[Action.RECORD_UNFINISHED].sources
_WITH_THE_PROVINCE = frozenset({State.SUBMITTED, State.APPROVED})


@dataclass(frozen=True)
class Standing:
    """A report with everything the rules read. `scan` is the newest stamped scan, of whatever version.

    checking: whether a newer scan was uploaded and is being checked.
    """

    report: Report
    facts: Facts
    scan: StampedScan | None
    checking: bool = False

    @property
    def state(self) -> State:
        """Return the report's state."""
        return State(self.report.state)

    @cached_property
    def holidays(self) -> Holidays:
        """Return the campaign's list of holidays."""
        return Holidays.read(self.report.campaign.holidays)

    @property
    def review_label(self) -> str:
        """Return 省级审核状态, which stays 已退回 until the museum has submitted again."""
        return review_label(self.state, returned=self.facts.past.returned)

    @property
    def status(self) -> str:
        """Return both labels in one, as sentences quote them."""
        return status(self.state, returned=self.facts.past.returned)

    @property
    def awaited_again(self) -> bool:
        """Return whether the report was returned by province or nation and has not come back yet."""
        return self.facts.past.returned and self.state in _AWAITED_AGAIN

    def refusal(self, action: Action, actor: Actor) -> str:
        """Return why the actor may not do this now and what to do instead; "" when it may be done."""
        found = refusal(action, self.state, actor, self.facts)
        if action is Action.SUBMIT and self.checking and performs(actor, action):
            return "新上传的盖章扫描件正在核对，核对结束后再提交省级科协。"
        if not found and action is Action.SUBMIT and self.scan is not None and not scan_accepted(self.scan):
            return "盖章扫描件中有需要核对的页。请打开「盖章扫描件」页面逐项核对并确认，或重新上传，再提交省级科协。"
        return found

    def operation_refusal(self, operation: Operation, actor: Actor) -> str:
        """Return the same for the other operations."""
        performers = _PERFORMERS[operation]
        if actor not in performers:
            who = "或".join(person.label for person in Actor if person in performers)
            return f"「{operation.label}」只能由{who}操作，您的账号不能进行此操作。"
        if self.facts.closed:
            return "本年度的数据采集已经结束，报表不能再变动。"
        return _operation_condition(operation, actor, self)


def may_ever(operation: Operation, actor: Actor) -> bool:
    """Return whether this is ever for that actor to do; if not, it is a matter of rights (403), not of state (409)."""
    return actor in _PERFORMERS[operation]


def _operation_condition(operation: Operation, actor: Actor, standing: Standing) -> str:
    if operation is Operation.RECORD_OVERDUE:
        return _overdue(standing)
    if operation is Operation.LOOK:
        return "" if standing.report.version else "报表还没有提交过，没有可以标为已阅的内容。"
    if operation is Operation.COMMENT:
        fits = _IN_THE_MUSEUM if actor is Actor.REVIEWER else _WITH_THE_PROVINCE
    else:
        fits = _BEFORE_SUBMISSION if operation is Operation.EXTEND else EDITABLE
    if standing.state in fits:
        return ""
    return f"报表当前为「{standing.status}」状态，不能进行「{operation.label}」。请刷新页面查看。"


def _overdue(standing: Standing) -> str:
    facts, report = standing.facts, standing.report
    if facts.past.returned:
        return standing.refusal(Action.RECORD_UNFINISHED, Actor.PROVINCE)
    if standing.state not in UNSUBMITTED:
        return f"报表当前为「{standing.status}」状态，不是逾期未报。请刷新页面查看。"
    if report.overdue_reason:
        return "这份报表已经记为「逾期未报」，不必重复操作。"
    if facts.today <= facts.deadline:
        return f"该馆的填报截止日期是 {day(facts.deadline)}，期满仍未提交的才能记为「逾期未报」。"
    return ""


def actor_of(account: Account) -> Actor | None:
    """Return what the account is in the workflow, None for roles that have no part in it."""
    values = {actor.value: actor for actor in Actor}
    return values.get(account.role) if account.is_active else None


def concerns(account: Account, report: Report) -> bool:
    """Return whether the report is this account's business: its museum's, province's or city's, or to the nation.

    `report` is from access.reports().
    """
    if account.museum_id is not None:
        return account.museum_id == report.museum_id
    if account.province_id is not None and account.role == Role.CITY_VIEWER.value:
        museum = report.museum
        return account.province_id == museum.province_id and museum.city == account.city != ""
    if account.province_id is not None:
        return account.province_id == report.museum.province_id
    return True


def stand(report: Report, today: date) -> Standing:
    """Return where a report stands on a business day; `report` is from access.reports(). At most four statements."""
    latest = Extension.objects.filter(report=report).aggregate(until=Max("until"))["until"]
    scans = StampedScan.objects.filter(version__report=report, superseded_at=None).select_related("version", "file")
    scan = scans.order_by("-pk").first() if report.version else None
    due = report.campaign.museum_due
    facts = Facts(
        today=today,
        deadline=max(due, latest) if latest else due,
        past=past_of(report),
        window_until=report.window_until,
        stamp_uploaded=scan is not None,
        stamp_current=scan is not None and scan.version.number == report.version,
        free=bool(getattr(report, "free_this_year", False)),
        closed=report.campaign.closed,
        filed=is_filed(report),
    )
    return Standing(report, facts, scan, checking=report.state == State.AWAITING_STAMP.value and is_checking(report))


def is_filed(report: Report) -> bool:
    """Return whether the report's province has handed this year in and neither withdrawn it nor got it back."""
    if report.campaign.province_form_id is None:
        return False
    found = Filing.objects.filter(province=report.museum.province_id, campaign=report.campaign_id)
    return found.filter(state__in=[state.value for state in FILED]).exists()


def past_of(report: Report) -> Past:
    """Return what the row remembers of the report's history (`left_state` is of the last step that can be undone)."""
    state = State(report.state)
    left = State(report.left_state) if report.left_state else None
    returned = report.returned_at is not None
    return Past(
        before_review=left if left and state is State.IN_REVIEW else State.FILLING,
        before_exempt=left if left and state is State.EXEMPT else State.NOT_STARTED,
        first_submitted=report.first_submitted_at is not None,
        review_started=report.review_started_at is not None,
        returned=returned,
        unfinished=returned and bool(report.overdue_reason),
    )


def find_blockers(opened: OpenReport) -> tuple[Blocker, ...]:
    """Return everything that keeps an opened report from 提交馆内审核, gravest first."""
    report = opened.report
    waived = Waiver.objects.filter(report=report, withdrawn_at=None).values_list("key", flat=True)
    cells = opened.compiled.questionnaire.cells
    missing = {purpose: cells[purpose].label for purpose in missing_files(report, opened)}
    found = blockers(opened.evaluation, waived, missing, unsettled(report))
    # A file that is not asked for any more can be neither confirmed nor replaced, so it holds nothing back.
    asked = {cell.name for cell in file_cells(opened)}
    doubtful = [
        Blocker(BlockerKind.FILE, _UNCONFIRMED.format(file.official_name), (file.purpose,))
        for file in unconfirmed_files(report)
        if file.purpose in asked
    ]
    order = list(BlockerKind)
    return tuple(sorted((*found, *doubtful), key=lambda blocker: order.index(blocker.kind)))


def current_purposes(report: Report) -> Mapping[str, str]:
    """Return the official names of a report's current files by purpose."""
    return {purpose: file.official_name for purpose, file in current_files(report).items()}


def unsettled(report: Report) -> tuple[str, ...]:
    """Return the addresses of published comments that were neither answered nor heeded."""
    if not report.round:
        return ()
    found = CellComment.objects.filter(report=report, round__isnull=False, replied_at=None, changed_at=None)
    return tuple(found.order_by("pk").values_list("address", flat=True))
