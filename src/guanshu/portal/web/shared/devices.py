"""Devices that logged in before: a signed cookie, which keeps for them an allowance of wrong passwords of their own."""

import hashlib
import hmac
import ipaddress
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from guanshu.portal.domain.accounts import canonical_username
from guanshu.portal.domain.throttling import Origin
from guanshu.portal.models import Account
from guanshu.portal.web.shared.requests import client_address

_SALT = "guanshu.device"
_AGE = 400 * 24 * 3600
# One person may look after several museums.
_MOST_ACCOUNTS = 12


def origin_of(request: HttpRequest, username: str) -> Origin:
    """Return where an attempt at this account comes from."""
    _, accounts = _read(request)
    return Origin(client_address(request), known=canonical_username(username) in accounts)


def counted_address(request: HttpRequest) -> str:
    """Return the address under which django-axes counts: a known device has one of its own, so that no neighbour
    behind the same router and no rival elsewhere can use its attempts up.
    """
    device, accounts = _read(request)
    attempted = getattr(getattr(request, "user", None), "username", "") or canonical_username(
        request.POST.get("username", "")[:40]
    )
    if attempted not in accounts:
        return client_address(request)
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{device} {attempted}".encode(), hashlib.sha256).digest()
    # Of the private range that is never routed.
    return str(ipaddress.IPv6Address(b"\xfd" + digest[:15]))


def remember_device(request: HttpRequest, response: HttpResponseBase, account: Account) -> None:
    """Let the device keep a cookie that says this account logged in on it."""
    device, accounts = _read(request)
    names = [account.username, *(name for name in accounts if name != account.username)][:_MOST_ACCOUNTS]
    response.set_cookie(
        settings.GUANSHU_DEVICE_COOKIE,
        signing.dumps({"device": device or secrets.token_hex(16), "accounts": names}, salt=_SALT),
        max_age=_AGE,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        kept = signing.loads(request.COOKIES.get(settings.GUANSHU_DEVICE_COOKIE, ""), salt=_SALT, max_age=_AGE)
    except signing.BadSignature:
        return "", []
    return kept["device"], kept["accounts"]
