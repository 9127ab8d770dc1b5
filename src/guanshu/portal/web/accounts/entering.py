"""Letting somebody in: the session after the password (and the code), and the half session between the two."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from guanshu.portal import clock
from guanshu.portal.domain.accounts import record_login
from guanshu.portal.domain.attempts import record_counted
from guanshu.portal.domain.sessions import keep_newest
from guanshu.portal.models import Account
from guanshu.portal.permissions import home_of
from guanshu.portal.web.shared.agents import browser_of, shortened
from guanshu.portal.web.shared.devices import remember_device
from guanshu.portal.web.shared.requests import client_address
from guanshu.portal.web.shared.sessions import ORIGIN

BACKEND = "guanshu.portal.web.accounts.backend.AccountBackend"
HALF_MINUTES, HALF_TRIES = 5, 5
_HALF = "half"


@dataclass(frozen=True, slots=True)
class Half:
    """Somebody whose password was right and whose code is still to come. `following` is where to go then."""

    account: Account
    following: str


def enter(request: HttpRequest, account: Account, following: str) -> HttpResponse:
    """Begin the account's session under a new key, record it, end the oldest beyond three; go on to `following`."""
    now = clock.now()
    request.session.pop(_HALF, None)
    # One commit for all of it: on a Monday morning everybody comes at once.
    with transaction.atomic():
        login(request, account, backend=BACKEND)
        note_origin(request)
        # Counted from the log-in, however busy the session is.
        request.session.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))
        # The row must be there to be counted.
        request.session.save()
        record_counted(account=account, now=now)
        record_login(account=account, now=now)
        keep_newest(account=account, now=now)
    response = HttpResponseRedirect(following_of(request, following, account))
    remember_device(request, response, account)
    return response


def note_origin(request: HttpRequest) -> None:
    """Keep with the session where it comes from, for 「登录设备」."""
    agent = browser_of(request.headers.get("User-Agent", ""))
    request.session[ORIGIN] = {"address": shortened(client_address(request)), "agent": agent}


def enter_half(request: HttpRequest, account: Account, following: str) -> HttpResponse:
    """Ask for the code: the session says whose turn it is and logs nobody in."""
    request.session.cycle_key()
    request.session[_HALF] = {
        "account": account.pk,
        "hash": account.get_session_auth_hash(),
        "at": clock.now().timestamp(),
        "tries": 0,
        "next": following,
    }
    return HttpResponseRedirect("/login/code/")


def half_of(request: HttpRequest) -> Half | None:
    """Return whose code is awaited; None when nobody's is, or it took longer than five minutes or five tries."""
    kept = request.session.get(_HALF)
    if not isinstance(kept, dict):
        return None
    account = Account.objects.filter(pk=kept["account"], is_active=True).first()
    old = clock.now().timestamp() - kept["at"] > HALF_MINUTES * 60 or kept["tries"] >= HALF_TRIES
    if account is None or old or account.get_session_auth_hash() != kept["hash"]:
        del request.session[_HALF]
        return None
    return Half(account, kept["next"])


def count_try(request: HttpRequest) -> int:
    """Count a wrong code; return how many tries are left."""
    kept = request.session[_HALF]
    tries: int = kept["tries"] + 1
    request.session[_HALF] = {**kept, "tries": tries}
    return max(0, HALF_TRIES - tries)


def following_of(request: HttpRequest, following: str, account: Account) -> str:
    """Return where to go: `following` when it is an address of this site, else the role's first page."""
    safe = url_has_allowed_host_and_scheme(following, {request.get_host()}, require_https=request.is_secure())
    return following if following.startswith("/") and safe else home_of(account.role)
