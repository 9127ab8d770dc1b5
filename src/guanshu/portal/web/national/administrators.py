"""省级管理员 (附件1): the 32 units, what came by e-mail or paper, confirming by telephone, initial passwords."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.domain.offices.administrator_papers import export_cards
from guanshu.portal.domain.offices.administrators import confirm_card, give_password
from guanshu.portal.models import CardState, Province
from guanshu.portal.problems import InvalidForm
from guanshu.portal.queries.administrators import FIELDS, card_rows
from guanshu.portal.web.shared.administrator_page import card_context, entered, handed_word, revealed
from guanshu.portal.web.shared.asking import UNPROCESSABLE, running_campaign, typed_in
from guanshu.portal.web.shared.reauth import confirm, is_confirmed
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of
from guanshu.portal.web.shared.workbooks import workbook_response


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show all units in the order of 附件3."""
    campaign = running_campaign()
    rows = card_rows(campaign)
    counts = [(state.label, sum(row.state is state for row in rows)) for state in CardState]
    left = (campaign.contacts_due - clock.today()).days
    context = {"campaign": campaign, "rows": rows, "counts": counts, "left": left, "late": left < 0}
    return render(request, "national/administrators.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def administrator(request: HttpRequest, code: str) -> HttpResponse:
    """Show one unit's card (GET), or enter it (POST)."""
    province, campaign = _province(code), running_campaign()
    if request.method != "POST":
        return _page(request, province)
    try:
        entered(request, province, campaign)
    except InvalidForm as invalid:
        return _page(request, province, typed=typed_in(request, FIELDS), problems=invalid.problems)
    messages.success(request, f"{province.name}的信息采集表已保存，请电话确认。")
    return see_other(reverse("national:administrator", args=[code]))


@require_POST
def reveal(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a card says, in the form; the look is recorded."""
    province = _province(code)
    return _page(request, province, typed=revealed(request, province, running_campaign()))


@require_POST
def confirm_by_phone(request: HttpRequest, code: str) -> HttpResponse:
    """电话确认: the account is opened for the person on the card."""
    province, campaign, seen = _province(code), running_campaign(), request.POST.get("seen", "")
    confirm_card(province=province, campaign=campaign, actor=account_of(request), seen=seen, now=clock.now())
    messages.success(request, f"已记录电话确认，{province.name}的管理员账号已启用，手机号码已登记。")
    return see_other(reverse("national:administrator", args=[code]))


@sensitive_post_parameters("password")
@require_POST
def password(request: HttpRequest, code: str) -> HttpResponse:
    """Give out the initial password: shown on this one page and nowhere else."""
    province, campaign = _province(code), running_campaign()
    problem = confirm(request)
    if problem:
        return _page(request, province, password_problem=problem)
    account, initial = give_password(province=province, campaign=campaign, actor=account_of(request), now=clock.now())
    context = {"province": province, "campaign": campaign, "account": account, "initial": initial}
    response = render(request, "national/administrator_password.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def word(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out one unit's Word file."""
    return handed_word(request, _province(code), running_campaign())


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """The workbook of all units; the password is asked again."""
    campaign = running_campaign()
    problem = confirm(request) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        return workbook_response(export_cards(campaign=campaign, actor=account_of(request), now=clock.now()))
    rows = card_rows(campaign)
    context = {
        "campaign": campaign,
        "problem": problem,
        "entered": sum(row.card is not None for row in rows),
        "units": len(rows),
        **_confirming(request),
    }
    return render(request, "national/administrators_export.html", context, status=UNPROCESSABLE if problem else 200)


def _page(request: HttpRequest, province: Province, *, password_problem: str = "", **given: Any) -> HttpResponse:
    context = {
        **card_context(province, running_campaign(), **given),
        "password_problem": password_problem,
        **_confirming(request),
    }
    wrong = bool(given.get("problems") or password_problem)
    return render(request, "national/administrator.html", context, status=UNPROCESSABLE if wrong else 200)


def _confirming(request: HttpRequest) -> dict[str, Any]:
    return {"confirmed": is_confirmed(request)}


def _province(code: str) -> Province:
    found = Province.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found
