"""Where a report is on its way and the one thing to do next, as the person looking at it is told."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from guanshu.portal.models import Report, ReturnNote
from guanshu.portal.queries.campaigns import Deadline
from guanshu.portal.queries.reports import OpenReport
from guanshu.portal.queries.review import last_return
from guanshu.portal.queries.workflow import Situation
from guanshu.portal.web.museum.frame import opens_later
from guanshu.portal.web.museum.remarks import office_of
from guanshu.portal.web.shared.entry.frame import Frame
from guanshu.portal.web.shared.entry.reading import Reading
from guanshu.survey.workflow.actions import Action, Actor
from guanshu.survey.workflow.states import EDITABLE, State

_RETURNED = {State.RETURNED_IN_HOUSE, State.RETURNED_BY_PROVINCE}
_FROZEN = {State.AWAITING_STAMP, State.SUBMITTED, State.APPROVED}


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next: a sentence, and a button with its page. Without a button somebody else's turn has come."""

    text: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """The return that the museum is working on; `todo` are the comments still to settle."""

    who: str
    at: datetime
    category: str
    reason: str
    comments: int
    todo: int
    until: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class Way:
    """What the museum's pages say about the report's way; `todo` are comments still to settle."""

    step: Step
    deadline: Deadline | None
    returned: Returned | None
    review_label: str
    todo: int
    frozen: bool
    reviewer: bool
    editing: bool


def make_way(reading: Reading[OpenReport], frame: Frame, now: Situation) -> Way:
    """Return what to say; `frame` is this page's, `now` the situation for its reader."""
    report = reading.opened.report
    todo = reading.todo
    editing = now.state in EDITABLE
    return Way(
        step=_step(frame, now, todo),
        deadline=_deadline(now, report),
        returned=_returned(reading, now, todo) if now.state in _RETURNED else None,
        review_label=now.review_label,
        todo=todo,
        frozen=now.state in _FROZEN,
        reviewer=now.actor is Actor.REVIEWER,
        editing=editing,
    )


def _step(frame: Frame, now: Situation, todo: int) -> Step:
    if frame.closed:
        return Step(f"{frame.year} 年度已经结束，只能查看。")
    campaign = now.standing.report.campaign
    if now.standing.facts.today < campaign.opens_on:
        return Step(opens_later(campaign))
    if now.actor is Actor.FILLER:
        return _filler(frame, now, todo)
    return _reviewer(frame, now)


def _page(name: str, frame: Frame) -> str:
    return reverse(f"museum:{name}") + frame.query


def _filler(frame: Frame, now: Situation, todo: int) -> Step:
    match now.state:
        case State.NOT_STARTED:
            first = frame.next_table
            return Step("请按表填写本年度数据，填写的内容自动保存。", "开始填报", first.url if first else "")
        case State.FILLING | State.RETURNED_IN_HOUSE | State.RETURNED_BY_PROVINCE:
            return _editing(frame, now, todo)
        case State.IN_REVIEW:
            return Step(
                "已提交馆内审核，等待本馆审核人审核。需要修改的可以撤回。", "查看或撤回", _page("submit", frame)
            )
        case State.AWAITING_STAMP:
            return _stamping(frame, now)
        case _:
            return _handed_in(frame, now)


def _editing(frame: Frame, now: Situation, todo: int) -> Step:
    if not now.blockers:
        return Step("全部填写完整，可以提交馆内审核。", "提交馆内审核", _page("submit", frame))
    parts = [
        f"{frame.missing} 项没有填写" if frame.missing else "",
        f"{frame.problems} 个问题要修改或说明" if frame.problems else "",
        f"{todo} 条退回意见要处理" if todo else "",
    ]
    left = "，".join(part for part in parts if part) or f"{len(now.blockers)} 处要处理"
    return Step(f"还有 {left}。处理完后提交馆内审核。", "查看还差什么", _page("submit", frame))


def _reviewer(frame: Frame, now: Situation) -> Step:
    match now.state:
        case State.IN_REVIEW:
            return Step("填报人已提交，请审核全部数据和说明。", "审核报表", _page("review", frame))
        case State.AWAITING_STAMP:
            return _stamping(frame, now)
        case State.NOT_STARTED | State.FILLING | State.RETURNED_IN_HOUSE | State.RETURNED_BY_PROVINCE:
            return Step("填报人正在填写，提交后由您审核。", "查看整份报表", _page("review", frame))
        case _:
            return _handed_in(frame, now)


def _stamping(frame: Frame, now: Situation) -> Step:
    stamp = _page("stamp", frame)
    if Action.SUBMIT in now.actions:
        return Step("盖章扫描件已上传，请提交省级科协。", "提交省级科协", stamp)
    if now.standing.checking:
        return Step("盖章扫描件正在核对，核对结束后可以提交省级科协。", "查看核对进度", stamp)
    if now.standing.facts.stamp_current:
        waiting = "请本馆审核人核对扫描件中没有读出的页。" if _doubtful(now) else "等待本馆审核人提交省级科协。"
        return Step(f"盖章扫描件已上传。{waiting}", "查看盖章扫描件", stamp)
    return Step("馆内审核已通过。请下载报表 PDF，打印、签字、盖章后上传扫描件。", "下载并上传盖章扫描件", stamp)


def _doubtful(now: Situation) -> bool:
    scan = now.standing.scan
    return scan is not None and bool(scan.problems) and scan.confirmed_at is None


def _handed_in(frame: Frame, now: Situation) -> Step:
    match now.state:
        case State.SUBMITTED if now.standing.facts.past.review_started:
            return Step("已提交，省级科协正在审核。", "查看回执和记录", _page("history", frame))
        case State.SUBMITTED if Action.WITHDRAW_SUBMISSION in now.actions:
            return Step(
                "已提交省级科协，等待审核。省级科协开始审核前可以撤回。", "查看回执和记录", _page("history", frame)
            )
        case State.SUBMITTED:
            return Step("已提交省级科协，等待审核。", "查看回执和记录", _page("history", frame))
        case State.APPROVED:
            return Step("省级科协已审核通过，本馆本年度填报完成。", "查看回执和记录", _page("history", frame))
        case _:
            return Step("省级科协已申报本馆本年度免报，不需填报。如与实际不符，请联系省级科协。")


def _deadline(now: Situation, report: Report) -> Deadline | None:
    """Return the last day that matters now; None when nothing is to be done by the museum any more."""
    if now.state in {State.SUBMITTED, State.APPROVED, State.EXEMPT} or report.campaign.closed:
        return None
    today = now.standing.facts.today
    if now.window_until is not None:
        return Deadline("重新提交截止", now.window_until, (now.window_until - today).days)
    label = "填报截止（已延期）" if now.extended else "填报截止"
    return Deadline(label, now.deadline, (now.deadline - today).days)


def _returned(reading: Reading[OpenReport], now: Situation, todo: int) -> Returned | None:
    report = reading.opened.report
    found = last_return(report)
    if found is None:
        return None
    until = now.window_until
    return Returned(
        who=who_returned(found, report),
        at=found.at,
        category=found.category,
        reason=found.reason,
        comments=sum(comment.round == found.round for comment in reading.comments),
        todo=todo,
        until=until,
        late=until is not None and until < now.standing.facts.today,
    )


def who_returned(note: ReturnNote, report: Report) -> str:
    """Return who returned the report, as the museum knows them."""
    return office_of(note.by_role, report)
