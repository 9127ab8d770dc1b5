"""Logging in and out, and choosing a password."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.domain.accounts import record_login, record_logout
from guanshu.portal.domain.attempts import record_counted, record_failed_login
from guanshu.portal.domain.passwords import change_password, min_length
from guanshu.portal.models import Account
from guanshu.portal.permissions import home_of
from guanshu.portal.web.accounts.forms import LoginForm, PasswordForm

_WRONG = "账号或密码不正确。连续输错 5 次，15 分钟内不能再登录。"
_LOCKED = "登录失败次数过多，请 15 分钟后再试；也可点击“忘记密码？点此重置”。"


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Show the form; check an attempt; go on to `next` or to the role's own page."""
    if request.method != "POST":
        if isinstance(request.user, Account):
            return HttpResponseRedirect(_following(request, request.user))
        return _login_page(request, LoginForm(), 200)
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _login_page(request, form, 422)
    account = authenticate(request, **form.cleaned_data)
    if not isinstance(account, Account):
        record_failed_login(typed=form.cleaned_data["username"], now=clock.now())
        form.add_error(None, _WRONG)
        return _login_page(request, form, 422)
    now = clock.now()
    login(request, account)
    # Counted from the log-in, however busy the session is.
    request.session.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    record_counted(account=account, now=now)
    record_login(account=account, now=now)
    return HttpResponseRedirect(_following(request, account))


def locked_out(
    request: HttpRequest,
    original: HttpResponse,  # noqa: ARG001
    credentials: Mapping[str, Any] | None = None,  # noqa: ARG001
) -> HttpResponse:
    """Answer an attempt after too many wrong ones; the right password is refused too until the time is over."""
    form = LoginForm(request.POST)
    form.full_clean()
    form.add_error(None, _LOCKED)
    return _login_page(request, form, 429)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session and go home."""
    if isinstance(request.user, Account):
        record_logout(account=request.user, now=clock.now())
    logout(request)
    messages.success(request, "已退出登录。")
    return HttpResponseRedirect("/")


@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password: forced after an initial one, voluntary at any time."""
    account = request.user
    assert isinstance(account, Account)  # noqa: S101 (the gate lets in accounts only)
    form = PasswordForm(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_password(account=account, password=form.cleaned_data["new"], now=clock.now())
        update_session_auth_hash(request, account)
        messages.success(request, "密码已修改。其他设备上的登录已全部退出。")
        return HttpResponseRedirect(home_of(account.role))
    context = {"form": form, "forced": account.must_change_password, "least": min_length(account.role)}
    return render(request, "accounts/password.html", context, status=422 if form.is_bound else 200)


@require_safe
def password_reset(request: HttpRequest) -> HttpResponse:
    """Say whom to ask for a new password."""
    return render(request, "accounts/password_reset.html")


def _login_page(request: HttpRequest, form: LoginForm, status: int) -> HttpResponse:
    following = request.POST.get("next") or request.GET.get("next", "")
    return render(request, "accounts/login.html", {"form": form, "next": following}, status=status)


def _following(request: HttpRequest, account: Account) -> str:
    """Return where to go: `next` when it is an address of this site, else the role's first page."""
    following = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(following, {request.get_host()}, require_https=request.is_secure())
    return following if following.startswith("/") and safe else home_of(account.role)
