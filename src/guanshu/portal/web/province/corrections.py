"""信息更正申请 as the province sees them: its opinion goes to the nation, or the museum gets it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.access import access_correction, corrections
from guanshu.portal.domain.offices.correcting import give_opinion
from guanshu.portal.problems import Incomplete
from guanshu.portal.queries.requests import line_of
from guanshu.portal.web.province.views import own_province
from guanshu.portal.web.shared.asking import UNPROCESSABLE
from guanshu.portal.web.shared.case_pages import correction_context
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of
from guanshu.survey.workflow.requests import RequestAction, RequestState


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the province's corrections, those that wait for its opinion first."""
    account = account_of(request)
    lines = [line_of(each, account) for each in corrections(account)]
    lines.sort(key=lambda line: not line.actions)
    waiting = sum(line.correction.state == RequestState.AT_PROVINCE.value for line in lines)
    context = {"province": own_province(request), "lines": lines, "waiting": waiting, "link": "province:correction"}
    return render(request, "province/corrections.html", context)


@require_safe
def correction(request: HttpRequest, number: str) -> HttpResponse:
    """Show one correction with what it would change."""
    asked = access_correction(account_of(request), number)
    return render(request, "province/correction.html", correction_context(request, asked))


@require_POST
def forward(request: HttpRequest, number: str) -> HttpResponse:
    """Agree, and pass the correction on to the nation."""
    return _opinion(request, number, RequestAction.FORWARD, "已同意并转报全国审批。")


@require_POST
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    """Give the correction back to the museum, with a reason."""
    return _opinion(request, number, RequestAction.SEND_BACK, "已退回科技馆，原因已显示给填报人。")


def _opinion(request: HttpRequest, number: str, action: RequestAction, done: str) -> HttpResponse:
    asked = access_correction(account_of(request), number)
    opinion = request.POST.get("opinion", "")
    try:
        give_opinion(correction=asked, actor=account_of(request), action=action, opinion=opinion, now=clock.now())
    except Incomplete as problem:
        context = {**correction_context(request, asked), "problem": problem.message, "typed": request.POST}
        return render(request, "province/correction.html", context, status=UNPROCESSABLE)
    messages.success(request, f"{asked.museum.name}：{done}")
    return see_other(reverse("province:corrections"))
