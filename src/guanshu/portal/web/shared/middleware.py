"""The gate in front of every page: the table in `permissions` decides, once and for all views."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from guanshu.portal.permissions import BEFORE_PASSWORD_CHANGE, area_of
from guanshu.portal.problems import OperationProblem
from guanshu.portal.web.shared.errors import operation_refused, refuse
from guanshu.portal.web.shared.requests import is_htmx, wants_json

_LOGGED_OUT = "登录已失效，请重新登录。未保存的内容仍在本页，登录后可继续保存。"
_CHOOSE_PASSWORD = "您使用的是初始密码，请先修改密码。"  # noqa: S105 (a sentence, not a password)


class AccessMiddleware:
    """Anonymous → log-in (401 for htmx and save requests); another role's area → 403; initial password → /password/."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request in, or answer it here."""
        area = area_of(request.path_info)
        # No name holds a NUL, and PostgreSQL would stumble over one.
        if area is None or "\x00" in request.path_info:
            raise Http404
        if area.roles is not None and not request.user.is_authenticated:
            return _log_in_first(request)
        if not request.path_info.startswith(BEFORE_PASSWORD_CHANGE) and getattr(
            request.user, "must_change_password", False
        ):
            return _change_password_first(request)
        if area.roles is not None and getattr(request.user, "role", "") not in area.roles:
            raise PermissionDenied
        response = self.get_response(request)
        if area.roles is not None:
            # Pages of an account stay out of caches: the back button after logging out shows nothing.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn the refusal of an operation that the view did not handle itself into its page."""
        return operation_refused(request, exception) if isinstance(exception, OperationProblem) else None


def _log_in_first(request: HttpRequest) -> HttpResponse:
    if is_htmx(request):
        response = refuse(request, 401, _LOGGED_OUT)
        response["HX-Redirect"] = _login_address(_page_of(request))
        return response
    if wants_json(request):
        return refuse(request, 401, _LOGGED_OUT)
    return HttpResponseRedirect(_login_address(request.get_full_path()))


def _login_address(following: str) -> str:
    return f"{settings.LOGIN_URL}?{urlencode({'next': following}, safe='/')}"


def _page_of(request: HttpRequest) -> str:
    """Return the page an htmx request was sent from: that is where to go on, not the fragment's address."""
    current = request.headers.get("HX-Current-URL", "")
    if not url_has_allowed_host_and_scheme(current, {request.get_host()}):
        return request.path
    parts = urlsplit(current)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _change_password_first(request: HttpRequest) -> HttpResponse:
    if is_htmx(request) or wants_json(request):
        response = refuse(request, 403, _CHOOSE_PASSWORD)
        if is_htmx(request):
            response["HX-Redirect"] = "/password/"
        return response
    return HttpResponseRedirect("/password/")
