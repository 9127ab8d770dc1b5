"""The nation's lists: the 32 units, and all museums."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guanshu.portal import clock
from guanshu.portal.models import Province
from guanshu.portal.queries.campaigns import campaign_years, deadlines
from guanshu.portal.queries.lists import museum_row, province_rows, reports_in, total_counts
from guanshu.portal.web.shared.filters import read_filter, read_year, state_choices
from guanshu.portal.web.shared.reminder_log import log_context
from guanshu.portal.web.shared.requests import wants_fragment

PAGE = 50


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """全国填报进度: the units in the order of 附件3."""
    campaign = read_year(request)
    if campaign is None:
        return render(request, "national/home.html")
    rows = province_rows(campaign)
    context = {
        "campaign": campaign,
        "rows": rows,
        "counts": total_counts(rows),
        "years": campaign_years(),
        "deadlines": deadlines(campaign, clock.today()),
    }
    return render(request, "national/home.html", context)


@require_safe
def museums(request: HttpRequest) -> HttpResponse:
    """全部科技馆, fifty a page."""
    campaign, wanted = read_year(request), read_filter(request)
    if campaign is None:
        return render(request, "national/museums.html")
    page = Paginator(reports_in(campaign, wanted), PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "wanted": wanted,
        "page": page,
        "rows": [museum_row(report) for report in page.object_list],
        "show_province": True,
        "museum_links": True,
    }
    if wants_fragment(request):
        return render(request, "shared/museum_table.html", context)
    context |= {"provinces": Province.objects.all(), "states": state_choices(), "years": campaign_years()}
    return render(request, "national/museums.html", context)


@require_safe
def reminders(request: HttpRequest) -> HttpResponse:
    """催报记录: who was reminded of what in the whole country; nothing can be sent from here."""
    campaign = read_year(request)
    if campaign is None:
        return render(request, "national/reminders.html")
    context = log_context(request, campaign)
    if wants_fragment(request):
        return render(request, "shared/reminder_table.html", context)
    return render(request, "national/reminders.html", {**context, "provinces": Province.objects.all()})
