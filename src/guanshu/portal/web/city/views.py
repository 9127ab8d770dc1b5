"""/city/: a city's museums with their states, their reports to read, reminders by hand; nothing is approved here."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.queries.campaigns import campaign_years, deadlines
from guanshu.portal.queries.status import status_rows, tally
from guanshu.portal.web.shared.filters import read_filter, read_year, state_choices
from guanshu.portal.web.shared.paging import page_of, sections
from guanshu.portal.web.shared.reading_page import read_page, readable
from guanshu.portal.web.shared.reminding import Desk, log_page, prepare_page, send_page
from guanshu.portal.web.shared.requests import account_of, wants_fragment

# A city is never empty here; this one has no museums.
_NO_CITY = "\x7f"


@require_safe
def museums(request: HttpRequest) -> HttpResponse:
    """本市科技馆填报状态."""
    desk, campaign = _desk(request), read_year(request)
    if campaign is None:
        return render(request, "city/museums.html", {"desk": desk})
    wanted = replace(read_filter(request), city=desk.city)
    rows = status_rows(campaign, desk.province, wanted, clock.today())
    page = page_of(request, rows)
    context = {
        "desk": desk,
        "campaign": campaign,
        "wanted": replace(wanted, city=""),
        "rows": rows,
        "page": page,
        "sections": sections(list(page), rows),
        "reports": reverse("city:museums") + "reports/",
    }
    if wants_fragment(request):
        return render(request, "shared/status_table.html", context)
    everything = status_rows(
        campaign,
        desk.province,
        replace(read_filter(request), city=desk.city, state=None, free=False, text=""),
        clock.today(),
    )
    context |= {
        "tally": tally(everything),
        "states": state_choices(),
        "years": campaign_years(),
        "deadlines": deadlines(campaign, clock.today()),
    }
    return render(request, "city/museums.html", context)


@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    """One report of a museum of the city."""
    return read_page(request, readable(request, number), reverse("city:museums"))


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """催报记录."""
    return log_page(request, _desk(request))


@require_POST
def prepare(request: HttpRequest) -> HttpResponse:
    """Who would get what; nothing is sent yet."""
    return prepare_page(request, _desk(request))


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Send it, or leave it for the next allowed moment."""
    return send_page(request, _desk(request))


def _desk(request: HttpRequest) -> Desk:
    account = account_of(request)
    assert account.province is not None  # noqa: S101 (the database holds to it)
    return Desk(
        account.province,
        log="city:reminders",
        prepare="city:remind",
        send="city:remind_send",
        back="city:museums",
        city=account.city or _NO_CITY,
    )
