"""One action on a report: a page that says what follows and asks for what is needed, and the doing of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from guanshu.portal import clock
from guanshu.portal.domain.reporting import declare_exemption, perform
from guanshu.portal.models import Account, CellComment, Report
from guanshu.portal.problems import Incomplete, OperationProblem
from guanshu.portal.queries.forms import Form, form
from guanshu.portal.queries.phrases import Phrase
from guanshu.portal.queries.shown import name_of
from guanshu.portal.queries.workflow import situation
from guanshu.portal.web.shared.errors import refuse
from guanshu.portal.web.shared.phrasing import written
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of
from guanshu.survey.workflow.actions import Action, Need
from guanshu.survey.workflow.report import TRANSITIONS, Transition

_CONFLICT, _UNPROCESSABLE = 409, 422
# Done by a press of the button; everything else has a page of its own to confirm on.
AT_ONCE = frozenset({Action.START_REVIEW})
_SENDS_COMMENTS = frozenset({Action.RETURN, Action.REVOKE_APPROVAL, Action.NATIONAL_RETURN})
_CONSEQUENCES = {
    Action.APPROVE: "通过后本报表计入本省汇总数据；需要修改时须先撤销审核通过。",
    Action.RETURN: "报表退回填报人修改，原盖章扫描件在数据改动后失效，修改后须重新盖章提交。",
    Action.REVOKE_APPROVAL: "撤销后报表退回填报人修改，本馆数据暂不计入汇总。",
    Action.RECORD_UNFINISHED: "记录后本馆仍可修改和提交；该原因随本省材料上报。",
    Action.DECLARE_EXEMPT: "申报后本馆不计入应填报数，填报人不能再填写；全国可以不同意。已填写的内容保留。",
    Action.WITHDRAW_EXEMPT: "撤销后本馆恢复到免报前的状态，可以继续填报。",
    Action.REFUSE_EXEMPT: "不同意后本馆恢复到免报前的状态，须按期填报。",
    Action.NATIONAL_RETURN: "报表退回填报人修改，须在指定日期前重新提交。",
}
_DONE = {
    Action.START_REVIEW: "已开始审核，科技馆不能再自行撤回。",
    Action.APPROVE: "已审核通过。",
    Action.RETURN: "已退回填报人，退回原因和意见已发给科技馆。",
    Action.REVOKE_APPROVAL: "已撤销审核通过，退回填报人修改。",
    Action.RECORD_UNFINISHED: "已记录。",
    Action.DECLARE_EXEMPT: "已申报免报。",
    Action.WITHDRAW_EXEMPT: "已撤销免报。",
    Action.REFUSE_EXEMPT: "已退回免报申报，该馆须按期填报。",
    Action.NATIONAL_RETURN: "已退回填报人修改。",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A comment that goes out with the return, and the cell it is about."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Given:
    """What was posted with an action, to be done or to be shown again."""

    reason: str = ""
    category: str = ""
    until: str = ""

    @classmethod
    def read(cls, request: HttpRequest) -> "Given":
        """Return the fields of the form."""
        post = request.POST
        return cls(written(post, "reason"), post.get("category", ""), post.get("until", ""))


def read_day(text: str) -> date:
    """Return the date of a date field. Raises Incomplete for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Incomplete("请填写日期，如 2023-02-15。") from None


def action_of(word: str) -> Action:
    """Return the action an address names. Raises Http404."""
    found = next((action for action in Action if action.value == word), None)
    if found is None or TRANSITIONS[found].automatic or found not in _DONE:
        raise Http404
    return found


def act(
    request: HttpRequest, report: Report, action: Action, back: str, phrases: Sequence[Phrase] = ()
) -> HttpResponse:
    """Show the page of an action (GET) or do it (POST); 409 with the table's sentence when it cannot be done now.

    phrases: ready sentences to offer beside the reason of a return.
    """
    account = account_of(request)
    page = _Page(request, report, account, action, back, phrases if action in _SENDS_COMMENTS else ())
    if request.method != "POST":
        now = situation(report, account)
        if action not in now.actions:
            return refuse(request, _CONFLICT, now.refusals.get(action, "报表当前状态下不能进行此操作。"))
        return page.show(Given())
    given = Given.read(request)
    try:
        _do(request, report, account, action, given)
    except OperationProblem as problem:
        if problem.status != _UNPROCESSABLE:
            raise
        return page.show(given, problem.message)
    messages.success(request, f"{report.museum.name}：{_DONE[action]}")
    return see_other(back)


def _do(request: HttpRequest, report: Report, account: Account, action: Action, given: Given) -> None:
    now = clock.now()
    if action is Action.DECLARE_EXEMPT:
        upload = request.FILES.get("file")
        declare_exemption(
            report=report, actor=account, category=given.category, reason=given.reason, upload=upload, now=now
        )
        return
    perform(
        report=report,
        actor=account,
        action=action,
        now=now,
        reason=given.reason,
        category=given.category,
        until=read_day(given.until) if given.until else None,
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """The page on which an action is confirmed."""

    request: HttpRequest
    report: Report
    account: Account
    action: Action
    back: str
    phrases: Sequence[Phrase]

    def show(self, given: Given, problem: str = "") -> HttpResponse:
        """Return the page with what was typed, and with what is wrong."""
        line = TRANSITIONS[self.action]
        context = {
            "report": self.report,
            "campaign": self.report.campaign,
            "situation": situation(self.report, self.account),
            "action": self.action,
            "asks": _asks(line),
            "consequence": _CONSEQUENCES.get(self.action, ""),
            "categories": [each.value for each in line.categories] if line.categories else [],
            "drafts": self._drafts(),
            "back": self.back,
            "phrases": self.phrases,
            "given": given,
            "problem": problem,
        }
        return render(self.request, "shared/act.html", context, status=_UNPROCESSABLE if problem else 200)

    def _drafts(self) -> list[Draft]:
        if self.action not in _SENDS_COMMENTS:
            return []
        drafts = CellComment.objects.filter(report=self.report, round=None, by_role=self.account.role)
        found = form(self.report.questionnaire_id)
        return [Draft(_place(found, comment.address), comment.text) for comment in drafts.order_by("pk")]


def _place(found: Form, address: str) -> str:
    name = name_of(found, found.address(address))
    return f"表{name.table} {name.label}"


def _asks(line: Transition) -> dict[str, bool]:
    """Return which fields the form has; a reason may always be given where a category is chosen."""
    return {
        "reason": line.needs_reason or line.needs_category,
        "reason_required": line.needs_reason,
        "file": Need.FILE in line.needs,
        "until": Need.DATE in line.needs,
    }
