"""Logging in and out, and choosing a password."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guanshu.portal import clock
from guanshu.portal.domain.accounts import record_logout
from guanshu.portal.domain.factors import has_factor
from guanshu.portal.domain.passwordrules import is_overdue, rules_for
from guanshu.portal.domain.passwords import change_password
from guanshu.portal.models import Account
from guanshu.portal.permissions import home_of
from guanshu.portal.problems import Busy
from guanshu.portal.queries.accountstate import initial_expired
from guanshu.portal.web.accounts.entering import count_try, enter, enter_half, following_of, half_of
from guanshu.portal.web.accounts.forms import CodeForm, LoginForm, PasswordForm
from guanshu.portal.web.shared.checking import TryLater, check_code_of, check_password_of
from guanshu.portal.web.shared.requests import account_of

_WRONG = "账号或密码不正确。连续输错 5 次，15 分钟内不能再登录。"
# Only whoever knows the initial password is told that it ran out.
_EXPIRED = (
    "您的初始密码已过有效期：请向发放账号的单位申请重新发放账号通知单，或点击“忘记密码？点此重置”用登记的手机号码重置。"
)
_LOCKED = "登录失败次数过多，请 15 分钟后再试；也可点击“忘记密码？点此重置”。"
_WRONG_CODE = "验证码不正确，或已经用过。还可以再试 {} 次。"
_START_AGAIN = "登录未完成（超过 5 分钟或输错次数过多），请重新输入账号和密码。"
# What the log-in page tells whoever comes back with a session that is over.
_ENDED = {
    "limit": "您的账号在其他设备上登录，同时登录的设备超过 3 个，本设备已退出。如非本人操作，请立即登录并修改密码。",
    "owner": "您已在其他设备上退出了本设备的登录。",
    "change": "您的密码、验证方式或权限有变动，所有设备均已退出，请重新登录。",
    "idle": "超过 30 分钟没有操作，已自动退出，请重新登录。",
    "expired": "登录已满 12 小时，请重新登录。",
}


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Show the form; check an attempt; go on to the code, to `next` or to the role's own page."""
    following = request.POST.get("next") or request.GET.get("next", "")
    if request.method != "POST":
        if isinstance(request.user, Account):
            return HttpResponseRedirect(following_of(request, following, request.user))
        return _login_page(request, LoginForm(), 200)
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _login_page(request, form, 422)
    try:
        account = check_password_of(request, form.cleaned_data["username"], form.cleaned_data["password"])
    except TryLater as wait:
        return _refused(request, form, wait.message, 429)
    except Busy as busy:
        return _refused(request, form, busy.message, busy.status)
    if account is None:
        return _refused(request, form, _WRONG, 422)
    if initial_expired(account, clock.now()):
        return _refused(request, form, _WRONG + _EXPIRED, 422)
    if has_factor(account):
        return enter_half(request, account, following)
    return enter(request, account, following)


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step of logging in: the authenticator's code, or a recovery code."""
    half = half_of(request)
    if half is None:
        messages.warning(request, _START_AGAIN)
        return HttpResponseRedirect("/login/")
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/code.html", {"form": form}, status=422 if request.method == "POST" else 200)
    try:
        if check_code_of(half.account, form.cleaned_data["code"]):
            return enter(request, half.account, half.following)
    except TryLater as wait:
        form.add_error("code", wait.message)
        return render(request, "accounts/code.html", {"form": form}, status=429)
    left = count_try(request)
    if not left:
        messages.warning(request, _START_AGAIN)
        return HttpResponseRedirect("/login/")
    form.add_error("code", _WRONG_CODE.format(left))
    return render(request, "accounts/code.html", {"form": form}, status=422)


def locked_out(
    request: HttpRequest,
    original: HttpResponse,  # noqa: ARG001
    credentials: Mapping[str, Any] | None = None,  # noqa: ARG001
) -> HttpResponse:
    """Answer an attempt after too many wrong ones; the right password is refused too until the time is over."""
    form = LoginForm(request.POST)
    form.full_clean()
    return _refused(request, form, _LOCKED, 429)


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
    """Change one's password: forced after an initial one or when it is too old, voluntary at any time."""
    account = account_of(request)
    form = PasswordForm(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_password(account=account, password=form.cleaned_data["new"], now=clock.now())
        update_session_auth_hash(request, account)
        messages.success(request, "密码已修改。其他设备上的登录已全部退出。")
        return HttpResponseRedirect(home_of(account.role))
    overdue = is_overdue(account, clock.now())
    context = {"form": form, "forced": account.must_change_password, "overdue": overdue, "rules": rules_for(account)}
    return render(request, "accounts/password.html", context, status=422 if form.is_bound else 200)


def _refused(request: HttpRequest, form: LoginForm, sentence: str, status: int) -> HttpResponse:
    form.add_error(None, sentence)
    return _login_page(request, form, status)


def _login_page(request: HttpRequest, form: LoginForm, status: int) -> HttpResponse:
    following = request.POST.get("next") or request.GET.get("next", "")
    ended = "" if form.is_bound else _ENDED.get(request.GET.get("why", ""), "")
    context = {"form": form, "next": following, "ended": ended}
    return render(request, "accounts/login.html", context, status=status)
