"""/museum/ (overview) and /museum/check/ (全表审核)."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from guanshu.portal import clock
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.reports import OpenReport, compiled
from guanshu.portal.web.museum.frame import report_frame
from guanshu.portal.web.museum.pages import open_page, page, read_report, report_of, save, surroundings, visit_of
from guanshu.portal.web.museum.years import go_on_with, other_years
from guanshu.portal.web.shared.entry.answer import about_frame, make_answer, status_of
from guanshu.portal.web.shared.entry.panel import PanelMaker
from guanshu.portal.web.shared.entry.posting import answered, draft_of, is_json, posted_json, refusal
from guanshu.portal.web.shared.entry.reading import Reading
from guanshu.portal.web.shared.entry.wire import read_form
from guanshu.portal.web.shared.redirects import see_other


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show how far the report is, until when, and what is left."""
    reading = open_page(request)
    around = surroundings(request, reading)
    frame, report = around["frame"], reading.opened.report
    context = {**around, "next_table": go_on_with(reading, frame), "years": other_years(report), "report": report}
    return page(request, "museum/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show all findings and all that is missing; save explanations."""
    if request.method != "POST":
        return _show(request, open_page(request))
    return _save_json(request) if is_json(request) else _save_form(request)


def _show(request: HttpRequest, reading: Reading[OpenReport], status: int = 200) -> HttpResponse:
    visit = visit_of(request)
    context = {
        **surroundings(request, reading),
        "sections": PanelMaker(reading, visit.query).sections(),
        "action": reverse("museum:check") + visit.query,
        "on_check": True,
    }
    return page(request, "museum/check.html", context, status)


def _save_json(request: HttpRequest) -> HttpResponse:
    report = report_of(request)
    try:
        result = save(request, report, posted_json(request))
    except OperationProblem as problem:
        return refusal(problem)
    reading = read_report(request, result.opened)
    visit = visit_of(request)
    frame = report_frame(reading, visit)
    context = {"frame": frame, "sections": PanelMaker(reading, visit.query).sections()}
    answer = make_answer(reading, result, clock.now()) | about_frame(reading, frame)
    answer["findings_html"] = render_to_string("shared/entry/sections.html", context)
    return answered(answer, result)


def _save_form(request: HttpRequest) -> HttpResponse:
    report = report_of(request)
    posted = read_form(request, compiled(report.questionnaire_id).questionnaire)
    result = save(request, report, posted.save)
    if result.problems or result.conflicts:
        return _show(request, read_report(request, result.opened, draft_of(result, posted)), status_of(result))
    return see_other(reverse("museum:check") + visit_of(request).query)
