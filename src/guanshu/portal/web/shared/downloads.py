"""/files/<uuid>/: kept files, for those who may see their report; their pages as pictures, and what is in them.

A province's package holds names and telephone numbers of people, so it is handed out like an export: the password once
more, and a record of it.
"""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import path
from django.utils.http import content_disposition_header
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guanshu.portal import clock
from guanshu.portal.domain.pictures import page_picture
from guanshu.portal.domain.previews import preview_of, preview_picture
from guanshu.portal.domain.revealing import record_download, record_look, record_package_download
from guanshu.portal.models import StoredFile
from guanshu.portal.problems import BadFile, OperationProblem
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.queries.files import file_row, open_file
from guanshu.portal.queries.filingitems import PACKAGE
from guanshu.portal.web.shared.handing import guarded
from guanshu.portal.web.shared.reauth import VALID, confirm, is_confirmed
from guanshu.portal.web.shared.requests import account_of, wants_fragment

app_name = "files"
_READING = ("GET", "HEAD")


@sensitive_post_parameters("password")
@require_http_methods([*_READING, "POST"])
def download(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """Hand the file out under its official name; a browser never shows it inside the site."""
    row = file_row(account_of(request), file_id)
    if row.purpose == PACKAGE:
        return _package(request, row)
    if request.method not in _READING:
        return HttpResponseNotAllowed(_READING)
    response = _handed_out(request, file_id)
    if request.method == "GET":
        told = {"about": row.official_name, "sha256": row.sha256}
        record_download(action="download_file", object=row.owner, actor=account_of(request), now=clock.now(), **told)
    return response


def _package(request: HttpRequest, row: StoredFile) -> HttpResponseBase:
    """Ask for the password (GET), or hand the package out and record it (POST)."""
    problem = confirm(request) if request.method == "POST" else ""
    if request.method != "POST" or problem:
        context = {"file": row, "problem": problem, "confirmed": is_confirmed(request), "minutes": VALID.seconds // 60}
        return render(request, "shared/package_download.html", context, status=422 if problem else 200)
    record_package_download(file=row, actor=account_of(request), now=clock.now())
    return _handed_out(request, row.pk)


def _handed_out(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    opened = open_file(account_of(request), file_id)
    # A slow download keeps a thread, not a connection to the database.
    give_back_connection()
    response = FileResponse(opened.content, content_type=opened.row.media_type)
    response["Content-Length"] = str(opened.row.size)
    response["Content-Disposition"] = content_disposition_header(True, opened.row.official_name) or "attachment"
    return guarded(response)


@require_safe
def page(request: HttpRequest, file_id: UUID, number: int) -> HttpResponseBase:
    """Show one page of a kept PDF as a picture, to look at it beside the report."""
    account = account_of(request)
    picture = page_picture(account, file_id, number)
    if not picture:
        raise Http404
    if request.method == "GET":
        record_look(file=file_row(account, file_id), actor=account, now=clock.now())
    return guarded(HttpResponse(picture, content_type="image/png"))


@require_safe
def view(request: HttpRequest, file_id: UUID, place: int | None = None) -> HttpResponse:
    """Show what is in a file, or in a member of an archive: a page, or its inside alone for a dialog."""
    account = account_of(request)
    row = file_row(account, file_id)
    try:
        look = preview_of(account, file_id, place)
    except OperationProblem as problem:
        look = {"kind": "none", "note": problem.message}
    else:
        if request.method == "GET" and look["kind"] != "none":
            record_look(file=row, actor=account, now=clock.now())
    numbers = range(1, look.get("pages", 0) + 1)
    context = {"file": row, "place": place, "look": look, "title": look.get("name", row.official_name)}
    name = "shared/look_body.html" if wants_fragment(request) else "shared/look.html"
    return render(request, name, context | {"numbers": numbers})


@require_safe
def view_picture(request: HttpRequest, file_id: UUID, number: int, place: int | None = None) -> HttpResponseBase:
    """Hand out one page of what is shown, a PNG of our own making."""
    account = account_of(request)
    try:
        picture = preview_picture(account, file_id, number, place)
    except BadFile as problem:
        raise Http404 from problem
    if not picture:
        raise Http404
    if request.method == "GET":
        record_look(file=file_row(account, file_id), actor=account, now=clock.now())
    return guarded(HttpResponse(picture, content_type="image/png"))


urlpatterns = [
    path("<uuid:file_id>/", download, name="download"),
    path("<uuid:file_id>/pages/<int:number>/", page, name="page"),
    path("<uuid:file_id>/view/", view, name="view"),
    path("<uuid:file_id>/view/<int:number>/", view_picture, name="view_picture"),
    path("<uuid:file_id>/members/<int:place>/view/", view, name="member"),
    path("<uuid:file_id>/members/<int:place>/view/<int:number>/", view_picture, name="member_picture"),
]
