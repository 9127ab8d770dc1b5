"""批量审核通过: a summary of the reports ticked in the queue, and the approval of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guanshu.portal import clock
from guanshu.portal.access import access_report
from guanshu.portal.domain.reporting.several import approve_seen
from guanshu.portal.models import Account, Report
from guanshu.portal.problems import Incomplete, OperationProblem
from guanshu.portal.queries.several import MOST, summaries
from guanshu.portal.web.province.queueing import FROM, keeping, read_wanted
from guanshu.portal.web.province.views import own_province
from guanshu.portal.web.shared.errors import refuse
from guanshu.portal.web.shared.requests import account_of

_UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one report."""

    report: Report
    done: bool
    message: str


@require_http_methods(["GET", "HEAD", "POST"])
def several(request: HttpRequest) -> HttpResponse:
    """Show the summary of what was ticked (POST from the queue), or approve what is ticked there (POST again)."""
    wanted = read_wanted(QueryDict(request.POST.get(FROM, "")[:500]))
    back = reverse("province:review") + (f"?{wanted.query}" if wanted.query else "")
    if request.method != "POST":
        return HttpResponseRedirect(back)
    # On the summary a report with thin explanations has a tick of another name; either way it is ticked.
    numbers = list(dict.fromkeys([*request.POST.getlist("report"), *request.POST.getlist("thin")]))
    try:
        _check(numbers)
    except Incomplete as problem:
        if request.POST.get("do") != "approve":
            return refuse(request, problem.status, problem.message, "没有可以批量审核的报表")
        numbers = list(dict.fromkeys(request.POST.getlist("listed")))[:MOST]
        return _summary(request, numbers, back, wanted.query, problem.message)
    if request.POST.get("do") == "approve":
        account = account_of(request)
        # Whose they are is looked at first: a stranger's number among them, and nothing is done.
        outcomes = [_approve(request, each, account) for each in [access_report(account, n) for n in numbers]]
        context = {"outcomes": outcomes, "done": sum(outcome.done for outcome in outcomes), "back": back}
        return render(request, "province/several_done.html", context)
    return _summary(request, numbers, back, wanted.query)


def _check(numbers: Sequence[str]) -> None:
    if not numbers:
        raise Incomplete("还没有勾选报表。请在审核列表中勾选要一并通过的报表，再点「批量审核通过」。")
    if len(numbers) > MOST:
        raise Incomplete(f"一次最多批量审核 {MOST} 份报表，现勾选了 {len(numbers)} 份，请分批进行。")


def _summary(request: HttpRequest, numbers: Sequence[str], back: str, query: str, problem: str = "") -> HttpResponse:
    found = summaries(numbers, own_province(request).pk)
    keep = keeping(read_wanted(QueryDict(query)))
    context = {
        "clean": [each for each in found if not each.obstacle and not each.thin],
        "thin": [each for each in found if not each.obstacle and each.thin],
        "blocked": [each for each in found if each.obstacle],
        "count": len(found),
        "back": back,
        "queue_query": query,
        "keep": f"?{keep}" if keep else "",
        "problem": problem,
    }
    return render(request, "province/several.html", context, status=_UNPROCESSABLE if problem else 200)


def _approve(request: HttpRequest, report: Report, account: Account) -> Outcome:
    """Approve one report in a transaction of its own and tell what became of it."""
    post, number = request.POST, report.number
    try:
        approve_seen(
            report=report,
            actor=account,
            seen=post.get(f"seen:{number}", ""),
            thin_accepted=number in post.getlist("thin"),
            now=clock.now(),
        )
    except OperationProblem as problem:
        return Outcome(report, done=False, message=problem.message)
    return Outcome(report, done=True, message="已审核通过。")
