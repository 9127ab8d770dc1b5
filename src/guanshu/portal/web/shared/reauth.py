"""Asking for the password again before data leave the system; the answer holds for five minutes."""

from datetime import timedelta

from django.contrib.auth import authenticate
from django.http import HttpRequest

from guanshu.portal import clock
from guanshu.portal.domain.attempts import record_failed_login
from guanshu.portal.models import Account

VALID = timedelta(minutes=5)
FIELD = "password"
_KEY = "confirmed_at"
_MISSING = "请输入您的登录密码。"
_WRONG = "密码不正确。连续输错 5 次，15 分钟内不能再试。"


def is_confirmed(request: HttpRequest) -> bool:
    """Return whether the password was given within the last five minutes, in this session."""
    given = request.session.get(_KEY)
    age = clock.now().timestamp() - given if isinstance(given, int | float) else -1.0
    return 0 <= age <= VALID.total_seconds()


def confirm(request: HttpRequest) -> str:
    """Check the posted password, unless it was given a moment ago; return "" or the sentence that says what is wrong.

    Wrong ones count like wrong log-ins, so that an unattended screen is no place to guess.
    """
    if is_confirmed(request):
        return ""
    password = request.POST.get(FIELD, "")
    if not password:
        return _MISSING
    account = request.user
    if not isinstance(account, Account):
        return _WRONG
    known = authenticate(request, username=account.username, password=password)
    if not isinstance(known, Account) or known.pk != account.pk:
        record_failed_login(typed=account.username, now=clock.now())
        return _WRONG
    request.session[_KEY] = clock.now().timestamp()
    return ""
