"""One museum's way on the status page: deadline, extensions, 免报, 逾期未报, history."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.domain.reporting import grant_extension, record_overdue
from guanshu.portal.models import Exemption, Extension, Report
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.workflow import Operation, history, situation
from guanshu.portal.web.province.review import own_report
from guanshu.portal.web.shared.acting import AT_ONCE, read_day
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.reminders import AWAITED

_UNPROCESSABLE = 422
# What belongs to the review page; the rest of what may be done is offered here.
_REVIEW = frozenset({Action.START_REVIEW, Action.APPROVE, Action.RETURN, Action.REVOKE_APPROVAL})


@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Show where a museum stands, and what the province can do about it besides reviewing."""
    return _page(request, own_report(request, number))


@require_POST
def overdue(request: HttpRequest, number: str) -> HttpResponse:
    """Put on record why a museum did not come."""
    report, account = own_report(request, number), account_of(request)
    reason = request.POST.get("reason", "").strip()
    try:
        record_overdue(report=report, actor=account, reason=reason, now=clock.now())
    except OperationProblem as problem:
        return _again(request, report, problem)
    messages.success(request, f"{report.museum.name}：已记录。")
    return _see_other(number)


@require_POST
def extend(request: HttpRequest, number: str) -> HttpResponse:
    """Let a museum submit until a later day."""
    report, account = own_report(request, number), account_of(request)
    reason = request.POST.get("reason", "").strip()
    try:
        until = read_day(request.POST.get("until", ""))
        grant_extension(report=report, actor=account, until=until, reason=reason, now=clock.now())
    except OperationProblem as problem:
        return _again(request, report, problem)
    messages.success(request, f"{report.museum.name}：截止日期延至 {until:%Y-%m-%d}。")
    return _see_other(number)


def _page(request: HttpRequest, report: Report, problem: str = "") -> HttpResponse:
    now = situation(report, account_of(request))
    context = {
        "report": report,
        "campaign": report.campaign,
        "situation": now,
        "actions": [action for action in now.actions if action not in _REVIEW | AT_ONCE],
        "reviewable": bool(_REVIEW & set(now.actions)) or bool(report.version),
        "may_remind": now.state in AWAITED and not report.campaign.closed,
        "may_extend": Operation.EXTEND in now.operations,
        "may_record": Operation.RECORD_OVERDUE in now.operations and Action.RECORD_UNFINISHED not in now.actions,
        "extensions": Extension.objects.filter(report=report).order_by("-pk"),
        "exemptions": Exemption.objects.filter(report=report).select_related("file").order_by("-pk"),
        "history": history(report),
        "problem": problem,
        "typed": request.POST,
    }
    return render(request, "province/case.html", context, status=_UNPROCESSABLE if problem else 200)


def _again(request: HttpRequest, report: Report, problem: OperationProblem) -> HttpResponse:
    if problem.status != _UNPROCESSABLE:
        raise problem
    return _page(request, report, problem.message)


def _see_other(number: str) -> HttpResponse:
    return see_other(reverse("province:case", args=[number]))
