"""/province/materials/check/: all findings of all lists and everything blank; explanations are typed here too."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guanshu.portal import clock
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.filings import OpenFiling
from guanshu.portal.queries.reports import compiled
from guanshu.portal.web.province.lists.pages import (
    filing_frame,
    filing_of,
    open_page,
    page,
    query_of,
    read_filing,
    save,
    surroundings,
)
from guanshu.portal.web.shared.entry.answer import about_frame, make_answer, status_of
from guanshu.portal.web.shared.entry.panel import PanelMaker
from guanshu.portal.web.shared.entry.posting import answered, draft_of, is_json, posted_json, refusal
from guanshu.portal.web.shared.entry.reading import Reading
from guanshu.portal.web.shared.entry.wire import read_form
from guanshu.portal.web.shared.redirects import see_other


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show all findings and all that is missing; save explanations."""
    if request.method != "POST":
        return _show(request, open_page(request))
    return _save_json(request) if is_json(request) else _save_form(request)


def _show(request: HttpRequest, reading: Reading[OpenFiling], status: int = 200) -> HttpResponse:
    query = query_of(request)
    context = {
        **surroundings(request, reading),
        "sections": PanelMaker(reading, query).sections(),
        "action": reverse("province:materials_check") + query,
        "on_check": True,
    }
    return page(request, "province/lists/check.html", context, status)


def _save_json(request: HttpRequest) -> HttpResponse:
    try:
        result = save(request, filing_of(request), posted_json(request))
    except OperationProblem as problem:
        return refusal(problem)
    reading = read_filing(result.opened)
    frame = filing_frame(request, reading)
    context = {"frame": frame, "sections": PanelMaker(reading, frame.query).sections()}
    answer = make_answer(reading, result, clock.now()) | about_frame(reading, frame)
    answer["findings_html"] = render_to_string("shared/entry/sections.html", context)
    return answered(answer, result)


def _save_form(request: HttpRequest) -> HttpResponse:
    filing = filing_of(request)
    posted = read_form(request, compiled(filing.questionnaire_id).questionnaire)
    result = save(request, filing, posted.save)
    if result.problems or result.conflicts:
        return _show(request, read_filing(result.opened, draft_of(result, posted)), status_of(result))
    return see_other(reverse("province:materials_check") + query_of(request))
