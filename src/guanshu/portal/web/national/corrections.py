"""信息更正申请 as the nation sees them, after the province's opinion."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.access import access_correction, corrections
from guanshu.portal.domain.offices.correcting import approve_correction, refuse_correction
from guanshu.portal.problems import Incomplete
from guanshu.portal.queries.requests import line_of
from guanshu.portal.web.shared.asking import UNPROCESSABLE
from guanshu.portal.web.shared.case_pages import correction_context
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of
from guanshu.survey.workflow.requests import RequestState


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show all corrections, those that wait for the nation first."""
    account = account_of(request)
    lines = [line_of(each, account) for each in corrections(account)]
    lines.sort(key=lambda line: line.correction.state != RequestState.AT_NATION.value)
    waiting = sum(line.correction.state == RequestState.AT_NATION.value for line in lines)
    context = {"lines": lines, "waiting": waiting, "link": "national:correction", "show_province": True}
    return render(request, "national/corrections.html", context)


@require_safe
def correction(request: HttpRequest, number: str) -> HttpResponse:
    """Show one correction with what follows from it."""
    asked = access_correction(account_of(request), number)
    return render(request, "national/correction.html", correction_context(request, asked))


@require_POST
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Approve: the register is changed."""
    asked = access_correction(account_of(request), number)
    reason = request.POST.get("reason", "")
    approve_correction(correction=asked, actor=account_of(request), now=clock.now(), reason=reason)
    messages.success(request, f"{asked.museum.name}：已同意，名册中的{asked.get_what_display()}已更正。")
    return see_other(reverse("national:correction", args=[number]))


@require_POST
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    """Refuse, with a reason the museum and its province read."""
    asked, reason = access_correction(account_of(request), number), request.POST.get("reason", "")
    try:
        refuse_correction(correction=asked, actor=account_of(request), reason=reason, now=clock.now())
    except Incomplete as problem:
        context = {**correction_context(request, asked), "problem": problem.message, "typed": request.POST}
        return render(request, "national/correction.html", context, status=UNPROCESSABLE)
    messages.success(request, f"{asked.museum.name}：未同意更正，理由已显示给科技馆和省级科协。")
    return see_other(reverse("national:correction", args=[number]))
