"""One museum as the nation sees it: its report's state, versions and history; nothing of it can be edited."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.domain.reporting import grant_extension
from guanshu.portal.models import Campaign, Exemption, Extension, Museum, Report
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.campaigns import campaign_years
from guanshu.portal.queries.register import exemptions as declared
from guanshu.portal.queries.register import museum_of, report_of, versions_of, years_of
from guanshu.portal.queries.workflow import Operation, history, situation
from guanshu.portal.web.national.register import register_context
from guanshu.portal.web.shared.acting import act, action_of, read_day
from guanshu.portal.web.shared.filters import read_year
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of

_UNPROCESSABLE = 422


@require_safe
def museum(request: HttpRequest, code: str) -> HttpResponse:
    """Show a museum with its report of a year."""
    found, campaign = _museum(code), _campaign(request)
    return _page(request, found, campaign, report_of(found, campaign))


@require_POST
def extend(request: HttpRequest, code: str) -> HttpResponse:
    """Let a museum submit until a later day."""
    found, campaign = _museum(code), _campaign(request)
    report = _report(found, campaign)
    try:
        until = read_day(request.POST.get("until", ""))
        reason = request.POST.get("reason", "").strip()
        grant_extension(report=report, actor=account_of(request), until=until, reason=reason, now=clock.now())
    except OperationProblem as problem:
        if problem.status != _UNPROCESSABLE:
            raise
        return _page(request, found, campaign, report, problem.message)
    messages.success(request, f"{found.name}：截止日期延至 {until:%Y-%m-%d}。")
    return see_other(f"{reverse('national:museum', args=[code])}?year={campaign.year}")


@require_http_methods(["GET", "HEAD", "POST"])
def action(request: HttpRequest, number: str, word: str) -> HttpResponse:
    """One action of the nation on a report, confirmed on a page of its own."""
    year, _, code = number.partition("-")
    report = _report(_museum(code), _campaign_of(year))
    return act(request, report, action_of(word), f"{reverse('national:museum', args=[code])}?year={year}")


@require_safe
def exemptions(request: HttpRequest) -> HttpResponse:
    """免报: what the provinces declared, to be seen and possibly refused."""
    campaign = read_year(request)
    rows = list(declared(campaign)) if campaign is not None else []
    context = {
        "campaign": campaign,
        "years": campaign_years(),
        "rows": rows,
        "valid": sum(row.ended_at is None for row in rows),
    }
    return render(request, "national/exemptions.html", context)


def _page(
    request: HttpRequest, found: Museum, campaign: Campaign, report: Report | None, problem: str = ""
) -> HttpResponse:
    context = {"museum": found, "campaign": campaign, "years": years_of(found), "report": report}
    context |= register_context(found, account_of(request))
    if report is not None:
        now = situation(report, account_of(request))
        context |= {
            "situation": now,
            "actions": now.actions,
            "may_extend": Operation.EXTEND in now.operations,
            "extensions": Extension.objects.filter(report=report).order_by("-pk"),
            "exemptions": Exemption.objects.filter(report=report).select_related("file").order_by("-pk"),
            "history": history(report),
            "versions": versions_of(report),
            "year_query": f"?year={campaign.year}",
            "problem": problem,
            "typed": request.POST,
        }
    return render(request, "national/museum.html", context, status=_UNPROCESSABLE if problem else 200)


def _museum(code: str) -> Museum:
    found = museum_of(code)
    if found is None:
        raise Http404
    return found


def _campaign(request: HttpRequest) -> Campaign:
    campaign = read_year(request)
    if campaign is None:
        raise Http404
    return campaign


def _campaign_of(year: str) -> Campaign:
    known = year.isascii() and year.isdigit() and len(year) < 10
    found = Campaign.objects.filter(year=int(year)).first() if known else None
    if found is None:
        raise Http404
    return found


def _report(found: Museum, campaign: Campaign) -> Report:
    report = report_of(found, campaign)
    if report is None:
        raise Http404
    return report
