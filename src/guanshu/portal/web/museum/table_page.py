"""/museum/tables/<number>/: one table of the form, to read and to fill in."""

from collections.abc import Mapping
from types import MappingProxyType

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from guanshu.portal import clock
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.reports import OpenReport, compiled
from guanshu.portal.web.museum.frame import report_frame, table_url
from guanshu.portal.web.museum.pages import open_page, page, read_report, report_of, save, surroundings, visit_of
from guanshu.portal.web.museum.remarks import RemarksMaker, remarks_html
from guanshu.portal.web.museum.uploads import files_of
from guanshu.portal.web.shared.entry.answer import about_table, make_answer, status_of
from guanshu.portal.web.shared.entry.panel import PanelMaker
from guanshu.portal.web.shared.entry.posting import (
    answered,
    draft_of,
    find_table,
    following_url,
    is_json,
    neighbours,
    posted_json,
    refusal,
)
from guanshu.portal.web.shared.entry.reading import Reading
from guanshu.portal.web.shared.entry.sheets import make_sheet
from guanshu.portal.web.shared.entry.wire import read_form
from guanshu.portal.web.shared.redirects import see_other


@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, number: str) -> HttpResponse:
    """Show one table; save what is posted, by the script (JSON) or as an ordinary form."""
    if request.method != "POST":
        return show_table(request, open_page(request), number)
    return _save_json(request, number) if is_json(request) else _save_form(request, number)


def show_table(
    request: HttpRequest,
    reading: Reading[OpenReport],
    number: str,
    status: int = 200,
    refused: Mapping[str, str] = MappingProxyType({}),
) -> HttpResponse:
    """Show the page of a table; `refused` are sentences about uploads that were not taken, by purpose."""
    found = find_table(reading, number)
    visit = visit_of(request, number)
    around = surroundings(request, reading, number)
    previous, following = neighbours(around["frame"], number)
    writing = request.GET.get("comment", "") if reading.commenting else ""
    context = {
        **around,
        "files": files_of(reading, found, refused),
        "remarks": RemarksMaker(reading, visit.query).beside(found, writing),
        "page_number": number,
        "sheet": make_sheet(reading, found),
        "panel": PanelMaker(reading, visit.query).panel(found),
        "previous": previous,
        "following": following,
        "action": table_url(number) + visit.query,
    }
    return page(request, "museum/table.html", context, status)


def _save_json(request: HttpRequest, number: str) -> HttpResponse:
    report = report_of(request)
    try:
        result = save(request, report, posted_json(request))
    except OperationProblem as problem:
        return refusal(problem)
    reading = read_report(request, result.opened)
    visit, found = visit_of(request, number), find_table(reading, number)
    answer = make_answer(reading, result, clock.now())
    answer |= about_table(reading, found, report_frame(reading, visit))
    if reading.comments:
        # A change of a cell settles the comment on it.
        answer["comments_html"] = remarks_html(RemarksMaker(reading, visit.query).beside(found), number)
    return answered(answer, result)


def _save_form(request: HttpRequest, number: str) -> HttpResponse:
    report = report_of(request)
    form = compiled(report.questionnaire_id).questionnaire
    if number not in form.by_number:
        raise Http404
    posted = read_form(request, form)
    result = save(request, report, posted.save)
    if result.problems or result.conflicts:
        return show_table(
            request, read_report(request, result.opened, draft_of(result, posted)), number, status_of(result)
        )
    reading = read_report(request, result.opened)
    return see_other(following_url(reading, report_frame(reading, visit_of(request, number)), number, posted))
