"""The small country of the web tests, real log-ins, and an authenticator."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import Client
from django.utils import timezone

from guanshu.portal import clock
from guanshu.portal.domain.factors import new_secret, set_factor
from guanshu.portal.models import Account
from tests.portal.web.conftest import business_day, country, log_in  # noqa: F401 - fixtures
from tests.portal.web.country import PASSWORD

Enter = Callable[..., Client]
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"


def code_at(secret: str, moment: datetime) -> str:
    """Return what an authenticator shows at a moment."""
    import base64

    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(moment.timestamp())).decode()


def give_factor(username: str) -> tuple[str, list[str]]:
    """Give an account an authenticator, set up an hour ago; return its secret and recovery codes."""
    secret, then = new_secret(), timezone.now() - timedelta(hours=1)
    account = Account.objects.get(username=username)
    return secret, set_factor(account=account, secret=secret, code=code_at(secret, then), keep="", now=then)


@pytest.fixture
def enter(country: object) -> Enter:  # noqa: F811 - the fixture
    """Return a function that logs in through the page, from an address."""

    def entering(username: str, password: str = PASSWORD, address: str = "192.0.2.10", **kwargs: Any) -> Client:
        client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=CHROME, **kwargs)
        answer = client.post("/login/", {"username": username, "password": password})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return entering


class Time:
    """The real clock, put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return timezone.now() + self.ahead

    def pass_(self, **amount: float) -> None:
        self.ahead += timedelta(**amount)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """Let time pass."""
    moving = Time()
    monkeypatch.setattr(clock, "now", moving)
    return moving
