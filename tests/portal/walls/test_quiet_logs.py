"""Nothing that is logged or recorded holds a telephone number, a code or a password, whatever goes wrong."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanshu.portal.domain.attempts import WINDOW, record_old_counts
from guanshu.portal.domain.people import set_person
from guanshu.portal.models import AuditRecord
from guanshu.portal.queries.forms import compiled
from guanshu.portal.queries.people import Person
from guanshu.portal.sms import send_sms
from guanshu.portal.sms.delivering import deliver_waiting
from tests import logwatch
from tests.cast import NOW, Cast
from tests.portal.conftest import Save
from tests.portal.walls.test_trail_page import client_of

PHONE, OTHER, PASSWORD = "13812345678", "15987654321", "planted-password-7"
NAME = "甄好记"


@pytest.fixture
def watch() -> Iterator[logwatch.Watch]:
    found = logwatch.Watch()
    found.begin()
    yield found
    found.end()


def test_what_people_type_is_in_no_log_and_no_record(
    cast: Cast, save: Save, watch: logwatch.Watch, settings: Any, capfd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GUANSHU_TODAY = "2023-02-04"
    cast.filler.set_password(PASSWORD)
    cast.filler.save()
    client = Client(raise_request_exception=False)
    for username, password in (
        ("B130600001", PASSWORD + "x"),
        (PASSWORD, "x"),
        (PHONE, PASSWORD),
        ("B130600001", PASSWORD),
    ):
        client.post("/login/", {"username": username, "password": password})
    personal = next(cell for cell in compiled(cast.form.pk).questionnaire.cells.values() if cell.personal)
    save({personal.name: ("", PHONE)})
    set_person(account=cast.filler, person=Person(NAME, OTHER), actor="", source="test", now=NOW)
    client.post("/museum/tables/1-1/", {f"seen:{personal.name}": PHONE, personal.name: "not a phone " + OTHER})
    client.post("/password/", {"old": PASSWORD, "new": PASSWORD + "-new", "again": PASSWORD + "-newer"})
    client.post("/museum/files/plan/", {"file": SimpleUploadedFile(f"{PHONE}.pdf", b"MZ")})
    client_of(cast.auditor).post("/audit/export/", {"password": PASSWORD, "q": PHONE})
    words = {"museum": "保定", "year": "2022", "until": "2月4日"}
    send_sms(to=PHONE, template="remind_due_today", variables=words, purpose="test", now=NOW)
    deliver_waiting(now=NOW + timedelta(minutes=1))
    # A fault, with the form in hand.
    from guanshu.portal.web.accounts import views

    monkeypatch.setattr(views, "change_password", lambda **_: 1 / 0)
    client.post("/password/", {"old": PASSWORD, "new": "another-" + PASSWORD, "again": "another-" + PASSWORD})
    record_old_counts(now=NOW + WINDOW + timedelta(days=9999))
    out, err = capfd.readouterr()
    secrets = {PHONE, OTHER, PASSWORD, NAME}
    assert "ZeroDivisionError" in "".join(watch.lines)
    assert logwatch.leaks([*watch.lines, *out.splitlines(), *err.splitlines()], secrets) == []
    told = [f"{row.stream} {row.actor} {row.object} {row.details}" for row in AuditRecord.objects.all()]
    assert len(told) > 3
    assert logwatch.leaks(told, secrets) == []


def test_the_watch_finds_what_is_planted(watch: logwatch.Watch) -> None:
    import logging

    logging.getLogger("anything").error("sent to %s", PHONE)
    logging.getLogger("anything").info("code 918273")
    assert len(logwatch.leaks(watch.lines, {PHONE})) == 2
    assert logwatch.leaks(["code 918273"], {"918273"})
    assert logwatch.leaks(["138 1234 5678"])
    assert logwatch.leaks(["GET /x?phone=13812345678 200"])
    assert not logwatch.leaks(["0.13812345678", "2022-130600001", "a13812345678b", "account B130600001"])
