"""/museum/tables/<number>/: one table of the form, to read and to fill in."""

from collections.abc import Mapping
from types import MappingProxyType

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.http import require_http_methods

from guanshu.portal import clock
from guanshu.portal.domain.saving import SaveResult
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.reports import compiled
from guanshu.portal.web.museum.pages import (
    is_json,
    open_page,
    page,
    posted_json,
    read_report,
    refusal,
    report_of,
    save,
    surroundings,
    visit_of,
)
from guanshu.portal.web.museum.uploads import files_of
from guanshu.portal.web.shared.entry.answer import about_table, make_answer, status_of
from guanshu.portal.web.shared.entry.frame import Frame, NavItem, make_frame, table_url
from guanshu.portal.web.shared.entry.panel import PanelMaker
from guanshu.portal.web.shared.entry.reading import Draft, Reading
from guanshu.portal.web.shared.entry.remarks import RemarksMaker
from guanshu.portal.web.shared.entry.sheets import make_sheet
from guanshu.portal.web.shared.entry.wire import FormPost, read_form
from guanshu.survey.definition.model import Table

_SEE_OTHER = 303


@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, number: str) -> HttpResponse:
    """Show one table; save what is posted, by the script (JSON) or as an ordinary form."""
    if request.method != "POST":
        return show_table(request, open_page(request), number)
    return _save_json(request, number) if is_json(request) else _save_form(request, number)


def show_table(
    request: HttpRequest,
    reading: Reading,
    number: str,
    status: int = 200,
    refused: Mapping[str, str] = MappingProxyType({}),
) -> HttpResponse:
    """Show the page of a table; `refused` are sentences about uploads that were not taken, by purpose."""
    found = _table(reading, number)
    visit = visit_of(request, number)
    around = surroundings(request, reading, number)
    previous, following = _neighbours(around["frame"], number)
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
    answer = make_answer(reading, result, clock.now())
    answer |= about_table(reading, _table(reading, number), visit_of(request, number))
    return JsonResponse(answer, status=status_of(result), json_dumps_params={"ensure_ascii": False})


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
    return _see_other(_following(request, read_report(request, result.opened), number, posted))


def draft_of(result: SaveResult, posted: FormPost) -> Draft:
    """Return what could not be saved, to be shown again as it was typed."""
    refused = {**result.problems, **result.conflicts}
    texts = {address: text for address, text in posted.texts.items() if address in refused}
    return Draft(texts, result.problems, result.conflicts)


def _following(request: HttpRequest, reading: Reading, number: str, posted: FormPost) -> str:
    """Return where an ordinary post goes on: the same table, at the rows when rows were changed, or the next table."""
    visit = visit_of(request, number)
    if posted.then == "next":
        following = _neighbours(make_frame(reading, visit), number)[1]
        if following is not None:
            return following.url
    anchor = f"#c-{_table(reading, number).name}.rows" if ":" in posted.then else ""
    return table_url(number) + visit.query + anchor


def _see_other(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = _SEE_OTHER
    return response


def _table(reading: Reading, number: str) -> Table:
    found = reading.form.by_number.get(number)
    if found is None:
        raise Http404
    return found


def _neighbours(frame: Frame, number: str) -> tuple[NavItem | None, NavItem | None]:
    """Return the tables before and after, of those that are to be filled in."""
    items = [item for group in frame.groups for item in group.items if item.applies or item.number == number]
    at = next(index for index, item in enumerate(items) if item.number == number)
    return (items[at - 1] if at else None), (items[at + 1] if at + 1 < len(items) else None)
