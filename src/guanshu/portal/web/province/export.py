"""本省已建成科技馆数据查询: looking figures up, and the two workbooks."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.access import access_report, own_filing
from guanshu.portal.domain.filing.confirming import confirm_export
from guanshu.portal.queries.campaigns import campaign_years
from guanshu.portal.queries.exportpreview import preview
from guanshu.portal.queries.exports import Scope
from guanshu.portal.queries.figures import figures
from guanshu.portal.queries.filingbasis import export_basis
from guanshu.portal.queries.filingcheck import EXPORTS, confirmations, counts
from guanshu.portal.queries.filingstanding import find_filing, stand_filing
from guanshu.portal.queries.lists import city_counts, museum_row, reports_in
from guanshu.portal.queries.reports import open_report
from guanshu.portal.web.province.views import own_province
from guanshu.portal.web.shared.exports import ExportPage, export_page
from guanshu.portal.web.shared.filters import read_filter, read_year, state_choices
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of, wants_fragment


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
    account = account_of(request)
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
    return export_page(request, ExportPage(scope, reverse("province:data"), campaign_years(), [], _look(scope)))


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """确认信息无误: note that the province has looked at the workbook as it is now."""
    account, campaign = account_of(request), read_year(request)
    filing = own_filing(account, campaign.year if campaign else None)
    free = request.GET.get("free") == "1"
    confirm_export(filing=filing, actor=account, free=free, basis=request.POST.get("basis", ""), now=clock.now())
    messages.success(request, "已确认信息无误。之后数据如有变动，须重新确认。")
    return see_other(f"{reverse('province:export')}?{request.GET.urlencode()}")


def _look(scope: Scope) -> dict[str, object]:
    """Return the preview, and how the province's confirmation of it stands, in a year that has filings."""
    found: dict[str, object] = {"preview": preview(scope)}
    filing = find_filing(scope.province, scope.campaign)
    if filing is not None:
        basis = export_basis(filing, free=scope.free).digest
        confirmed = confirmations(filing).get(EXPORTS[scope.free])
        found |= {
            "filing": filing,
            "basis": basis,
            "confirmation": confirmed,
            "confirmation_counts": counts(confirmed, basis),
            "may_confirm": stand_filing(filing, clock.today()).editable,
        }
    return found
