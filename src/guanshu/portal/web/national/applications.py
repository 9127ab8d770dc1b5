"""科技馆账号申请 as the nation sees them: the queue, one with what looks like it, and the decision."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.access import access_application, applications
from guanshu.portal.domain.offices.applying import refuse_application
from guanshu.portal.domain.offices.approving import approve_application
from guanshu.portal.domain.revealing import record_request_reveal
from guanshu.portal.models import Application
from guanshu.portal.problems import Incomplete
from guanshu.portal.queries.applications import base_of, next_code
from guanshu.portal.web.shared.asking import UNPROCESSABLE
from guanshu.portal.web.shared.case_pages import application_context
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of
from guanshu.survey.workflow.requests import RequestState


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show all applications, those that wait first, the oldest of them on top."""
    found = list(applications(account_of(request)))
    waiting = [each for each in found if each.state == RequestState.AT_NATION.value]
    decided = [each for each in found if each.state != RequestState.AT_NATION.value]
    return render(request, "national/applications.html", {"waiting": waiting[::-1], "decided": decided})


@require_safe
def application(request: HttpRequest, number: str) -> HttpResponse:
    """Show one application."""
    return _page(request, access_application(account_of(request), number))


@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show both people's names and numbers; the look is recorded."""
    asked = access_application(account_of(request), number)
    record_request_reveal(asked=asked, actor=account_of(request), now=clock.now())
    return _page(request, asked, reveal=True)


@require_POST
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Approve: museum, accounts and report come into being."""
    asked = access_application(account_of(request), number)
    done = approve_application(
        application=asked, actor=account_of(request), now=clock.now(), reason=request.POST.get("reason", "")
    )
    code = done.museum.code if done.museum else ""
    messages.success(request, f"已同意「{done.name}」：编号 {code}，填报人账号 B{code}、审核人账号 C{code} 已开设。")
    return see_other(reverse("national:application", args=[number]))


@require_POST
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    """Refuse, with a reason the province reads."""
    asked, reason = access_application(account_of(request), number), request.POST.get("reason", "")
    try:
        refuse_application(application=asked, actor=account_of(request), reason=reason, now=clock.now())
    except Incomplete as problem:
        return _page(request, asked, problem=problem.message)
    messages.success(request, f"未同意「{asked.name}」的账号申请，理由已显示给{asked.province.name}。")
    return see_other(reverse("national:application", args=[number]))


def _page(request: HttpRequest, asked: Application, *, problem: str = "", reveal: bool = False) -> HttpResponse:
    code = next_code(base_of(asked.province, asked.level, asked.division))
    context = {
        **application_context(request, asked, reveal=reveal),
        "code": code,
        "problem": problem,
        "typed": request.POST,
    }
    return render(request, "national/application.html", context, status=UNPROCESSABLE if problem else 200)
