"""/files/<uuid>/: kept files, for those who may see their report; and their pages as pictures."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from guanshu.portal.domain.pictures import page_picture
from guanshu.portal.models import Account
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.queries.files import open_file

app_name = "files"


@require_safe
def download(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """Hand the file out under its official name; a browser never shows it inside the site."""
    opened = open_file(_account(request), file_id)
    # A slow download keeps a thread, not a connection to the database.
    give_back_connection()
    response = FileResponse(opened.content, content_type=opened.row.media_type)
    response["Content-Length"] = str(opened.row.size)
    response["Content-Disposition"] = content_disposition_header(True, opened.row.official_name) or "attachment"
    return _guarded(response)


@require_safe
def page(request: HttpRequest, file_id: UUID, number: int) -> HttpResponseBase:
    """Show one page of a kept PDF as a picture, to look at it beside the report."""
    picture = page_picture(_account(request), file_id, number)
    if not picture:
        raise Http404
    return _guarded(HttpResponse(picture, content_type="image/png"))


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    response["X-Content-Type-Options"] = "nosniff"
    # Stands instead of the pages' policy: whatever is inside may do nothing at all.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _account(request: HttpRequest) -> Account:
    account = request.user
    assert isinstance(account, Account)  # noqa: S101 (the gate lets in accounts only)
    return account


urlpatterns = [
    path("<uuid:file_id>/", download, name="download"),
    path("<uuid:file_id>/pages/<int:number>/", page, name="page"),
]
