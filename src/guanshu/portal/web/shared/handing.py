"""Handing out files, and the headers without which none leaves the system."""

from typing import TypeVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

Response = TypeVar("Response", bound=HttpResponseBase)


def handed_out(data: bytes, name: str, media_type: str) -> HttpResponse:
    """Return the bytes as a download of this name."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return guarded(response)


def guarded(response: Response) -> Response:
    """Return the response so that no browser guesses what it is, runs what is in it or keeps a copy."""
    response["X-Content-Type-Options"] = "nosniff"
    # Stands instead of the pages' policy: whatever is inside may do nothing at all.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
