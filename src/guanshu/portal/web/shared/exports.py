"""The page before an export: what the workbook will hold, the password once more, then the file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from guanshu.portal import clock
from guanshu.portal.domain.exporting import export_for_web
from guanshu.portal.models import Province
from guanshu.portal.queries.exports import Scope, standing
from guanshu.portal.web.shared.reauth import VALID, confirm, is_confirmed
from guanshu.portal.web.shared.workbooks import workbook_response


@dataclass(frozen=True, slots=True)
class ExportPage:
    """What differs between the province's and the nation's page; `provinces` are offered to choose from.

    more: what else the page shows (the province's preview and confirmation).
    """

    scope: Scope
    back: str
    years: list[int]
    provinces: list[Province]
    more: Mapping[str, Any] = field(default_factory=dict)


@sensitive_post_parameters("password")
def export_page(request: HttpRequest, page: ExportPage) -> HttpResponse:
    """Show the page (GET), or hand out the workbook when the password is right (POST); each export is recorded."""
    unsubmitted = request.POST.get("unsubmitted") == "1"
    if request.method != "POST":
        return _show(request, page)
    problem = confirm(request)
    if problem:
        return _show(request, page, problem, unsubmitted=unsubmitted)
    scope = page.scope
    exported = export_for_web(
        year=scope.campaign.year,
        province=scope.province,
        free=scope.free,
        unsubmitted=unsubmitted,
        actor=request.user.get_username(),
        now=clock.now(),
    )
    return workbook_response(exported)


def _show(request: HttpRequest, page: ExportPage, problem: str = "", *, unsubmitted: bool = False) -> HttpResponse:
    context = {
        "page": page,
        "campaign": page.scope.campaign,
        "standing": standing(page.scope),
        "confirmed": is_confirmed(request),
        "minutes": VALID.seconds // 60,
        "problem": problem,
        "unsubmitted": unsubmitted,
        **page.more,
    }
    return render(request, "shared/export.html", context, status=422 if problem else 200)
