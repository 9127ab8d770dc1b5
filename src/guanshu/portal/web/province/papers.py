"""The province's documents: the draft of the 自评报告, and its lists as Word and PDF."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_http_methods, require_safe

from guanshu.portal import clock
from guanshu.portal.access import own_filing
from guanshu.portal.domain.filing.evaluating import draft_evaluation, draft_refusal
from guanshu.portal.domain.filing.papering import make_list_paper
from guanshu.portal.domain.revealing import record_download
from guanshu.portal.models import Filing
from guanshu.portal.problems import Unusable
from guanshu.portal.queries.campaigns import campaign_years
from guanshu.portal.queries.filings import open_filing
from guanshu.portal.queries.provinceevaluation import changed_since, drafts, evaluation_basis, is_free
from guanshu.portal.queries.provincefigures import province_figures
from guanshu.portal.web.shared.filters import read_year
from guanshu.portal.web.shared.handing import handed_out
from guanshu.portal.web.shared.requests import account_of

_ROLES = (
    "subsidy_allocated", "subsidy_carryover", "subsidy_received", "subsidy_spent", "subsidy_balance", "visits",
    "free_visits", "free_days", "exhibits_new", "temporary_count", "edu_sessions", "edu_people",
)  # fmt: skip
# Where the finished report is handed in, if there is such a page.
_UPLOAD = "/province/materials/files/evaluation-word/"


@require_http_methods(["GET", "HEAD", "POST"])
def evaluation(request: HttpRequest) -> HttpResponse:
    """Show the key figures and the drafts so far (GET), or hand out a new draft (POST)."""
    filing = _filing(request)
    if request.method == "POST":
        file = draft_evaluation(filing=filing, actor=account_of(request), now=clock.now())
        return handed_out(file.data, file.name)
    opened = open_filing(filing)
    figures = province_figures(filing.province, filing.campaign)
    basis = evaluation_basis(opened, figures)
    handed = drafts(filing)
    outdated = bool(handed) and handed[0].basis != basis.digest
    context = {
        "filing": filing,
        "campaign": filing.campaign,
        "province": filing.province,
        "years": campaign_years(),
        "drafts": handed,
        "outdated": outdated,
        "changes": changed_since(handed[0].figures, figures, basis) if outdated else [],
        "figures": [figures.compared(role, is_free) for role in _ROLES if role in figures.this.cells],
        "execution": (figures.this.execution(is_free), figures.last.execution(is_free)),
        "last_year": filing.campaign.year - 1,
        "museums": len(figures.this.museums),
        "free": sum(map(is_free, figures.this.museums)),
        "refused": draft_refusal(opened),
        "upload": _UPLOAD if _exists(_UPLOAD) else "",
    }
    return render(request, "province/evaluation.html", context)


@require_safe
def paper(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """Hand out a list as it stands now."""
    opened = open_filing(_filing(request))
    try:
        file = make_list_paper(opened=opened, name=name, kind=kind)
    except Unusable as problem:
        raise Http404(problem.message) from problem
    if request.method == "GET":
        told = {"about": file.name}
        record_download(
            action="download_paper", object=opened.filing.number, actor=account_of(request), now=clock.now(), **told
        )
    return handed_out(file.data, file.name)


def _filing(request: HttpRequest) -> Filing:
    campaign = read_year(request)
    return own_filing(account_of(request), campaign.year if campaign else None)


def _exists(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
