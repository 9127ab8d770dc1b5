"""Headers that every answer has, whoever made it: pages, errors, files, redirects."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Nothing here asks for a camera, a place or a payment; so no page may, whatever gets into it.
_OFF = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation"),
    *("gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get"),
    *("screen-wake-lock", "usb", "xr-spatial-tracking"),
)
_ALWAYS = {
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _OFF),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class HeadersMiddleware:
    """The outermost: what refuses a request further in gets the same headers as what answers it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add what is missing; static files alone may be kept by browsers and proxies."""
        response = self.get_response(request)
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        if not request.path_info.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
