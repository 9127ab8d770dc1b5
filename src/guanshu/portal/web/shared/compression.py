"""Pages are sent compressed whatever stands in front: a rows table filled to its limit has 900 kB of HTML."""

from collections.abc import Callable

import brotli
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

# Measured on the largest page: 16 ms and 39 kB, where gzip 6 takes 13 ms and makes 55 kB.
_QUALITY = 5
_SHORTEST = 1000


class CompressionMiddleware:
    """Brotli where the browser takes it, gzip where it does not; HTML pages only.

    Answers of a save are left alone: they are small, and one more millisecond at each pause in typing is not. Tokens
    in pages are masked anew each time, and cookies are not sent along from other sites (BREACH).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.gzip = GZipMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, compressed."""
        response = self.get_response(request)
        if not _is_page(response):
            return response
        if "br" not in _accepted(request):
            # What it returns is what it was given.
            self.gzip.process_response(request, response)
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        response.content = brotli.compress(response.content, mode=brotli.MODE_TEXT, quality=_QUALITY)
        response.headers["Content-Encoding"] = "br"
        if response.has_header("Content-Length"):
            response.headers["Content-Length"] = str(len(response.content))
        return response


def _is_page(response: HttpResponse) -> bool:
    if response.streaming or response.has_header("Content-Encoding") or len(response.content) < _SHORTEST:
        return False
    return response.headers.get("Content-Type", "").startswith("text/html")


def _accepted(request: HttpRequest) -> set[str]:
    """Return the encodings the browser takes; one of quality 0 it does not."""
    parts = (part.replace(" ", "").partition(";q=") for part in request.headers.get("Accept-Encoding", "").split(","))
    return {name.lower() for name, _, quality in parts if not quality or quality.strip("0.")}
