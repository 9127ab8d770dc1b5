"""Checking a password or a code that was posted, with everything that keeps guessing slow."""

from django.contrib.auth import authenticate
from django.http import HttpRequest

from guanshu.portal import clock
from guanshu.portal.domain import throttling
from guanshu.portal.domain.accounts import canonical_username
from guanshu.portal.domain.attempts import record_failed_login
from guanshu.portal.domain.factors import check_factor
from guanshu.portal.models import Account
from guanshu.portal.web.shared.devices import origin_of


class TryLater(Exception):  # noqa: N818 - a refusal, not a fault
    """Too many wrong ones: the attempt was not looked at. `message` says how long to wait."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def check_password_of(request: HttpRequest, username: str, password: str) -> Account | None:
    """Return the account the password opens, None for a wrong one. Raises TryLater, Busy."""
    now, name = clock.now(), canonical_username(username)
    origin = origin_of(request, name)
    pause = throttling.password_pause(username=name, origin=origin, now=now)
    if pause:
        raise TryLater(f"登录失败次数过多，请 {pause} 秒后再试。在本人登录过的设备上不受此限制。")
    account = authenticate(request, username=username, password=password)
    if isinstance(account, Account):
        return account
    record_failed_login(typed=username, now=now)
    # What axes kept out was not looked at either.
    if not getattr(request, "axes_locked_out", False):
        throttling.note_wrong_password(username=name, origin=origin, now=now)
    return None


def check_code_of(account: Account, code: str) -> bool:
    """Return whether a code of the second factor fits. Raises TryLater."""
    now = clock.now()
    if throttling.codes_used_up(username=account.username, now=now):
        raise TryLater("验证码输错次数过多，请 15 分钟后再试；仍不行的，请联系系统管理员。")
    if check_factor(account=account, code=code[:60], now=now):
        return True
    throttling.note_wrong_code(username=account.username, now=now)
    record_failed_login(typed=account.username, now=now)
    return False
