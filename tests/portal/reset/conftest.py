"""The cast with forms that ask for both mobile numbers, a gateway of the tests' own, answers without waiting."""

from typing import Any, Protocol

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from guanshu.portal.domain.people import set_person
from guanshu.portal.domain.resetting import pace
from guanshu.portal.models import Account
from guanshu.portal.queries.people import Person
from tests.cast import NOW, Cast
from tests.portal.reminders.conftest import Gateway, cast, gateway

__all__ = ["Gateway", "cast", "gateway"]

PHONE = "13812345678"
OLD, NEW = "Correct-horse-22", "a-new-long-password-7"
ENCODED = make_password(OLD)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let answers leave when they are ready; only the tests of time wait."""
    monkeypatch.setattr(pace, "BEAT", 0)


def give(account: Account, phone: str = PHONE) -> Account:
    """Put a number on record for an account."""
    set_person(account=account, person=Person("张三丰", phone), actor="", source="test", now=NOW)
    return account


@pytest.fixture
def filler(cast: Cast) -> Account:
    """Baoding's filler, with a number and a password."""
    Account.objects.update(password=ENCODED)
    return give(Account.objects.get(pk=cast.filler.pk))


class Browser(Client):
    """A browser on the page 「短信重置」."""

    def ask(self, username: str, **more: Any) -> Any:
        return self.post("/password-reset/", {"ask": "1", "username": username, **more})

    def set(self, username: str, code: str, new: str = NEW, again: str | None = None) -> Any:
        given = {"username": username, "code": code, "new": new, "again": new if again is None else again}
        return self.post("/password-reset/", given)


def last_code(gateway: type[Gateway]) -> str:
    """Return the code of the newest message."""
    return [each for each in gateway.sent if each.template == "reset_code"][-1].variables["code"]


class Ask(Protocol):
    def __call__(self, username: str, **more: Any) -> Any: ...
