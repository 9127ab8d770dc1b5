"""/museum/stamp/: the report's PDF to print and seal, the scan that comes back, 提交省级科协."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.domain.naming import safe_name
from guanshu.portal.domain.revealing import record_download
from guanshu.portal.domain.scanholding import check_again, hold_scan
from guanshu.portal.domain.stamping import confirm_scan, version_pdf
from guanshu.portal.models import HeldScan, HeldState, JobState, Report, ReportVersion, StampedScan
from guanshu.portal.problems import OperationProblem, WrongState
from guanshu.portal.queries.files import scan_accepted
from guanshu.portal.queries.heldscans import eye_check, name_of, told_upload
from guanshu.portal.queries.reports import open_report
from guanshu.portal.queries.workflow import Situation
from guanshu.portal.web.museum.doing import buttons, do_posted
from guanshu.portal.web.museum.pages import page, read_report, report_of, surroundings, visit_of
from guanshu.portal.web.shared.handing import handed_out
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of, wants_json
from guanshu.portal.web.shared.uploads import received_files
from guanshu.survey.workflow.actions import Action, Actor
from guanshu.survey.workflow.rules import withdrawal_warning
from guanshu.survey.workflow.scanning import ScanPages
from guanshu.survey.workflow.snapshot import report_code
from guanshu.survey.workflow.states import State

_OFFERED = buttons(Action.SUBMIT, Action.RETURN_TO_FILLER, Action.WITHDRAW_SUBMISSION)
_NOT_YET = "报表还没有通过馆内审核，没有可以打印的版本。"


@dataclass(frozen=True, slots=True)
class ScanView:
    """The newest scan. `accepted`: nothing is left to compare by eye; `current`: it is of the version in force."""

    scan: StampedScan
    code: str
    current: bool
    accepted: bool
    read: int
    unread: int


@dataclass(frozen=True, slots=True)
class HeldView:
    """The upload that is being checked, or was not taken. `replaced`: the one whose check was given up for it."""

    held: HeldScan
    name: str
    code: str
    checking: bool
    failed: bool
    replaced: str


@require_http_methods(["GET", "HEAD", "POST"])
def stamp(request: HttpRequest) -> HttpResponse:
    """Show where the stamped paper stands; submit, return to the filler, or take the submission back."""
    report = report_of(request)
    if request.method != "POST":
        return _show(request, report)
    try:
        action = do_posted(request, report, _OFFERED)
    except OperationProblem as problem:
        return _show(request, report_of(request), problem)
    name = {Action.SUBMIT: "museum:history"}.get(action, "museum:home")
    return see_other(reverse(name) + visit_of(request).query)


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Receive a scan: one PDF, or pages as pictures. The page then shows how far its check is."""
    report = report_of(request)
    try:
        hold_scan(report=report, uploads=received_files(request, "file"), actor=account_of(request), now=clock.now())
    except OperationProblem as problem:
        if wants_json(request):
            return JsonResponse({"message": problem.message, "code": problem.code}, status=problem.status)
        return _show(request, report_of(request), problem)
    back = f"{reverse('museum:stamp')}{visit_of(request).query}#scan"
    return JsonResponse({"url": back}) if wants_json(request) else see_other(back)


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Have the upload checked once more whose check came to no end."""
    try:
        check_again(report=report_of(request), actor=account_of(request), now=clock.now())
    except OperationProblem as problem:
        return _show(request, report_of(request), problem)
    return see_other(f"{reverse('museum:stamp')}{visit_of(request).query}#scan")


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Note that the pages whose code could not be read were compared by eye."""
    report = report_of(request)
    try:
        scan = request.POST.get("scan", "")
        wanted = int(scan) if scan.isascii() and scan.isdigit() and len(scan) < 19 else 0
        found = StampedScan.objects.filter(version__report=report, pk=wanted).first()
        if found is None:
            raise WrongState("这份扫描件已被新的扫描件代替，请刷新页面查看。")
        confirm_scan(scan=found, actor=account_of(request), now=clock.now())
    except OperationProblem as problem:
        return _show(request, report_of(request), problem)
    return see_other(f"{reverse('museum:stamp')}{visit_of(request).query}#scan")


@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Hand out the PDF of a frozen version."""
    report = report_of(request)
    found = ReportVersion.objects.select_related("report").filter(report=report, number=number).first()
    if found is None:
        raise Http404
    title = f"{report.campaign.year}年度报表 {report_code(report.number, number)}"
    made = version_pdf(found)
    if request.method == "GET":
        record_download(
            action="download_pdf", object=report.number, actor=account_of(request), now=clock.now(), version=number
        )
    return handed_out(made, safe_name(report.museum.name, title, ".pdf"))


def _show(request: HttpRequest, report: Report, problem: OperationProblem | None = None) -> HttpResponse:
    reading = read_report(request, open_report(report))
    around = surroundings(request, reading)
    now: Situation = around["situation"]
    context: dict[str, Any] = {
        **around,
        "code": report_code(report.number, report.version) if report.version else "",
        "version": report.version,
        "scanned": ScanPages(report.campaign.scan_pages).label,
        "waiting": now.state is State.AWAITING_STAMP,
        "not_yet": "" if report.version else _NOT_YET,
        "scan": scan_view(now),
        "held": held_view(report),
        "eye_check": eye_check(report, now.standing.scan),
        "may_confirm": Action.UPLOAD_STAMP in now.actions and now.actor is Actor.REVIEWER,
        "may_upload": Action.UPLOAD_STAMP in now.actions,
        "may_submit": Action.SUBMIT in now.actions,
        "may_return": Action.RETURN_TO_FILLER in now.actions,
        "may_withdraw": Action.WITHDRAW_SUBMISSION in now.actions,
        "warning": withdrawal_warning(now.standing.facts),
        "hindrance": now.refusals.get(Action.SUBMIT, ""),
        "reason": request.POST.get("reason", ""),
        "problem": problem.message if problem else "",
        "problem_about": request.POST.get("action", "upload") if problem else "",
    }
    return page(request, "museum/stamp.html", context, problem.status if problem else 200)


def held_view(report: Report) -> HeldView | None:
    """Return the newest upload of the report while there is something to say of it."""
    held = told_upload(report)
    if held is None:
        return None
    failed = held.state == HeldState.CHECKING.value and held.job.state == JobState.FAILED.value
    return HeldView(
        held=held,
        name=name_of(held),
        code=report_code(report.number, held.version.number),
        checking=held.state == HeldState.CHECKING.value and not failed,
        failed=failed,
        replaced=name_of(held.replaces) if held.replaces is not None else "",
    )


def scan_view(now: Situation) -> ScanView | None:
    """Return the newest scan of the report."""
    scan = now.standing.scan
    if scan is None:
        return None
    read = sum(bool(each["code"]) for each in scan.pages)
    return ScanView(
        scan=scan,
        code=report_code(now.standing.report.number, scan.version.number),
        current=now.standing.facts.stamp_current,
        accepted=scan_accepted(scan),
        read=read,
        unread=len(scan.pages) - read,
    )
