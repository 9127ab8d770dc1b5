"""The gate in front of every page: the table in `permissions` decides, once and for all views."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from guanshu.portal import clock
from guanshu.portal.domain.factors import has_factor, requires_factor
from guanshu.portal.domain.passwordrules import is_overdue
from guanshu.portal.models import Account
from guanshu.portal.permissions import BEFORE_PASSWORD_CHANGE, BEFORE_SECOND_FACTOR, area_of
from guanshu.portal.problems import OperationProblem
from guanshu.portal.web.shared.errors import operation_refused, refuse
from guanshu.portal.web.shared.requests import is_htmx, wants_json
from guanshu.portal.web.shared.sessions import touch, why_ended

_LOGGED_OUT = "登录已失效，请重新登录。未保存的内容仍在本页，登录后可继续保存。"
_CHOOSE_PASSWORD = "您使用的是初始密码，请先修改密码。"  # noqa: S105 (a sentence, not a password)
_OLD_PASSWORD = "您的密码已到更换期限，请先修改密码。"  # noqa: S105 (a sentence, not a password)
_SET_UP_FACTOR = "本账号须使用动态验证码登录，请先设置身份验证器。"
# Asked by the page itself, not by a person: they keep no session alive.
_NO_ACTIVITY = ("/jobs/", "/sessions/left/")


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
        first = _do_first(request)
        if first is not None:
            return first
        if area.roles is not None and getattr(request.user, "role", "") not in area.roles:
            raise PermissionDenied
        if request.user.is_authenticated and not request.path_info.startswith(_NO_ACTIVITY):
            touch(request.session, clock.now())
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
    why = why_ended(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    return HttpResponseRedirect(_login_address(request.get_full_path(), why))


def _login_address(following: str, why: str = "") -> str:
    """Return the log-in page's address; `why` is the word for the end of the session, whose cookie goes now."""
    query = {"next": following, **({"why": why} if why else {})}
    return f"{settings.LOGIN_URL}?{urlencode(query, safe='/')}"


def _page_of(request: HttpRequest) -> str:
    """Return the page an htmx request was sent from: that is where to go on, not the fragment's address."""
    current = request.headers.get("HX-Current-URL", "")
    if not url_has_allowed_host_and_scheme(current, {request.get_host()}):
        return request.path
    parts = urlsplit(current)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _do_first(request: HttpRequest) -> HttpResponse | None:
    """Return where an account must go before anything else: to another password, then to a second factor."""
    account, path = request.user, request.path_info
    if not isinstance(account, Account) or path.startswith(BEFORE_PASSWORD_CHANGE):
        return None
    if account.must_change_password:
        return _go_first(request, "/password/", _CHOOSE_PASSWORD)
    if is_overdue(account, clock.now()):
        return _go_first(request, "/password/", _OLD_PASSWORD)
    if not path.startswith(BEFORE_SECOND_FACTOR) and requires_factor(account) and not has_factor(account):
        return _go_first(request, "/second-factor/", _SET_UP_FACTOR)
    return None


def _go_first(request: HttpRequest, address: str, sentence: str) -> HttpResponse:
    if is_htmx(request) or wants_json(request):
        response = refuse(request, 403, sentence)
        if is_htmx(request):
            response["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)
