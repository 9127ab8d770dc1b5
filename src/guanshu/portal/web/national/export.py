"""The nation's workbooks."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from guanshu.portal import clock
from guanshu.portal.domain.exporting import export_for_web
from guanshu.portal.models import Campaign, Province
from guanshu.portal.queries.campaigns import campaign_years
from guanshu.portal.web.shared.filters import read_year
from guanshu.portal.web.shared.workbooks import workbook_response


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """A page that says what a workbook would hold (GET), and the workbook (POST); the export is recorded."""
    campaign = read_year(request)
    if campaign is None:
        raise Http404
    if request.method == "POST":
        return _workbook(request, campaign)
    context = {"campaign": campaign, "years": campaign_years(), "provinces": Province.objects.all()}
    return render(request, "national/export.html", context)


def _workbook(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    code = request.POST.get("province", "")
    province = Province.objects.filter(code=code).first() if code else None
    if code and province is None:
        raise Http404
    exported = export_for_web(
        year=campaign.year,
        province=province,
        free="1" in {request.GET.get("free"), request.POST.get("free")},
        actor=request.user.get_username(),
        now=clock.now(),
    )
    return workbook_response(exported)
