"""/museum/corrections/: 信息更正申请, when the register is wrong about this museum."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from guanshu.portal import clock
from guanshu.portal.access import access_correction, corrections
from guanshu.portal.domain.offices.correcting import ask_correction, withdraw_correction
from guanshu.portal.models import Museum, RegisterField, Role
from guanshu.portal.problems import InvalidForm
from guanshu.portal.queries.campaigns import current_campaign
from guanshu.portal.queries.registerchange import alternatives, value_label, value_of
from guanshu.portal.queries.requests import evidence_of, line_of, request_history
from guanshu.portal.web.shared.asking import UNPROCESSABLE, evidence_in, running_campaign, typed_in
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of

_FIELDS = ("what", "reason", *(f"new_{what}" for what in RegisterField.values))


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show the register's entries and the museum's corrections (GET), or ask for one (POST)."""
    if request.method != "POST":
        return _page(request, {}, {})
    typed = typed_in(request, _FIELDS)
    try:
        asked = ask_correction(
            actor=account_of(request),
            campaign=running_campaign(),
            typed=typed,
            upload=evidence_in(request),
            now=clock.now(),
        )
    except InvalidForm as invalid:
        return _page(request, typed, invalid.problems, invalid.message)
    messages.success(request, f"已提交更正申请 {asked.number}，先由{asked.province.name}提出意见，再由全国审批。")
    return see_other(reverse("museum:corrections"))


@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take a correction back."""
    asked = access_correction(account_of(request), number)
    withdraw_correction(correction=asked, actor=account_of(request), now=clock.now())
    messages.success(request, f"已撤回更正申请 {asked.number}。")
    return see_other(reverse("museum:corrections"))


def _page(request: HttpRequest, typed: dict[str, str], problems: dict[str, str], message: str = "") -> HttpResponse:
    account = account_of(request)
    museum = account.museum
    assert museum is not None  # noqa: S101 (the gate lets in accounts of museums only)
    campaign = current_campaign()
    asked = [(line_of(each, account), evidence_of(each), request_history(each)) for each in corrections(account)]
    context = {
        "museum": museum,
        "campaign": campaign,
        "may_ask": account.role == Role.FILLER.value and campaign is not None and not campaign.closed,
        "entries": [_entry(museum, what, typed, problems) for what in RegisterField],
        "asked": asked,
        "typed": typed,
        "problems": problems,
        "message": message,
    }
    return render(request, "museum/corrections.html", context, status=UNPROCESSABLE if problems else 200)


def _entry(museum: Museum, what: RegisterField, typed: dict[str, str], problems: dict[str, str]) -> dict[str, Any]:
    """Return one entry: what the register says, what may be chosen instead, what was typed."""
    now, name = value_of(museum, what), f"new_{what.value}"
    return {
        "what": what.value,
        "label": what.label,
        "now": value_label(what.value, now),
        "field": name,
        "choices": alternatives(museum, what.value),
        "typed": typed.get(name, ""),
        "problem": problems.get(name, ""),
    }
