"""Slowing guesses down without letting anybody lock another out (docs/decisions/0021).

django-axes counts account and address together: five wrong ones wait a quarter of an hour. Here is what it cannot see:
one address trying many accounts, and many addresses trying one account. Both are slowed down, never locked, and a
device that logged in before is not concerned at all.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.utils import reset

from guanshu.portal import crypto
from guanshu.portal.models import FailedLogin

PASSWORD, CODE = "password", "code"
_WINDOW, _KEPT = timedelta(hours=1), timedelta(days=1)
# One address, all accounts: from so many failures an hour on, one attempt in so many seconds.
ADDRESS_CEILING, ADDRESS_PAUSE = 50, 20
# One account, all strange addresses: so many failures an hour, and how long an address waits between its attempts.
# The first attempt of an address never waits: the right password gets in at once, wherever a rival fails.
ACCOUNT_PAUSES = ((500, 600), (100, 120), (20, 30))
# Codes of the second factor: whoever gets there knows the password, so they are counted for the account alone.
CODES, CODES_WITHIN, CODES_A_DAY = 5, timedelta(minutes=15), 20


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an attempt comes from. known: a device on which this account logged in before."""

    address: str
    known: bool = False


def password_pause(*, username: str, origin: Origin, now: datetime) -> int:
    """Return for how many seconds this attempt must wait; 0 = it may be made."""
    if origin.known:
        return 0
    recent = FailedLogin.objects.filter(kind=PASSWORD, at__gt=now - _WINDOW)
    here, account = recent.filter(address_mark=_address_mark(origin)), recent.filter(account_mark=_mark(username))
    pauses = [0]
    if here.count() >= ADDRESS_CEILING:
        pauses.append(_left(here.latest("at").at, ADDRESS_PAUSE, now))
    own = here.filter(account_mark=_mark(username)).order_by("-at").first()
    if own is not None:
        failures = account.count()
        pause = next((seconds for least, seconds in ACCOUNT_PAUSES if failures >= least), 0)
        pauses.append(_left(own.at, pause, now))
    return max(pauses)


def note_wrong_password(*, username: str, origin: Origin, now: datetime) -> None:
    """Count a wrong password; a known device's own mistakes count against nobody else."""
    if not origin.known:
        FailedLogin.objects.create(
            kind=PASSWORD, account_mark=_mark(username), address_mark=_address_mark(origin), at=now
        )


def codes_used_up(*, username: str, now: datetime) -> bool:
    """Return whether no more codes of the second factor are looked at for now."""
    wrong = FailedLogin.objects.filter(kind=CODE, account_mark=_mark(username))
    if wrong.filter(at__gt=now - CODES_WITHIN).count() >= CODES:
        return True
    return wrong.filter(at__gt=now - _KEPT).count() >= CODES_A_DAY


def note_wrong_code(*, username: str, now: datetime) -> None:
    """Count a wrong code of the second factor."""
    FailedLogin.objects.create(kind=CODE, account_mark=_mark(username), address_mark="", at=now)


def forget_failures(*, now: datetime) -> int:
    """Remove what is older than a day; return how many."""
    removed, _ = FailedLogin.objects.filter(at__lt=now - _KEPT).delete()
    return removed


def lift(*, username: str) -> None:
    """Let an account's wrong passwords and codes count no more, here and with django-axes."""
    FailedLogin.objects.filter(account_mark=_mark(username)).delete()
    reset(username=username)


def _left(last: datetime, pause: int, now: datetime) -> int:
    left = pause - (now - last).total_seconds()
    return int(left) + 1 if left > 0 else 0


def _mark(username: str) -> str:
    # Keyed: people type passwords into the wrong box.
    return crypto.lookup(f"login {username}")


def _address_mark(origin: Origin) -> str:
    try:
        address = ipaddress.ip_address(origin.address)
    except ValueError:
        return crypto.lookup("address ?")
    if address.version == 6:
        # One line has a whole /64.
        address = ipaddress.ip_network((address, 64), strict=False).network_address
    return crypto.lookup(f"address {address}")
