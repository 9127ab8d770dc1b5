"""/museum/comments/…: the filler answers a comment, the reviewer writes and withdraws drafts.

`page` of a post tells where it came from: a table's number (comments stand beside the table) or nothing (the whole
report, where they stand under their line).
"""

from collections.abc import Callable, Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from guanshu.portal import clock
from guanshu.portal.domain.reporting import comment_on_cell, reply_to_comment, withdraw_comment
from guanshu.portal.models import CellComment, Report
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.reports import compiled, open_report
from guanshu.portal.queries.review import comments_of
from guanshu.portal.web.museum.frame import report_frame, table_url
from guanshu.portal.web.museum.pages import open_page, read_report, report_of, visit_of
from guanshu.portal.web.museum.remarks import RemarksMaker
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of, is_htmx
from guanshu.portal.web.shared.sheets import Look, make_sheets
from guanshu.portal.web.shared.talks import Talk, find_line


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Open the box for a comment on a cell (GET), or keep what was written as a draft (POST)."""
    if request.method != "POST":
        address = request.GET.get("address", "")
        if is_htmx(request):
            return _talk(request, address, writing=True)
        return see_other(f"{reverse('museum:review')}?{urlencode({'comment': address})}#c-{address}")
    post = request.POST
    address, text = post.get("address", ""), post.get("text", "")
    return _do(
        request,
        lambda report: comment_on_cell(
            report=report, actor=account_of(request), address=address, text=text, now=clock.now()
        ),
        address,
    )


@require_POST
def reply(request: HttpRequest, comment: int) -> HttpResponse:
    """Answer a comment."""
    text = request.POST.get("text", "")
    return _do(
        request,
        lambda report: reply_to_comment(
            report=report, actor=account_of(request), comment=comment, text=text, now=clock.now()
        ),
        answered=comment,
    )


@require_POST
def withdraw(request: HttpRequest, comment: int) -> HttpResponse:
    """Take a draft back."""
    seen = comments_of(report_of(request), account_of(request).role)
    found = next((each.address for each in seen if each.pk == comment), "")
    return _do(
        request,
        lambda report: withdraw_comment(report=report, actor=account_of(request), comment=comment, now=clock.now()),
        found,
    )


def _do(
    request: HttpRequest, operation: Callable[[Report], object], address: str = "", answered: int | None = None
) -> HttpResponse:
    """Do it; htmx gets the comments as they are then, a form goes back to its page."""
    report, problem = report_of(request), ""
    status = 200
    try:
        operation(report)
    except OperationProblem as refused:
        if not is_htmx(request):
            raise
        problem, status = refused.message, refused.status
    number = request.POST.get("page", "")
    if number not in compiled(report.questionnaire_id).questionnaire.by_number:
        number = ""
    if not is_htmx(request):
        url = table_url(number) if number else reverse("museum:review")
        return see_other(f"{url}{visit_of(request).query}#{'comments' if number else f'c-{address}'}")
    if not number:
        return _talk(request, address, writing=bool(problem), problem=problem, status=status)
    about = {"problem": problem, "answered": answered, "typed": request.POST.get("text", "")}
    return _beside(request, number, address if problem else "", about, status)


def _beside(request: HttpRequest, number: str, writing: str, about: Mapping[str, object], status: int) -> HttpResponse:
    """Return the comments beside a table."""
    reading = read_report(request, open_report(report_of(request)))
    visit = visit_of(request, number)
    context = {
        "remarks": RemarksMaker(reading, visit.query).beside(reading.form.by_number[number], writing),
        "frame": report_frame(reading, visit),
        "page_number": number,
        "with_progress": True,
        **about,
    }
    return render(request, "museum/_remarks.html", context, status=status)


def _talk(request: HttpRequest, address: str, *, writing: bool, problem: str = "", status: int = 200) -> HttpResponse:
    """Return what is said under one line of the whole report. Raises Http404 for no cell of the report."""
    reading = open_page(request)
    line = find_line(make_sheets(reading.opened, Look(reveal=True)), address)
    if line is None:
        raise Http404
    drafts = CellComment.objects.filter(report=reading.opened.report, round=None, by_role=account_of(request).role)
    view = Talk(reading.comments, address if writing and reading.commenting else "").line(line)
    context = {
        "item": view,
        "may_comment": reading.commenting,
        "problem": problem,
        "drafts": drafts.count(),
        "fragment": True,
        "typed": request.POST.get("text", "") if problem else view.draft,
    }
    return render(request, "museum/talk.html", context, status=status)
