"""/free/: free museums with their states and reports, remarks to the province, the provinces' 附件4–5."""

from dataclasses import replace
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.domain.reporting.remarking import remark_on_report, withdraw_remark
from guanshu.portal.models import Province, Report
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.campaigns import campaign_years
from guanshu.portal.queries.freelists import LISTS, list_choices, rows_of
from guanshu.portal.queries.lists import museum_row, reports_in
from guanshu.portal.queries.remarks import may_remark, remarks_of
from guanshu.portal.queries.reports import open_report
from guanshu.portal.web.shared.filters import read_filter, read_year, state_choices
from guanshu.portal.web.shared.reading_page import read_page, readable
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of, is_htmx, wants_fragment
from guanshu.portal.web.shared.sheets import Look, make_sheets
from guanshu.portal.web.shared.talks import Talk, find_line

PAGE = 50
_UNPROCESSABLE = 422


@require_safe
def museums(request: HttpRequest) -> HttpResponse:
    """免费开放科技馆, fifty a page."""
    campaign, wanted = read_year(request), read_filter(request)
    if campaign is None:
        return render(request, "free/museums.html")
    found = reports_in(campaign, replace(wanted, free=True))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "wanted": wanted,
        "page": page,
        "rows": [museum_row(report) for report in page.object_list],
        "show_province": True,
        "report_name": "free:report",
    }
    if wants_fragment(request):
        return render(request, "shared/museum_table.html", context)
    context |= {"provinces": Province.objects.all(), "states": state_choices(), "years": campaign_years()}
    return render(request, "free/museums.html", {**context, "free_only": True})


@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    """One report of a museum that is free in the report's year."""
    return _page(request, readable(request, number))


@require_http_methods(["GET", "HEAD", "POST"])
def remarks(request: HttpRequest, number: str) -> HttpResponse:
    """Show the box for a remark on a cell (GET, htmx), or tell the province (POST)."""
    found = readable(request, number)
    address = (request.POST if request.method == "POST" else request.GET).get("address", "")
    if request.method != "POST":
        if is_htmx(request):
            return _box(request, found, address)
        return _back(number, f"?comment={quote(address)}#c-{quote(address)}" if address else "")
    text = request.POST.get("text", "")
    try:
        remark_on_report(report=found, actor=account_of(request), address=address, text=text, now=clock.now())
    except OperationProblem as problem:
        if problem.status != _UNPROCESSABLE:
            raise
        return _page(request, found, problem.message)
    messages.success(request, "意见已提交，省级科协可以看到。")
    return _back(number, "#remarks")


@require_POST
def withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take a remark back."""
    withdraw_remark(report=readable(request, number), actor=account_of(request), remark=pk, now=clock.now())
    messages.success(request, "意见已撤回。")
    return _back(number, "#remarks")


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """附件4 or 附件5 of all units, in the order of 附件3."""
    campaign = read_year(request)
    choices = list_choices(campaign) if campaign is not None else {}
    context: dict[str, object] = {"campaign": campaign, "years": campaign_years(), "choices": choices}
    if campaign is not None and choices:
        role = request.GET.get("list", "")
        role = role if role in choices else LISTS[0]
        context |= {"role": role, "title": choices[role], "found": rows_of(campaign, role)}
    return render(request, "free/lists.html", context)


def _page(request: HttpRequest, found: Report, problem: str = "") -> HttpResponse:
    page = reverse("free:report", args=[found.number])
    more = {
        "remarks": remarks_of(found),
        "withdraw_name": "free:withdraw",
        "comments_url": reverse("free:remarks", args=[found.number]),
        "page_url": page,
        "problem": problem,
        "typed_whole": request.POST.get("text", "") if problem else "",
    }
    answer = read_page(request, found, reverse("free:museums"), remarks=may_remark(found), more=more)
    answer.status_code = _UNPROCESSABLE if problem else 200
    return answer


def _box(request: HttpRequest, found: Report, address: str) -> HttpResponse:
    line = find_line(make_sheets(open_report(found), Look()), address)
    if line is None or not may_remark(found):
        return _back(found.number, "")
    context = {
        "report": found,
        "item": Talk([], address).line(line),
        "comments_url": reverse("free:remarks", args=[found.number]),
        "page_url": reverse("free:report", args=[found.number]),
    }
    return render(request, "shared/read_talk.html", context)


def _back(number: str, rest: str) -> HttpResponse:
    return see_other(reverse("free:report", args=[number]) + rest)
