"""The nation's workbooks."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guanshu.portal.models import Province
from guanshu.portal.queries.campaigns import campaign_years
from guanshu.portal.queries.exports import Scope
from guanshu.portal.web.shared.exports import ExportPage, export_page
from guanshu.portal.web.shared.filters import read_year


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """The workbook of the country or of one province; the password is asked again."""
    campaign = read_year(request)
    if campaign is None:
        raise Http404
    code = request.POST.get("province", "") or request.GET.get("province", "")
    province = Province.objects.filter(code=code).first() if code else None
    if code and province is None:
        raise Http404
    free = "1" in {request.GET.get("free"), request.POST.get("free")}
    page = ExportPage(
        Scope(campaign, province, free), reverse("national:home"), campaign_years(), list(Province.objects.all())
    )
    return export_page(request, page)
