"""本省已建成科技馆填报状态."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guanshu.portal import clock
from guanshu.portal.models import Province
from guanshu.portal.queries.campaigns import campaign_years, deadlines
from guanshu.portal.queries.filingstanding import find_filing
from guanshu.portal.queries.lists import ListFilter, city_counts
from guanshu.portal.queries.status import status_rows, tally
from guanshu.portal.web.shared.filters import read_filter, read_year, state_choices
from guanshu.portal.web.shared.paging import by_city, page_of, sections
from guanshu.portal.web.shared.requests import account_of, wants_fragment


def own_province(request: HttpRequest) -> Province:
    """Return the province of the account; the gate lets in accounts of provinces only."""
    account = account_of(request)
    assert account.province is not None  # noqa: S101
    return account.province


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """本省已建成科技馆填报状态."""
    province, campaign, wanted = own_province(request), read_year(request), read_filter(request)
    if campaign is None:
        return render(request, "province/status.html", {"province": province})
    rows = status_rows(campaign, province, wanted, clock.today())
    rows = by_city(rows)
    page = page_of(request, rows)
    context = {
        "province": province,
        "campaign": campaign,
        "wanted": wanted,
        "rows": rows,
        "page": page,
        "sections": sections(list(page), rows),
        "base": reverse("province:status"),
        "reports": reverse("province:review"),
    }
    if wants_fragment(request):
        return render(request, "shared/status_table.html", context)
    everything = status_rows(campaign, province, ListFilter(), clock.today()) if wanted.active else rows
    context |= {
        "tally": tally(everything),
        "cities": city_counts(campaign, province),
        "states": state_choices(),
        "years": campaign_years(),
        "deadlines": deadlines(campaign, clock.today()),
        "filing": find_filing(province, campaign),
    }
    return render(request, "province/status.html", context)
