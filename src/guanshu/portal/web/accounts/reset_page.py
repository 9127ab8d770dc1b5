"""「忘记密码？点此重置」: the window 「短信重置」, one form with two buttons."""

import secrets
import threading
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guanshu.portal import clock
from guanshu.portal.domain.accounts import canonical_username
from guanshu.portal.domain.passwordrules import MIN_LENGTH_ADMINISTRATORS, rules_for
from guanshu.portal.domain.resetting import PAUSE, Asked, ask_code, use_code
from guanshu.portal.problems import WrongCode
from guanshu.portal.queries.campaigns import current_campaign
from guanshu.portal.queries.publishing import contacts
from guanshu.portal.queries.resetphones import be_ready
from guanshu.portal.sms import warm_up
from guanshu.portal.web.accounts.forms import AskForm, ResetForm
from guanshu.portal.web.shared.requests import client_address, wants_json

_KEY = "reset"
_SENT = "如果账号存在且登记了手机号，验证码已发送到该手机，5 分钟内有效。"
# Status and sentence of each answer.
_ANSWERS = {
    Asked.SENT: (200, _SENT),
    Asked.TRYING: (
        200,
        "短信通道刚才不可用，已再次尝试：如果账号存在且登记了手机号，验证码会发到该手机；1 分钟内没有收到，请再获取。",
    ),
    Asked.UNAVAILABLE: (503, "短信通道暂时不可用，验证码没有发出，不计入次数。请过 1 分钟再试，或联系下方的联系人。"),
    Asked.SPENT: (503, "今天的短信重置次数已用完，验证码没有发出。请明天再试，或联系下方的联系人。"),
    Asked.ACCOUNT_FULL: (429, "这个账号 24 小时内已获取 5 次验证码，验证码没有发出。请明天再试，或联系下方的联系人。"),
    Asked.ADDRESS_FULL: (429, "您所在的网络 1 小时内获取验证码过多，验证码没有发出。请过 1 小时再试。"),
}
_ASKED = frozenset({Asked.SENT, Asked.TRYING})
_DONE = "密码已重置，请用新密码登录。本账号原有的登录已全部退出。"


@dataclass(frozen=True, slots=True)
class _Told:
    """What the page says after 「获取验证码」. wait: the seconds until the next one."""

    status: int
    message: str
    wait: int = 0

    @property
    def tone(self) -> str:
        """Return the stylesheet's word."""
        return "success" if self.status == 200 else "error"


@sensitive_post_parameters("username", "code", "new", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset(request: HttpRequest) -> HttpResponse:
    """Show the window; send a code; set the new password."""
    if request.method != "POST":
        _warm()
        be_ready()
        return _page(request, ResetForm(), 200)
    return _ask(request) if "ask" in request.POST else _reset(request)


def _ask(request: HttpRequest) -> HttpResponse:
    form = AskForm(request.POST)
    if not form.is_valid():
        problem = str(form.errors["username"][0])
        if wants_json(request):
            return _json(_Told(422, problem))
        bound = _as_typed(request)
        bound.add_error("username", problem)
        return _page(request, bound, 422)
    told = _told(request, form.cleaned_data["username"])
    return _json(told) if wants_json(request) else _page(request, _as_typed(request), told.status, told)


def _told(request: HttpRequest, username: str) -> _Told:
    """Ask for a code, unless this browser asked for one a moment ago."""
    wait = _wait(request)
    if wait:
        return _Told(429, f"验证码刚刚获取过，请 {wait} 秒后再获取。", wait)
    kept = _kept(request)
    token = str(kept.get("token") or secrets.token_urlsafe(24))
    now = clock.now()
    asked = ask_code(username=username, session=token, address=client_address(request), now=now)
    status, message = _ANSWERS[asked]
    if asked in _ASKED:
        request.session[_KEY] = {"token": token, "at": clock.now().timestamp()}
    return _Told(status, message, _wait(request))


def _reset(request: HttpRequest) -> HttpResponse:
    form = ResetForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    given = form.cleaned_data
    try:
        use_code(
            username=given["username"],
            session=str(_kept(request).get("token", "")),
            code=given["code"],
            password=given["new"],
            now=clock.now(),
        )
    except WrongCode as wrong:
        form.add_error("code", wrong.message)
        return _page(request, form, wrong.status)
    except ValidationError as refused:
        form.add_error("new", refused)
        return _page(request, form, 422)
    _leave(request, given["username"])
    messages.success(request, _DONE)
    return HttpResponseRedirect(settings.LOGIN_URL)


def _leave(request: HttpRequest, username: str) -> None:
    """Forget the code's session; whoever was logged in here as this account is not any more."""
    request.session.pop(_KEY, None)
    if getattr(request.user, "username", "") == canonical_username(username):
        logout(request)


def _kept(request: HttpRequest) -> dict[str, Any]:
    kept = request.session.get(_KEY)
    return kept if isinstance(kept, dict) else {}


def _wait(request: HttpRequest) -> int:
    """Return the seconds until this browser may ask again."""
    at = _kept(request).get("at")
    passed = clock.now().timestamp() - at if isinstance(at, int | float) else PAUSE.total_seconds()
    return max(0, min(int(PAUSE.total_seconds()), round(PAUSE.total_seconds() - passed)))


def _as_typed(request: HttpRequest) -> ResetForm:
    """Return the form with account and code as typed, and without complaints about the rest."""
    typed = {name: request.POST.get(name, "").replace("\x00", "")[:40] for name in ("username", "code")}
    form = ResetForm(typed)
    form.full_clean()
    form.errors.clear()
    return form


def _json(told: _Told) -> HttpResponse:
    content = {"message": told.message, "wait": told.wait}
    return JsonResponse(content, status=told.status, json_dumps_params={"ensure_ascii": False})


def _page(request: HttpRequest, form: ResetForm, status: int, told: _Told | None = None) -> HttpResponse:
    context = {
        "form": form,
        "told": told,
        "wait": _wait(request),
        "pause": int(PAUSE.total_seconds()),
        "contacts": contacts(current_campaign()),
        "rules": rules_for(None),
        "least_administrators": MIN_LENGTH_ADMINISTRATORS,
    }
    return render(request, "accounts/password_reset.html", context, status=status)


@cache
def _warm() -> None:
    """Load the gateway's SDK beside the page, so that the first code does not wait for it."""
    threading.Thread(target=warm_up, name="sms-load", daemon=True).start()
