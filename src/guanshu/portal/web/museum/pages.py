"""What the museum's views have in common: the account, the year in the address, the report, the modules of a page."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from guanshu.portal import clock
from guanshu.portal.access import own_report
from guanshu.portal.domain.saving import SaveResult, save_answers
from guanshu.portal.models import Account, Report
from guanshu.portal.problems import OperationProblem, TooLarge
from guanshu.portal.queries.reports import OpenReport, open_report
from guanshu.portal.web.museum.frame import Visit, may_edit
from guanshu.portal.web.museum.reading import NO_DRAFT, Draft, Reading
from guanshu.portal.web.museum.wire import SaveRequest, read_json
from guanshu.survey.workflow.states import State


def account_of(request: HttpRequest) -> Account:
    """Return who is logged in; the gate lets nobody else in."""
    account = request.user
    assert isinstance(account, Account)  # noqa: S101 (the gate lets in accounts only)
    return account


def report_of(request: HttpRequest) -> Report:
    """Return the museum's report of the year in the address, or of the newest campaign. Raises Http404."""
    year = request.GET.get("year", "")
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        raise Http404
    return own_report(account_of(request), int(year) if year else None)


def visit_of(request: HttpRequest, table: str = "") -> Visit:
    """Return who looks, when and where. The year stays in every link of a closed year's pages."""
    account = account_of(request)
    year = request.GET.get("year", "")
    return Visit(account.username, account.role, clock.today(), f"?{urlencode({'year': year})}" if year else "", table)


def read_report(request: HttpRequest, opened: OpenReport, draft: Draft = NO_DRAFT) -> Reading:
    """Return the opened report as this reader sees it."""
    report = opened.report
    editable = may_edit(account_of(request).role, State(report.state), closed=report.campaign.closed)
    return Reading(opened, editable=editable, draft=draft)


def open_page(request: HttpRequest) -> Reading:
    """Return the report the address means, opened for reading. Raises Http404."""
    return read_report(request, open_report(report_of(request)))


def save(request: HttpRequest, report: Report, posted: SaveRequest) -> SaveResult:
    """Hand a save to the one operation that writes a museum's values."""
    return save_answers(
        report=report,
        actor=account_of(request),
        request_id=posted.request,
        body=posted.body,
        changes=posted.changes,
        now=clock.now(),
    )


def posted_json(request: HttpRequest) -> SaveRequest:
    """Return the save in the body. Raises TooLarge or Unusable."""
    try:
        return read_json(request.body)
    except RequestDataTooBig as error:
        raise TooLarge from error


def is_json(request: HttpRequest) -> bool:
    """Return whether a script posts, not a form."""
    return request.content_type == "application/json"


def refusal(problem: OperationProblem) -> JsonResponse:
    """Return what the browser's queue shows when a whole request was refused; `code` tells it whether to go on."""
    return JsonResponse({"message": problem.message, "code": problem.code}, status=problem.status)


def page(request: HttpRequest, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    """Return a page of the museum's area."""
    return render(request, template, {"modules": modules(), **context}, status=status)


@cache
def modules() -> tuple[str, ...]:
    """Return the script's modules, so that a browser fetches them all at once instead of one after the other."""
    folder = Path(settings.BASE) / "static" / "js" / "entry"
    return tuple(f"js/entry/{path.name}" for path in sorted(folder.glob("*.js")))
