"""/province/submission/: what is still missing, the package, 信息上报, and what became of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.domain.filing.packing import ask_for_package, running_job
from guanshu.portal.domain.filing.performing import perform_filing
from guanshu.portal.models import Filing, Package
from guanshu.portal.problems import NotReady, OperationProblem, Unusable
from guanshu.portal.queries.campaigns import campaign_years
from guanshu.portal.queries.filingcheck import checklist
from guanshu.portal.queries.filings import open_filing
from guanshu.portal.queries.filingstanding import filing_history, filing_receipts, latest_return
from guanshu.portal.queries.packages import contents, drift, package_problems, packages
from guanshu.portal.queries.seals import newest_seal
from guanshu.portal.web.province.submission.common import (
    filing_of,
    groups,
    surroundings,
    year_query,
)
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of
from guanshu.survey.workflow.filing import FilingAction

_OFFERED = {action.value: action for action in (FilingAction.SUBMIT, FilingAction.WITHDRAW)}
_RECENT = 8
_DONE = {
    FilingAction.SUBMIT: "已上报。可以打印回执；全国开始查看前可以撤回。",
    FilingAction.WITHDRAW: "已撤回上报。修改后请在截止日期前重新上报。",
}


@require_http_methods(["GET", "HEAD", "POST"])
def submission(request: HttpRequest) -> HttpResponse:
    """Show where the submission stands; hand it in, or take it back."""
    filing = filing_of(request)
    if request.method != "POST":
        return show(request, filing)
    action = _OFFERED.get(request.POST.get("action", ""))
    try:
        if action is None:
            raise Unusable
        package = _package_of(request, filing) if action is FilingAction.SUBMIT else None
        perform_filing(filing=filing, actor=account_of(request), action=action, now=clock.now(), package=package)
    except OperationProblem as problem:
        return show(request, filing_of(request), problem)
    messages.success(request, _DONE[action])
    return see_other(reverse("province:submission") + year_query(request))


def _package_of(request: HttpRequest, filing: Filing) -> Package | None:
    serial = request.POST.get("package", "")
    wanted = int(serial) if serial.isascii() and serial.isdigit() and len(serial) < 8 else 0
    return Package.objects.select_related("file").filter(filing=filing, serial=wanted).first()


@require_POST
def build(request: HttpRequest) -> HttpResponse:
    """Ask the worker to build the package."""
    filing = filing_of(request)
    try:
        ask_for_package(filing=filing, actor=account_of(request), now=clock.now())
    except OperationProblem as problem:
        return show(request, filing_of(request), problem)
    return see_other(f"{reverse('province:submission')}{year_query(request)}#package")


@require_safe
def receipt(request: HttpRequest, place: int) -> HttpResponse:
    """Show one receipt, to print."""
    filing = filing_of(request)
    found = next((each for each in filing_receipts(filing) if each.place == place), None)
    if found is None:
        raise Http404
    context = {**surroundings(request, filing), "found": found, "seal": newest_seal()}
    return render(request, "province/filing_receipt.html", context)


def show(request: HttpRequest, filing: Filing, problem: OperationProblem | None = None) -> HttpResponse:
    """Return the page, with what was refused."""
    around, opened = surroundings(request, filing), open_filing(filing)
    made, found = packages(filing), checklist(opened)
    newest = made[0] if made else None
    receipts, history = filing_receipts(filing), filing_history(filing)
    context: dict[str, Any] = {
        **around,
        "years": campaign_years(),
        "check": found,
        "groups": groups(found, around["query"]),
        "job": running_job(filing),
        "package": newest,
        "drift": drift(newest, opened) if newest is not None and around["editable"] else None,
        "contents": contents(newest, opened) if newest is not None else None,
        "package_problems": package_problems(newest, opened) if newest is not None else (),
        "packages": made,
        "receipts": receipts,
        "receipt": receipts[0] if receipts else None,
        "returned": latest_return(filing) if filing.returned_at is not None else None,
        "recent": history[:_RECENT],
        "older": history[_RECENT:],
        "action_labels": [action.label for action in around["situation"].actions],
        "submit_refusal": around["situation"].refusals.get(FilingAction.SUBMIT, ""),
        "problem": problem.message if problem else "",
        "left": problem.sentences if isinstance(problem, NotReady) else (),
    }
    return render(request, "province/submission.html", context, status=problem.status if problem else 200)
