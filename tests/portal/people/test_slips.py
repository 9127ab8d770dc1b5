"""账号通知单: made once, seen once, refused for accounts in use, expiring, and the province's own only."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone
from pypdfium2 import PdfDocument
from python_calamine import CalamineWorkbook

from guanshu.portal import deployment
from guanshu.portal.domain.outside import OutsideFailed
from guanshu.portal.models import Account, AuditRecord
from guanshu.portal.queries.accountstate import Stage, stage_of, stamp_of
from tests.cast import Cast
from tests.portal.people.conftest import PASSWORD, LogIn

pytestmark = pytest.mark.django_db
GIVE = "/province/accounts/slips/give/"


def form(*accounts: Account, **changed: Any) -> dict[str, Any]:
    fresh = [Account.objects.get(pk=account.pk) for account in accounts]
    return {
        "account": [each.username for each in fresh],
        **{f"seen-{each.username}": stamp_of(each) for each in fresh},
        "to": "保定市科技馆王主任",
        "kind": "xlsx",
        "password": PASSWORD,
        **changed,
    }


def lines(data: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def passwords(data: bytes) -> dict[str, str]:
    """Return the password of each account on a worksheet of slips."""
    return {row[3]: row[4] for row in lines(data)[2:] if row[3]}


def state(account: Account) -> Account:
    return Account.objects.get(pk=account.pk)


def test_a_slip_opens_the_account_once_changed(cast: Cast, log_in: LogIn) -> None:
    answer = log_in(cast.province).post(GIVE, form(cast.filler))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment")
    given = state(cast.filler)
    assert (given.given_to, stage_of(given), given.must_change_password) == ("保定市科技馆王主任", Stage.GIVEN, True)
    clerk = Client()
    password = passwords(answer.content)[cast.filler.username]
    entered = clerk.post("/login/", {"username": cast.filler.username, "password": password})
    assert entered.status_code == 302
    assert clerk.get("/museum/").headers["Location"] == "/password/"
    assert stage_of(state(cast.filler)) is Stage.ENTERED


def test_a_pdf_has_one_slip_an_account_and_all_they_need(cast: Cast, log_in: LogIn, settings: Any) -> None:
    settings.GUANSHU_SITE_URL = "https://sjcj.example.cn/"
    answer = log_in(cast.province).post(GIVE, form(cast.filler, cast.reviewer, kind="pdf"))
    assert answer["Content-Type"] == "application/pdf"
    document = PdfDocument(answer.content)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    for each in (cast.filler.username, cast.reviewer.username, cast.baoding.name, "https://sjcj.example.cn/"):
        assert each in text
    assert text.count("首次登录须修改密码") == 2
    assert len(document) == 1


def test_nothing_keeps_the_password(cast: Cast, log_in: LogIn, settings: Any, tmp_path: Any) -> None:
    answer = log_in(cast.province).post(GIVE, form(cast.filler))
    password = passwords(answer.content)[cast.filler.username]
    rows = str([*Account.objects.values(), *AuditRecord.objects.values()])
    assert password not in rows
    records = AuditRecord.objects.filter(action__in=["password_initial", "slips_given"]).order_by("action")
    assert [record.details for record in records] == [
        {"slip": "xlsx", "again": False},
        {"accounts": 1, "again": 0, "slip": "xlsx"},
    ]


def test_the_same_form_posted_again_makes_no_second_password(cast: Cast, log_in: LogIn) -> None:
    client, posted = log_in(cast.province), form(cast.filler)
    first = client.post(GIVE, posted)
    kept = state(cast.filler).password
    assert client.post(GIVE, posted).status_code == 409
    assert state(cast.filler).password == kept
    assert passwords(first.content)


def test_an_account_in_use_needs_the_tick_and_ends_its_sessions(cast: Cast, log_in: LogIn) -> None:
    clerk = log_in(cast.filler)
    Account.objects.filter(pk=cast.filler.pk).update(first_login_at=timezone.now())
    office = log_in(cast.province)
    refused = office.post(GIVE, form(cast.filler))
    assert refused.status_code == 422
    assert "已在使用" in refused.content.decode()
    assert clerk.get("/museum/account/").status_code == 200
    assert office.post(GIVE, form(cast.filler, again=[cast.filler.username])).status_code == 200
    assert clerk.get("/museum/account/").headers["Location"].startswith("/login/")
    assert AuditRecord.objects.get(action="password_initial").details["again"] is True


def test_another_provinces_account_is_not_there(cast: Cast, log_in: LogIn) -> None:
    before = state(cast.filler).password
    office = log_in(cast.other_province)
    for path in (GIVE, "/province/accounts/slips/"):
        assert office.post(path, form(cast.filler)).status_code == 404
    for account in (cast.province, cast.system, cast.city):
        assert log_in(cast.province).post(GIVE, form(account)).status_code == 404
    assert state(cast.filler).password == before


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"to": ""}, 422),
        ({"to": "王" * 31}, 422),
        ({"kind": "docx"}, 422),
        ({"kind": ""}, 422),
        ({"password": "wrong"}, 422),
        ({"password": ""}, 422),
        ({"account": []}, 422),
        ({"account": ["B130600001", "B\x00"]}, 404),
        ({"account": ["B" * 5000]}, 404),
        ({"seen-B130600001": "x" * 5000}, 409),
        ({"again": ["x" * 5000]}, 200),
        ({"to": "王\x00"}, 200),
    ],
)
def test_bad_input_is_refused_and_changes_nothing(
    wrong: dict[str, Any], status: int, cast: Cast, log_in: LogIn
) -> None:
    before = state(cast.filler).password
    answer = log_in(cast.province).post(GIVE, form(cast.filler, **wrong))
    assert answer.status_code == status
    assert status == 200 or state(cast.filler).password == before


def test_a_document_that_cannot_be_made_leaves_every_password(
    cast: Cast, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise OutsideFailed

    monkeypatch.setattr("guanshu.portal.domain.slips.run_outside", fail)
    before = state(cast.filler).password
    assert log_in(cast.province).post(GIVE, form(cast.filler)).status_code == 503
    assert state(cast.filler).password == before
    assert state(cast.filler).given_at is None


def test_all_that_nobody_was_given_can_be_chosen_at_once(cast: Cast, log_in: LogIn) -> None:
    Account.objects.filter(pk=cast.reviewer.pk).update(given_at=timezone.now())
    page = log_in(cast.province).post("/province/accounts/slips/", {"all": "1"}).content.decode()
    assert cast.filler.username in page
    assert cast.other_filler.username in page
    assert cast.reviewer.username not in page


def test_an_initial_password_runs_out(cast: Cast, settings: Any) -> None:
    settings.GUANSHU_INITIAL_PASSWORD_DAYS = 30
    account = cast.filler
    account.set_password(PASSWORD)
    account.must_change_password, account.password_at = True, timezone.now() - timedelta(days=30)
    account.save()

    def attempt(password: str) -> tuple[int, bool]:
        answer = Client().post("/login/", {"username": account.username, "password": password})
        return answer.status_code, "已过有效期" in answer.content.decode()

    assert attempt(PASSWORD) == (422, True)
    # Whoever does not know it learns nothing.
    assert attempt("wrong") == (422, False)
    Account.objects.filter(pk=account.pk).update(password_at=timezone.now() - timedelta(days=29))
    assert attempt(PASSWORD) == (302, False)
    Account.objects.filter(pk=account.pk).update(
        must_change_password=False, password_at=timezone.now() - timedelta(days=99)
    )
    assert attempt(PASSWORD) == (302, False)


@pytest.mark.parametrize("text", ["0", "366", "-1", "3.5", "x", "１０"])
def test_a_validity_that_is_no_number_of_days_refuses_to_start(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="GUANSHU_INITIAL_PASSWORD_DAYS"):
        deployment.initial_password_days({"GUANSHU_INITIAL_PASSWORD_DAYS": text})
    assert deployment.initial_password_days({}) == 30


@pytest.mark.parametrize("text", ["sjcj.example.cn", "ftp://x/", "https://", "https://a b/"])
def test_a_login_address_that_is_none_refuses_to_start(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="GUANSHU_SITE_URL"):
        deployment.site_url({"GUANSHU_SITE_URL": text})
    assert deployment.site_url({"GUANSHU_SITE_URL": "https://sjcj.example.cn/"}) == "https://sjcj.example.cn/"
