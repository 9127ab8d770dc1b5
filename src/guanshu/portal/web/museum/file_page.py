"""/museum/files/<purpose>/…: uploading, confirming and withdrawing the file of a file cell; its templates."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.domain.files import confirm_upload, remove_upload, store_upload
from guanshu.portal.domain.revealing import record_download
from guanshu.portal.domain.templates import WordFile, summary_draft, summary_template
from guanshu.portal.models import Account, Report
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.reports import compiled, open_report
from guanshu.portal.web.museum.frame import table_url
from guanshu.portal.web.museum.pages import open_page, report_of, visit_of
from guanshu.portal.web.museum.table_page import show_table
from guanshu.portal.web.museum.uploads import has_draft, has_template
from guanshu.portal.web.shared.handing import handed_out
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of, wants_json
from guanshu.portal.web.shared.uploads import received_file
from guanshu.survey.values.base import Kind


@require_POST
def upload(request: HttpRequest, purpose: str) -> HttpResponse:
    """Keep an uploaded file; a script gets JSON, a form its table's page."""

    def keep(report: Report, account: Account) -> None:
        store_upload(
            report=report, purpose=purpose, upload=received_file(request, "file"), actor=account, now=clock.now()
        )

    return _do(request, purpose, keep)


@require_POST
def confirm(request: HttpRequest, purpose: str) -> HttpResponse:
    """Note that the filler has read what the content check asks to confirm."""

    def agree(report: Report, account: Account) -> None:
        confirm_upload(report=report, purpose=purpose, actor=account, now=clock.now())

    return _do(request, purpose, agree)


@require_POST
def remove(request: HttpRequest, purpose: str) -> HttpResponse:
    """Take the current file back; it stays among the versions."""

    def take_back(report: Report, account: Account) -> None:
        remove_upload(report=report, purpose=purpose, actor=account, now=clock.now())

    return _do(request, purpose, take_back)


@require_safe
def template(request: HttpRequest, purpose: str) -> HttpResponse:
    """Hand out the Word template of a summary."""
    report = report_of(request)
    _table_of(report, purpose)
    form = compiled(report.questionnaire_id).questionnaire
    if not has_template(form, purpose):
        raise Http404
    return _word(summary_template(report=report, questionnaire=form, purpose=purpose))


@require_safe
def draft(request: HttpRequest, purpose: str) -> HttpResponse:
    """Hand out a Word draft made from what is typed."""
    report = report_of(request)
    opened = open_report(report)
    if not has_draft(opened.compiled.questionnaire, purpose):
        raise Http404
    file = summary_draft(opened=opened)
    if request.method == "GET":
        told = {"about": file.name}
        record_download(
            action="download_draft", object=report.number, actor=account_of(request), now=clock.now(), **told
        )
    return _word(file)


def _word(file: WordFile) -> HttpResponse:
    return handed_out(file.data, file.name)


def _do(request: HttpRequest, purpose: str, operation: Callable[[Report, Account], None]) -> HttpResponse:
    report = report_of(request)
    number = _table_of(report, purpose)
    back = f"{table_url(number)}{visit_of(request).query}#c-{purpose}"
    try:
        operation(report, account_of(request))
    except OperationProblem as problem:
        if wants_json(request):
            return JsonResponse({"message": problem.message, "code": problem.code}, status=problem.status)
        return show_table(request, open_page(request), number, problem.status, {purpose: problem.message})
    return JsonResponse({"url": back}) if wants_json(request) else see_other(back)


def _table_of(report: Report, purpose: str) -> str:
    """Return the number of the file cell's table. Raises Http404 for anything but a file cell of the form."""
    cell = compiled(report.questionnaire_id).questionnaire.cells.get(purpose)
    if cell is None or cell.type.kind is not Kind.FILE:
        raise Http404
    return cell.table
