"""Asking for the password again before data leave the system or keys change; the answer holds for five minutes.

An account with a second factor gives its code as well. Pages include `shared/reauth.html` in their form.
"""

from datetime import timedelta

from django.http import HttpRequest

from guanshu.portal import clock
from guanshu.portal.domain.factors import has_factor
from guanshu.portal.models import Account
from guanshu.portal.web.shared.checking import TryLater, check_code_of, check_password_of

VALID = timedelta(minutes=5)
FIELD, CODE_FIELD = "password", "code"
_KEY = "confirmed_at"
_MISSING = "请输入您的登录密码。"
_WRONG = "密码不正确。连续输错 5 次，15 分钟内不能再试。"
_MISSING_CODE = "请输入身份验证器上的 6 位动态验证码，或一个恢复码。"
_WRONG_CODE = "动态验证码不正确，或已经用过。请等验证器显示下一个验证码后再试。"


def is_confirmed(request: HttpRequest) -> bool:
    """Return whether the password was given within the last five minutes, in this session."""
    given = request.session.get(_KEY)
    age = clock.now().timestamp() - given if isinstance(given, int | float) else -1.0
    return 0 <= age <= VALID.total_seconds()


def confirm(request: HttpRequest) -> str:
    """Check the posted password (and code), unless it was given a moment ago; return "" or what is wrong.

    Wrong ones count like wrong log-ins, so that an unattended screen is no place to guess.
    """
    if is_confirmed(request):
        return ""
    password, account = request.POST.get(FIELD, ""), request.user
    if not password:
        return _MISSING
    if not isinstance(account, Account):
        return _WRONG
    try:
        known = check_password_of(request, account.username, password)
        if known is None or known.pk != account.pk:
            return _WRONG
        if has_factor(account):
            code = request.POST.get(CODE_FIELD, "")
            if not code.strip():
                return _MISSING_CODE
            if not check_code_of(account, code):
                return _WRONG_CODE
    except TryLater as wait:
        return wait.message
    request.session[_KEY] = clock.now().timestamp()
    return ""
