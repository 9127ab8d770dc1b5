"""What the museum's views have in common: the account, the year in the address, the report, the modules of a page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from guanshu.portal import clock
from guanshu.portal.access import own_report
from guanshu.portal.domain.saving import SaveResult, save_answers
from guanshu.portal.models import Report
from guanshu.portal.queries.files import current_purposes
from guanshu.portal.queries.reports import OpenReport, open_report
from guanshu.portal.queries.review import comments_of
from guanshu.portal.queries.workflow import situation
from guanshu.portal.web.museum.frame import PAGES, may_comment, may_edit, report_frame
from guanshu.portal.web.museum.way import make_way
from guanshu.portal.web.shared.entry.frame import Visit
from guanshu.portal.web.shared.entry.posting import modules
from guanshu.portal.web.shared.entry.reading import NO_DRAFT, Around, Draft, Reading
from guanshu.portal.web.shared.entry.wire import SaveRequest
from guanshu.portal.web.shared.requests import account_of
from guanshu.survey.workflow.states import State


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


def read_report(request: HttpRequest, opened: OpenReport, draft: Draft = NO_DRAFT) -> Reading[OpenReport]:
    """Return the opened report as this reader sees it."""
    report, role = opened.report, account_of(request).role
    state, closed = State(report.state), report.campaign.closed
    commenting = may_comment(role, state, closed=closed)
    comments = comments_of(report, role) if report.round or commenting else ()
    return Reading(
        opened,
        pages=PAGES,
        editable=may_edit(role, state, closed=closed) and clock.today() >= report.campaign.opens_on,
        commenting=commenting,
        draft=draft,
        around=Around(comments, report.round, current_purposes(report)),
    )


def open_page(request: HttpRequest) -> Reading[OpenReport]:
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


def page(request: HttpRequest, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    """Return a page of the museum's area."""
    return render(request, template, {"modules": modules(), **context}, status=status)


def surroundings(request: HttpRequest, reading: Reading[OpenReport], table: str = "") -> dict[str, Any]:
    """Return what every page shows around its own: frame, what there is to do next, the query of its links."""
    visit = visit_of(request, table)
    frame = report_frame(reading, visit)
    now = situation(reading.opened.report, account_of(request), reading.opened)
    return {"frame": frame, "way": make_way(reading, frame, now), "situation": now}
