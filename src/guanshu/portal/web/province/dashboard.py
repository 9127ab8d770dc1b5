"""本省概况: progress, ageing, key figures against last year, distribution, cities, findings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guanshu.portal import clock
from guanshu.portal.queries.campaigns import campaign_years, deadlines
from guanshu.portal.queries.dashboard import LONG, ageing, city_grid, findings, level_shares, shares
from guanshu.portal.queries.lists import ListFilter
from guanshu.portal.queries.provincefigures import by_size, province_figures
from guanshu.portal.queries.status import status_rows, tally
from guanshu.portal.web.province.views import own_province
from guanshu.portal.web.shared.filters import read_year

_ROLES = (
    "visits", "free_visits", "free_days", "exhibits_total", "exhibits_new", "temporary_count", "edu_sessions",
    "edu_people", "income", "subsidy_allocated", "subsidy_received", "subsidy_spent", "subsidy_balance",
)  # fmt: skip
_TABLES = 12


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the province at a glance; the number of questions does not depend on the number of museums."""
    province, campaign = own_province(request), read_year(request)
    if campaign is None:
        return render(request, "province/dashboard.html", {"province": province})
    today = clock.today()
    rows = status_rows(campaign, province, ListFilter(), today)
    figures = province_figures(province, campaign)
    found = findings(province, campaign)
    context = {
        "province": province,
        "campaign": campaign,
        "years": campaign_years(),
        "deadlines": deadlines(campaign, today),
        "tally": tally(rows),
        "ageing": ageing(rows),
        "long": LONG,
        "cities": city_grid(rows),
        "levels": level_shares(rows),
        "sizes": shares(by_size(figures.this)),
        "figures": [figures.compared(role) for role in _ROLES if role in figures.this.cells],
        "execution": (figures.this.execution(), figures.last.execution()),
        "last_year": campaign.year - 1,
        "submitted": len(figures.this.museums),
        "findings": found,
        "tables": found.tables[:_TABLES],
        "more_tables": len(found.tables) - _TABLES,
    }
    return render(request, "province/dashboard.html", context)
