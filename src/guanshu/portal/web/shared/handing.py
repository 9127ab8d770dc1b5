"""Handing out a file made on the spot."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def handed_out(data: bytes, name: str, media_type: str) -> HttpResponse:
    """Return the bytes as a download of this name; no browser guesses what they are."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
