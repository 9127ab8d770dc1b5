"""Handing out files, and the headers without which none leaves the system."""

from typing import TypeVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

Response = TypeVar("Response", bound=HttpResponseBase)


# What browsers are told of the files we make, by the ends of their names.
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def handed_out(data: bytes, name: str) -> HttpResponse:
    """Return the bytes as a download of this name, which ends as its kind is called: pdf, docx, xlsx or csv."""
    response = HttpResponse(data, content_type=_MEDIA_TYPES[name.rpartition(".")[2]])
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return guarded(response)


def guarded(response: Response) -> Response:
    """Return the response so that no browser guesses what it is, runs what is in it or keeps a copy."""
    response["X-Content-Type-Options"] = "nosniff"
    # Stands instead of the pages' policy: whatever is inside may do nothing at all.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
