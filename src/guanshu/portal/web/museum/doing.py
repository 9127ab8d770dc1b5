"""Posted actions of the museum's pages: which button was pressed, the doing, and where it goes on."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest

from guanshu.portal import clock
from guanshu.portal.domain.reporting import perform
from guanshu.portal.models import Report
from guanshu.portal.problems import Unusable
from guanshu.portal.web.shared.requests import account_of
from guanshu.survey.workflow.actions import Action

_DONE = {
    Action.SUBMIT_IN_HOUSE: "已提交馆内审核，请通知本馆审核人。",
    Action.WITHDRAW: "已撤回，可以继续修改。",
    Action.RETURN_TO_FILLER: "已退回填报人，原因和意见已发出。",
    Action.PASS_IN_HOUSE: "馆内审核已通过，报表已定稿。请下载 PDF，打印、签字、盖章。",
    Action.SUBMIT: "已提交省级科协，下面可以打印回执。",
    Action.WITHDRAW_SUBMISSION: "已撤回提交，需要修改的请退回填报人。",
}


def do_posted(request: HttpRequest, report: Report, offered: Mapping[str, Action]) -> Action:
    """Do the action whose button was pressed; `offered` are the page's buttons by value. Raises OperationProblem."""
    action = offered.get(request.POST.get("action", ""))
    if action is None:
        raise Unusable
    perform(
        report=report,
        actor=account_of(request),
        action=action,
        now=clock.now(),
        reason=request.POST.get("reason", ""),
        confirmed=bool(request.POST.get("confirmed")),
    )
    messages.success(request, _DONE[action])
    return action


def buttons(*actions: Action) -> dict[str, Action]:
    """Return actions by the value their button posts."""
    return {action.value: action for action in actions}
