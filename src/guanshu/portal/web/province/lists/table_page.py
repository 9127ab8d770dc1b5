"""/province/materials/tables/<number>/: one list, to read and to fill in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from guanshu.portal import clock
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.filings import OpenFiling
from guanshu.portal.queries.reports import compiled
from guanshu.portal.web.province.lists.aside import asides_of
from guanshu.portal.web.province.lists.pages import (
    filing_frame,
    filing_of,
    open_page,
    page,
    read_filing,
    save,
    surroundings,
)
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
    """Show one list; save what is posted, by the script (JSON) or as an ordinary form."""
    if request.method != "POST":
        return show_table(request, open_page(request), number)
    return _save_json(request, number) if is_json(request) else _save_form(request, number)


def show_table(request: HttpRequest, reading: Reading[OpenFiling], number: str, status: int = 200) -> HttpResponse:
    """Show the page of a list."""
    found = find_table(reading, number)
    around = surroundings(request, reading, number)
    frame = around["frame"]
    previous, following = neighbours(frame, number)
    context = {
        **around,
        "page_number": number,
        "sheet": make_sheet(reading, found),
        "panel": PanelMaker(reading, frame.query).panel(found),
        "previous": previous,
        "following": following,
        "action": reading.pages.table_url(number) + frame.query,
        **asides_of(reading, found),
    }
    return page(request, "province/lists/table.html", context, status)


def _save_json(request: HttpRequest, number: str) -> HttpResponse:
    try:
        result = save(request, filing_of(request), posted_json(request))
    except OperationProblem as problem:
        return refusal(problem)
    reading = read_filing(result.opened)
    frame = filing_frame(request, reading, number)
    answer = make_answer(reading, result, clock.now()) | about_table(reading, find_table(reading, number), frame)
    return answered(answer, result)


def _save_form(request: HttpRequest, number: str) -> HttpResponse:
    filing = filing_of(request)
    form = compiled(filing.questionnaire_id).questionnaire
    if number not in form.by_number:
        raise Http404
    posted = read_form(request, form)
    result = save(request, filing, posted.save)
    if result.problems or result.conflicts:
        return show_table(request, read_filing(result.opened, draft_of(result, posted)), number, status_of(result))
    reading = read_filing(result.opened)
    return see_other(following_url(reading, filing_frame(request, reading, number), number, posted))
