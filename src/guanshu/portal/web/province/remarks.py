"""What the province writes beside a report: comments on cells, waivers of findings, looking at hidden names."""

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from guanshu.portal import clock
from guanshu.portal.domain.reporting import comment_on_cell, waive_finding, withdraw_comment, withdraw_waiver
from guanshu.portal.domain.revealing import record_reveal
from guanshu.portal.models import Report
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.phrases import phrases_of
from guanshu.portal.queries.reports import open_report
from guanshu.portal.queries.review import comments_of
from guanshu.portal.queries.workflow import Situation, situation
from guanshu.portal.web.province.queueing import keeping, read_from
from guanshu.portal.web.province.review import own_report
from guanshu.portal.web.shared.phrasing import written
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of, is_htmx
from guanshu.portal.web.shared.review_page import note_reveal
from guanshu.portal.web.shared.sheets import Look, make_sheets
from guanshu.portal.web.shared.talks import LineView, Talk, find_line

_UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, number: str) -> HttpResponse:
    """Show the box for a comment on a cell (GET, htmx), or keep what was written as a draft (POST)."""
    report, account = own_report(request, number), account_of(request)
    address = (request.POST if request.method == "POST" else request.GET).get("address", "")
    if request.method != "POST":
        if not is_htmx(request):
            return _back(request, number, address, f"comment={quote(address)}")
        return _line(request, report, address, writing=True)
    problem = ""
    try:
        comment_on_cell(
            report=report, actor=account, address=address, text=written(request.POST, "text"), now=clock.now()
        )
    except OperationProblem as error:
        if error.status != _UNPROCESSABLE or not is_htmx(request):
            raise
        problem = error.message
    return _answer(request, report, address, problem)


@require_POST
def comment_withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take a draft back."""
    report, account = own_report(request, number), account_of(request)
    found = next((comment for comment in comments_of(report, account.role) if comment.pk == pk), None)
    if found is None:
        raise Http404
    withdraw_comment(report=report, actor=account, comment=pk, now=clock.now())
    return _answer(request, report, found.address, "")


@require_POST
def waive(request: HttpRequest, number: str) -> HttpResponse:
    """Allow one 准强制性 finding for this report, with a reason."""
    report = own_report(request, number)
    waive_finding(
        report=report,
        actor=account_of(request),
        key=request.POST.get("key", ""),
        reason=request.POST.get("reason", "").strip(),
        now=clock.now(),
    )
    messages.success(request, "已核准，该项准强制性审核不再阻止提交。")
    return _back(request, number, anchor="findings")


@require_POST
def waiver_withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take a waiver back."""
    withdraw_waiver(report=own_report(request, number), actor=account_of(request), waiver=pk, now=clock.now())
    messages.success(request, "已撤销核准。")
    return _back(request, number, anchor="findings")


@require_POST
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show names and telephone numbers for ten minutes; the look is recorded."""
    report = own_report(request, number)
    record_reveal(report=report, actor=account_of(request), now=clock.now())
    note_reveal(request, report)
    return _back(request, number)


def _answer(request: HttpRequest, report: Report, address: str, problem: str) -> HttpResponse:
    if is_htmx(request):
        return _line(request, report, address, writing=bool(problem), problem=problem)
    return _back(request, report.number, address)


def _line(request: HttpRequest, report: Report, address: str, *, writing: bool, problem: str = "") -> HttpResponse:
    """Return what stands under one line; the page's script-free form of it is the whole page."""
    account = account_of(request)
    line = find_line(make_sheets(open_report(report), Look()), address)
    if line is None:
        raise Http404
    said = comments_of(report, account.role)
    view: LineView = Talk(said, address if writing else "").line(line)
    now: Situation = situation(report, account)
    context = {
        "report": report,
        "item": view,
        "situation": now,
        "problem": problem,
        "typed": request.POST.get("text", "") if problem else view.draft,
        "drafts": sum(comment.draft for comment in said),
        "fragment": True,
        "phrases": phrases_of(report.museum.province),
    }
    return render(request, "province/talk.html", context, status=_UNPROCESSABLE if problem else 200)


def _back(request: HttpRequest, number: str, address: str = "", query: str = "", anchor: str = "") -> HttpResponse:
    anchor = anchor or (f"c-{address}" if address else "")
    query = "&".join(filter(None, (keeping(read_from(request)), query)))
    return see_other(
        reverse("province:report", args=[number]) + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")
    )
