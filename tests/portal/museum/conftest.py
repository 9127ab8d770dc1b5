"""Clients that are logged in, and short ways to post a save."""

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client

from guanshu.portal.models import Account
from tests.cast import Cast

BACKEND = "guanshu.portal.web.accounts.backend.AccountBackend"


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.GUANSHU_TODAY = "2023-02-04"


@pytest.fixture
def client_of() -> Callable[[Account], Client]:
    """Return a function that gives a client of an account."""

    def logged_in(account: Account) -> Client:
        client = Client()
        client.force_login(account, backend=BACKEND)
        return client

    return logged_in


@pytest.fixture
def filler(cast: Cast, client_of: Callable[[Account], Client]) -> Client:
    return client_of(cast.filler)


@pytest.fixture
def reviewer(cast: Cast, client_of: Callable[[Account], Client]) -> Client:
    return client_of(cast.reviewer)


def send(client: Client, changes: Mapping[str, Any], table: str = "1-1", request: str = "") -> Any:
    """Post a save as the page's script does."""
    body = json.dumps({"request": request or str(uuid.uuid4()), "changes": changes})
    return client.post(f"/museum/tables/{table}/", body, content_type="application/json")
