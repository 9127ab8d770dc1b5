"""本省已建成科技馆数据查询: looking figures up, and the two workbooks."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from guanshu.portal.access import access_report
from guanshu.portal.models import Account
from guanshu.portal.queries.campaigns import campaign_years
from guanshu.portal.queries.exports import Scope
from guanshu.portal.queries.figures import figures
from guanshu.portal.queries.lists import city_counts, museum_row, reports_in
from guanshu.portal.queries.reports import open_report
from guanshu.portal.web.province.views import own_province
from guanshu.portal.web.shared.exports import ExportPage, export_page
from guanshu.portal.web.shared.filters import read_filter, read_year, state_choices
from guanshu.portal.web.shared.requests import wants_fragment


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """The province's museums, each a link to its figures, and the buttons of the notice."""
    province, campaign, wanted = own_province(request), read_year(request), read_filter(request)
    context: dict[str, object] = {"province": province, "campaign": campaign, "wanted": wanted}
    if campaign is not None:
        context["rows"] = [museum_row(report) for report in reports_in(campaign, wanted, province)]
    if wants_fragment(request):
        return render(request, "province/data_table.html", context)
    cities = city_counts(campaign, province) if campaign is not None else {}
    context |= {"cities": cities, "states": state_choices(), "years": campaign_years()}
    return render(request, "province/data.html", context)


@require_safe
def museum(request: HttpRequest, number: str) -> HttpResponse:
    """One museum's figures, one table at a time, read-only."""
    account = request.user
    assert isinstance(account, Account)  # noqa: S101
    opened = open_report(access_report(account, number))
    tables = opened.compiled.questionnaire.by_number
    wanted = request.GET.get("table", next(iter(tables)))
    if wanted not in tables:
        raise Http404
    context = {
        "report": opened.report,
        "row": museum_row(opened.report),
        "tables": list(tables.values()),
        "table": tables[wanted],
        "figures": figures(opened, tables[wanted]),
        "hidden": opened.evaluation.hidden,
        "findings": [finding for finding in opened.evaluation.findings if finding.table == wanted],
    }
    return render(request, "province/data_museum.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """The province's workbook, all museums or (`?free=1`) the free-opening ones; the password is asked again."""
    province, campaign = own_province(request), read_year(request)
    if campaign is None:
        raise Http404
    scope = Scope(campaign, province, request.GET.get("free") == "1")
    return export_page(request, ExportPage(scope, reverse("province:data"), campaign_years(), []))
