"""/museum/review/: the whole report on one page; the reviewer returns it with comments, or passes it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guanshu.portal.models import Report
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.comparison import changes_between
from guanshu.portal.queries.heldscans import eye_check
from guanshu.portal.queries.reports import OpenReport, open_report
from guanshu.portal.queries.review import attachments, comments_of, version_before, waivers_of
from guanshu.portal.queries.workflow import Situation, history
from guanshu.portal.web.museum.doing import buttons, do_posted
from guanshu.portal.web.museum.pages import page, read_report, report_of, surroundings, visit_of
from guanshu.portal.web.shared.entry.reading import Reading
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of
from guanshu.portal.web.shared.review_page import finding_views
from guanshu.portal.web.shared.sheets import Look, ShownTable, make_sheets
from guanshu.portal.web.shared.talks import TableView, Talk
from guanshu.survey.checks.findings import CheckClass
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import EDITABLE

_OFFERED = buttons(Action.PASS_IN_HOUSE, Action.RETURN_TO_FILLER)
SHOWS = {
    "": "全部数据",
    "marked": "有问题或意见的表",
    "notable": "比上年变化大的表",
    "changed": "与上一版本不同的表",
}


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """Show the whole report; pass it or return it to the filler."""
    report = report_of(request)
    if request.method != "POST":
        return _show(request, report)
    try:
        action = do_posted(request, report, _OFFERED)
    except OperationProblem as problem:
        return _show(request, report_of(request), problem)
    name = "museum:stamp" if action is Action.PASS_IN_HOUSE else "museum:home"
    return see_other(reverse(name) + visit_of(request).query)


def _show(request: HttpRequest, report: Report, problem: OperationProblem | None = None) -> HttpResponse:
    reading = read_report(request, open_report(report))
    around = surroundings(request, reading)
    now: Situation = around["situation"]
    context = {
        **around,
        **_content(request, reading, now),
        "may_pass": Action.PASS_IN_HOUSE in now.actions,
        "may_return": Action.RETURN_TO_FILLER in now.actions,
        "reason": request.POST.get("reason", ""),
        "problem": problem.message if problem else "",
        "problem_about": request.POST.get("action", "") if problem else "",
    }
    return page(request, "museum/review.html", context, problem.status if problem else 200)


def _content(request: HttpRequest, reading: Reading[OpenReport], now: Situation) -> dict[str, Any]:
    """Return the tables with what is said about them, and what lies beside them."""
    report, opened = reading.opened.report, reading.opened
    earlier = version_before(report)
    before = {address: found.old for address, found in changes_between(earlier, opened).items()} if earlier else {}
    tables = make_sheets(opened, Look(before, reveal=True))
    views = talk_views(request, reading, tables, request.GET.get("comment", ""))
    show = request.GET.get("show", "")
    return {
        "report": report,
        "views": [view for view in views if _wanted(view, show)],
        "groups": _groups(views),
        "shows": {key: label for key, label in SHOWS.items() if _offered(key, reading, earlier)},
        "show": show if show in SHOWS else "",
        "may_comment": reading.commenting,
        "comments_url": reverse("museum:comment"),
        "talk_template": "museum/talk.html",
        "earlier": earlier,
        "differences": len(before),
        "drafts": sum(comment.draft for comment in reading.comments),
        "findings": finding_views(opened, tables, waivers_of(report)),
        "counts": [(cls, sum(table.counts.get(cls, 0) for table in tables)) for cls in CheckClass],
        "attachments": attachments(opened),
        "scan": now.standing.scan,
        "eye_check": eye_check(report, now.standing.scan),
        "scan_current": now.standing.facts.stamp_current,
        "side": "notes",
        "history": history(report),
        "live": now.state in EDITABLE,
    }


def talk_views(
    request: HttpRequest, reading: Reading[OpenReport], tables: tuple[ShownTable, ...], writing: str
) -> list[TableView]:
    """Return the tables with the comments this reader sees; `writing` is the cell whose box is open."""
    said = comments_of(reading.opened.report, account_of(request).role)
    talk = Talk(said, writing if reading.commenting else "")
    return [talk.view(table) for table in tables]


def _offered(key: str, reading: Reading[OpenReport], earlier: object) -> bool:
    if key == "notable":
        return bool(reading.last_values)
    return earlier is not None if key == "changed" else True


def _wanted(view: TableView, show: str) -> bool:
    if show == "marked":
        return view.marked
    if show == "notable":
        lines = (*view.table.lines, *view.table.totals)
        return any(cell is not None and cell.notable for line in lines for cell in line.cells)
    return bool(view.table.changed) if show == "changed" else True


def _groups(views: list[TableView]) -> list[tuple[str, list[TableView]]]:
    found: dict[str, list[TableView]] = {}
    for view in views:
        found.setdefault(view.table.group, []).append(view)
    return list(found.items())
