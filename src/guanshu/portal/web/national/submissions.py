"""/national/submissions/: what the provinces have handed in; accepting, returning, letting one come later."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from guanshu.portal import clock
from guanshu.portal.access import access_filing
from guanshu.portal.domain.filing.performing import perform_filing
from guanshu.portal.models import Filing, Package
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.campaigns import campaign_years, deadlines
from guanshu.portal.queries.filingitems import filing_files, items
from guanshu.portal.queries.filings import open_filing
from guanshu.portal.queries.filingstanding import filing_history, filing_receipts, filing_situation
from guanshu.portal.queries.packages import compare_packages, contents, drift, submitted_packages
from guanshu.portal.queries.submissions import submission_counts, submission_rows
from guanshu.portal.web.shared.acting import read_day
from guanshu.portal.web.shared.errors import refuse
from guanshu.portal.web.shared.filters import read_year
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of
from guanshu.survey.workflow.filing import FILED, FILING_TRANSITIONS, FilingAction, FilingNeed

_CONFLICT, _UNPROCESSABLE = 409, 422
_WORDS = {
    action.value: action
    for action in (FilingAction.OPEN, FilingAction.ACCEPT, FilingAction.RETURN, FilingAction.EXTEND)
}
_CONSEQUENCES = {
    FilingAction.OPEN: "开始查看后，省级科协不能再自行撤回。",
    FilingAction.ACCEPT: "接收后该省本年度信息填报工作完成；发现问题时仍可退回。",
    FilingAction.RETURN: "退回后该省材料算作未上报，可以撤销科技馆的审核、修改名单和材料，须在指定日期前重新上报。",
    FilingAction.EXTEND: "准予该省在新的截止日期前上报。",
}
_DONE = {
    FilingAction.OPEN: "已开始查看，该省不能再自行撤回。",
    FilingAction.ACCEPT: "已接收。",
    FilingAction.RETURN: "已退回，原因和期限已显示给该省。",
    FilingAction.EXTEND: "已准予延期。",
}


@require_safe
def submissions(request: HttpRequest) -> HttpResponse:
    """各省上报: all units in the order of 附件3."""
    campaign = read_year(request)
    if campaign is None:
        return render(request, "national/submissions.html")
    rows = submission_rows(campaign, clock.today())
    context = {
        "campaign": campaign,
        "rows": rows,
        "counts": submission_counts(rows),
        "years": campaign_years(),
        "deadline": deadlines(campaign, clock.today())["submit"],
    }
    return render(request, "national/submissions.html", context)


@require_safe
def submission(request: HttpRequest, number: str) -> HttpResponse:
    """One unit's submission: contents, scans as pictures, what differs from the last one."""
    filing = access_filing(account_of(request), number)
    opened, situation = open_filing(filing), filing_situation(filing, account_of(request))
    handed_in = submitted_packages(filing)
    filed = situation.state in FILED
    now = handed_in[0] if handed_in else None
    before = handed_in[1] if len(handed_in) > 1 else None
    context: dict[str, Any] = {
        "filing": filing,
        "campaign": filing.campaign,
        "situation": situation,
        "state": situation.state,
        "actions": [action for action in FilingAction if action in situation.actions],
        "package": now,
        "contents": contents(now, opened) if now is not None else None,
        "scans": _scans(filing) if filed else [],
        "drift": drift(now, opened) if now is not None and filed else None,
        "before": before,
        "compared": compare_packages(before, now) if now is not None and before is not None else (),
        "receipts": filing_receipts(filing),
        "history": filing_history(filing, moves_only=True),
    }
    return render(request, "national/submission.html", context)


def _scans(filing: Filing) -> list[dict[str, Any]]:
    """Return the sealed scans page by page; while a filing is with the nation its files are those handed in."""
    files = filing_files(filing)
    known = items(filing, open_filing(filing).compiled.questionnaire)
    found = ((item, files.get(item.scan), files.get(item.word)) for item in known)
    return [
        {"item": item, "scan": scan, "word": word, "pages": range(1, (scan.details.get("pages") or 0) + 1)}
        for item, scan, word in found
        if scan is not None
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: str, word: str) -> HttpResponse:
    """One action on a submission, confirmed on a page of its own."""
    action = _WORDS.get(word)
    filing = access_filing(account_of(request), number)
    if action is None:
        raise Http404
    if request.method != "POST":
        now = filing_situation(filing, account_of(request))
        if action not in now.actions:
            return refuse(request, _CONFLICT, now.refusals.get(action, "您的账号不能进行此操作。"))
        return _ask(request, filing, action)
    try:
        perform_filing(
            filing=filing,
            actor=account_of(request),
            action=action,
            now=clock.now(),
            reason=request.POST.get("reason", "").strip(),
            until=_until(request),
        )
    except OperationProblem as problem:
        if problem.status != _UNPROCESSABLE:
            raise
        return _ask(request, filing, action, problem.message)
    messages.success(request, f"{filing.province.name}：{_DONE[action]}")
    return see_other(reverse("national:submission", args=[number]))


def _until(request: HttpRequest) -> date | None:
    text = request.POST.get("until", "")
    return read_day(text) if text else None


def _ask(request: HttpRequest, filing: Filing, action: FilingAction, problem: str = "") -> HttpResponse:
    needs = FILING_TRANSITIONS[action].needs
    context = {
        "filing": filing,
        "campaign": filing.campaign,
        "action": action,
        "consequence": _CONSEQUENCES[action],
        "asks_reason": FilingNeed.REASON in needs,
        "asks_until": FilingNeed.DATE in needs,
        "extends": action is FilingAction.EXTEND,
        "package": Package.objects.filter(filing=filing).order_by("-serial").first(),
        "typed": request.POST,
        "problem": problem,
    }
    return render(request, "national/submission_act.html", context, status=_UNPROCESSABLE if problem else 200)
