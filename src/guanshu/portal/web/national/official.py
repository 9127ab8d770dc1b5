"""表样与指导手册: the nation's own files in place of the generated ones."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.domain.official_files import put_official, remove_official
from guanshu.portal.domain.publications import FORMATS, publications
from guanshu.portal.domain.scanning import ScannerSilent
from guanshu.portal.models import Campaign
from guanshu.portal.problems import BadFile, TooLarge, Unusable
from guanshu.portal.queries.campaigns import campaign_years
from guanshu.portal.queries.officialfiles import official_versions
from guanshu.portal.web.shared.filters import read_year
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of
from guanshu.portal.web.shared.uploads import received_file


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show what is handed out, and what was."""
    return _page(request, _campaign(request))


@require_POST
def put(request: HttpRequest, kind: str, suffix: str) -> HttpResponse:
    """Put an official file in place of the generated one."""
    campaign = _campaign(request)
    if suffix not in FORMATS.get(kind, ()):
        raise Http404
    try:
        file = received_file(request, "file")
        row = put_official(
            campaign=campaign, kind=kind, suffix=suffix, upload=file, actor=account_of(request), now=clock.now()
        )
    except (BadFile, TooLarge, Unusable, ScannerSilent) as problem:
        return _page(request, campaign, f"{kind}.{suffix}", problem)
    messages.success(request, f"首页现在提供官方文件「{row.official_name}」。")
    return _back(campaign)


@require_POST
def remove(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """恢复系统生成."""
    campaign = _campaign(request)
    row = remove_official(campaign=campaign, file_id=file_id, actor=account_of(request), now=clock.now())
    messages.success(request, f"官方文件「{row.official_name}」已撤下，首页恢复提供系统生成的文件。")
    return _back(campaign)


def _page(
    request: HttpRequest,
    campaign: Campaign,
    failed: str = "",
    problem: BadFile | TooLarge | Unusable | ScannerSilent | None = None,
) -> HttpResponse:
    context = {
        "campaign": campaign,
        "years": campaign_years(),
        "publications": publications(campaign),
        "versions": official_versions(campaign),
        "failed": failed,
        "problem": problem.message if problem is not None else "",
    }
    return render(request, "national/publications.html", context, status=problem.status if problem is not None else 200)


def _back(campaign: Campaign) -> HttpResponse:
    return see_other(f"{reverse('national:publications')}?year={campaign.year}")


def _campaign(request: HttpRequest) -> Campaign:
    campaign = read_year(request)
    if campaign is None:
        raise Http404
    return campaign
