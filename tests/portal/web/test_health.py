"""The two health checks."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from guanshu.portal import audit


def test_healthz_asks_nothing_of_the_database() -> None:
    assert Client().get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_names_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    assert client.get("/readyz").json() == {"status": "ok", "database": True, "migrations": True, "triggers": True}
    monkeypatch.setattr(audit, "armed", lambda connection: False)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["triggers"]) == (503, False)


@pytest.mark.django_db
def test_readyz_says_when_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", away)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, False)
