"""/second-factor/ 「动态验证码」: setting up an authenticator, recovery codes, taking it away."""

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from guanshu.portal import clock, crypto
from guanshu.portal.domain import factors
from guanshu.portal.models import Account
from guanshu.portal.permissions import home_of
from guanshu.portal.web.shared.reauth import confirm, is_confirmed
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of

_UNPROCESSABLE = 422
# The secret that is being set up: encrypted, because the session's row is only signed.
_PENDING, _PLACE = "pending_factor", "pending factor"
_WRONG = "验证码不正确。请确认手机时间准确，输入验证器当前显示的 6 位数字。"


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show what there is and what may be done; `?set=1` shows the QR code after the password was given."""
    account = account_of(request)
    present = factors.has_factor(account)
    if request.GET.get("set") and is_confirmed(request):
        return _enrol(request, account)
    return _show(request, account, present=present)


@sensitive_post_parameters("password", "code")
@never_cache
@require_POST
def set_up(request: HttpRequest) -> HttpResponse:
    """Ask for the password, then for the authenticator's first code; then it is in force."""
    account = account_of(request)
    if "first" not in request.POST:
        problem = confirm(request)
        if problem:
            return _show(request, account, present=factors.has_factor(account), problem=problem)
        return _to("/second-factor/?set=1")
    if not is_confirmed(request) or _PENDING not in request.session:
        return _to("/second-factor/")
    codes = factors.set_factor(
        account=account,
        secret=_pending(request, account),
        code=request.POST["first"][:20],
        keep=request.session.session_key or "",
        now=clock.now(),
    )
    if not codes:
        return _enrol(request, account, _WRONG)
    del request.session[_PENDING]
    return _codes(request, account, codes, "动态验证码已启用。以后登录时，输入密码后还须输入验证器上的 6 位数字。")


@sensitive_post_parameters("password", "code")
@never_cache
@require_POST
def codes(request: HttpRequest) -> HttpResponse:
    """Make ten new recovery codes; the old ones open nothing any more."""
    account = account_of(request)
    problem = confirm(request) if factors.has_factor(account) else "还没有设置动态验证码。"
    if problem:
        return _show(request, account, present=factors.has_factor(account), problem=problem)
    made = factors.new_recovery_codes(account=account, now=clock.now())
    return _codes(request, account, made, "已生成新的恢复码，旧的恢复码全部作废。")


@sensitive_post_parameters("password", "code")
@never_cache
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take the authenticator away; whoever must have one sets another up at once."""
    account = account_of(request)
    problem = confirm(request)
    if problem:
        return _show(request, account, present=factors.has_factor(account), problem=problem)
    removed = factors.remove_factor(
        account=account, actor=account.username, keep=request.session.session_key or "", now=clock.now()
    )
    messages.success(request, "动态验证码已停用。" if removed else "没有设置动态验证码。")
    return _to("/second-factor/")


def _show(request: HttpRequest, account: Account, *, present: bool, problem: str = "") -> HttpResponse:
    context = {
        "present": present,
        "required": factors.requires_factor(account),
        "left": factors.codes_left(account) if present else 0,
        "confirmed": is_confirmed(request),
        "problem": problem,
        "home": home_of(account.role),
    }
    return render(request, "accounts/factor.html", context, status=_UNPROCESSABLE if problem else 200)


def _enrol(request: HttpRequest, account: Account, problem: str = "") -> HttpResponse:
    secret = _pending(request, account)
    context = {
        "picture": _picture(factors.address_of(secret, account)),
        "groups": [secret[place : place + 4] for place in range(0, len(secret), 4)],
        "problem": problem,
    }
    return render(request, "accounts/factor_set.html", context, status=_UNPROCESSABLE if problem else 200)


def _codes(request: HttpRequest, account: Account, made: list[str], sentence: str) -> HttpResponse:
    context = {"codes": made, "sentence": sentence, "home": home_of(account.role), "at": clock.now()}
    return render(request, "accounts/factor_codes.html", context)


def _pending(request: HttpRequest, account: Account) -> str:
    """Return the secret that is being set up, the same one until it is confirmed or the session ends."""
    kept = request.session.get(_PENDING)
    if crypto.is_encrypted(kept):
        try:
            return str(crypto.decrypt(kept, report=_PLACE, address=account.username))
        except crypto.Undecipherable:
            pass
    secret = factors.new_secret()
    request.session[_PENDING] = crypto.encrypt(secret, report=_PLACE, address=account.username)
    return secret


def _picture(text: str) -> str:
    """Return the QR code as the address of a picture."""
    return str(segno.make(text, error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff"))


def _to(address: str) -> HttpResponse:
    return see_other(address)
