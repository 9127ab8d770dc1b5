"""科技馆账号申请: the form, the province's applications, and what became of each."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.access import access_application, applications
from guanshu.portal.domain.offices.applying import mark_read, submit_application, withdraw_application
from guanshu.portal.domain.offices.reading import APPLICATION_FIELDS
from guanshu.portal.domain.revealing import record_request_reveal
from guanshu.portal.models import MuseumLevel
from guanshu.portal.problems import InvalidForm
from guanshu.portal.queries.campaigns import current_campaign
from guanshu.portal.queries.lookalikes import lookalikes
from guanshu.portal.web.province.views import own_province
from guanshu.portal.web.shared.asking import (
    UNPROCESSABLE,
    evidence_in,
    running_campaign,
    typed_in,
)
from guanshu.portal.web.shared.case_pages import application_context
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show the form and what was applied for (GET), or hand an application in (POST)."""
    if request.method != "POST":
        return _page(request, {}, {})
    typed = typed_in(request, APPLICATION_FIELDS)
    distinct = request.POST.get("distinct") == "1"
    try:
        asked = submit_application(
            actor=account_of(request),
            campaign=running_campaign(),
            typed=typed,
            distinct=distinct,
            upload=evidence_in(request),
            now=clock.now(),
        )
    except InvalidForm as invalid:
        return _page(request, {**typed, "distinct": distinct}, invalid.problems, invalid.message)
    messages.success(request, f"已提交「{asked.name}」的账号申请（{asked.number}），等待全国审批。")
    return see_other(reverse("province:application", args=[asked.number]))


def _page(request: HttpRequest, typed: dict[str, Any], problems: dict[str, str], message: str = "") -> HttpResponse:
    province, account = own_province(request), account_of(request)
    found = list(applications(account))
    campaign = current_campaign()
    alike = lookalikes(str(typed.get("name", ""))[:100], province) if typed.get("name") else []
    context = {
        "province": province,
        "campaign": campaign,
        "open": campaign is not None and not campaign.closed,
        "applications": found,
        "unread": [
            each for each in found if each.decided_at and not each.read_at and each.decided_by != account.username
        ],
        "typed": typed,
        "problems": problems,
        "message": message,
        "levels": MuseumLevel.choices,
        "alike": alike,
    }
    return render(request, "province/applications.html", context, status=UNPROCESSABLE if problems else 200)


@require_safe
def names(request: HttpRequest) -> HttpResponse:
    """Tell, while a name is being typed, which museums have a similar one."""
    name = request.GET.get("name", "").replace("\x00", "").strip()[:100]
    found = lookalikes(name, own_province(request)) if name else []
    return render(request, "province/application_alike.html", {"alike": found, "typed": {}, "problems": {}})


@require_safe
def application(request: HttpRequest, number: str) -> HttpResponse:
    """Show one application."""
    asked = access_application(account_of(request), number)
    return render(request, "province/application.html", application_context(request, asked))


@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show both people's names and numbers; the look is recorded."""
    asked = access_application(account_of(request), number)
    record_request_reveal(asked=asked, actor=account_of(request), now=clock.now())
    return render(request, "province/application.html", application_context(request, asked, reveal=True))


@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take an application back."""
    asked = access_application(account_of(request), number)
    withdraw_application(application=asked, actor=account_of(request), now=clock.now())
    messages.success(request, f"已撤回「{asked.name}」的账号申请。")
    return see_other(reverse("province:applications"))


@require_POST
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Note that a decision was read."""
    mark_read(asked=access_application(account_of(request), number), actor=account_of(request), now=clock.now())
    return see_other(reverse("province:applications"))
