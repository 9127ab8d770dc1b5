"""Three duties, nobody holds two: said in words by the operations, held to by the database."""

import pytest
from django.db import IntegrityError, transaction

from guanshu.portal import crypto
from guanshu.portal.domain.people import set_person
from guanshu.portal.models import Account, AuditRecord
from guanshu.portal.problems import OtherDuty
from guanshu.portal.queries.people import Person
from tests.portal.web.country import NOW, PASSWORD, LogIn

pytestmark = pytest.mark.django_db
WHO = Person("张三丰", "13800001234")
NEW = {"role": "operations", "username": "yunwei", "name": "李四", "phone": "139 0000 5678", "password": PASSWORD}
PAGE = "/national/accounts/"


def hold(username: str, person: Person = WHO) -> None:
    set_person(account=Account.objects.get(username=username), person=person, actor="", source="test", now=NOW)


@pytest.mark.parametrize(
    ("one", "other"), [("national", "auditor"), ("operations", "national"), ("auditor", "operations")]
)
def test_one_person_holds_one_duty(one: str, other: str, country: object) -> None:
    hold(one)
    with pytest.raises(OtherDuty):
        hold(other)
    # What is no duty may be held beside it.
    hold("viewer")
    hold("A130000001")


def test_the_database_holds_to_it_too(country: object) -> None:
    mark = crypto.lookup(WHO.phone)
    Account.objects.filter(username="national").update(phone_mark=mark)
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(username="auditor").update(phone_mark=mark)
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(username="operations").update(phone_mark=mark)
    # A role cannot be changed into a second duty either; a closed account is none.
    Account.objects.filter(username="viewer").update(phone_mark=mark)
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(username="viewer").update(role="auditor")
    Account.objects.filter(username="national").update(is_active=False)
    Account.objects.filter(username="auditor").update(phone_mark=mark)
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(username="national").update(is_active=True)


def test_a_rule_of_the_database_is_told_in_words(country: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from guanshu.portal.domain import people

    hold("national")
    monkeypatch.setattr(people, "check_duties", lambda *_: None)
    with pytest.raises(OtherDuty):
        hold("auditor")
    assert Account.objects.get(username="auditor").phone_mark == ""


def test_the_administrator_makes_viewers_and_operations(log_in: LogIn) -> None:
    page = log_in("national").post(PAGE, NEW).content.decode()
    made = Account.objects.get(username="yunwei")
    assert made.role == "operations"
    assert made.must_change_password
    password = page.split('id="initial-password">')[1].split("<")[0]
    assert made.check_password(password)
    assert password not in log_in("national").get(PAGE).content.decode()
    assert AuditRecord.objects.filter(stream="account:yunwei", action="account_created", actor="national").exists()


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"role": "system"}, 422, "请选择账号类型"),
        ({"role": "auditor"}, 422, "请选择账号类型"),
        ({"role": "province"}, 422, "请选择账号类型"),
        ({"password": "wrong"}, 422, "密码不正确"),
        ({"password": ""}, 422, "请输入您的登录密码"),
        ({"username": "A130000009"}, 422, "账号名为"),
        ({"username": "D130000001"}, 422, "账号名为"),
        ({"username": "x" * 500}, 422, "账号名为"),
        ({"username": "Viewer"}, 422, "已有名为 viewer"),
        ({"username": "a\x00b"}, 422, "账号名为"),
        ({"name": ""}, 422, "姓名"),
        ({"name": "\x00"}, 422, "姓名"),
        ({"phone": "0312-5555555"}, 422, "11 位数字"),
        ({"phone": WHO.phone}, 409, "不得由一人兼任"),
    ],
)
def test_what_the_administrator_cannot_make(change: dict[str, str], status: int, sentence: str, log_in: LogIn) -> None:
    hold("auditor")
    answer = log_in("national").post(PAGE, {**NEW, **change})
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert not Account.objects.filter(username="yunwei").exists()


def test_closing_ends_everything_and_roles_stay(log_in: LogIn) -> None:
    client, viewer = log_in("national"), log_in("viewer")
    assert client.post(PAGE + "viewer/close/", {"password": PASSWORD, "role": "system"}).status_code == 303
    assert viewer.get("/national/").status_code == 302
    account = Account.objects.get(username="viewer")
    assert (account.is_active, account.role) == (False, "national_viewer")
    assert client.post(PAGE + "viewer/close/").status_code == 409
    for name, word in (
        ("national", "close"),
        ("auditor", "close"),
        ("auditor", "password"),
        ("A130000001", "close"),
        ("free", "role"),
    ):
        assert client.post(f"{PAGE}{name}/{word}/").status_code in {403, 404}, name
    assert Account.objects.get(username="auditor").is_active


def test_another_administrator_resets_a_lost_factor(log_in: LogIn) -> None:
    from tests.portal.doors.conftest import give_factor

    give_factor("viewer")
    client = log_in("national")
    assert client.post(PAGE + "viewer/factor/", {"password": "wrong"}).status_code == 422
    assert client.post(PAGE + "viewer/factor/", {"password": PASSWORD}).status_code == 303
    assert AuditRecord.objects.filter(stream="account:viewer", action="factor_reset", actor="national").exists()
    assert client.post(PAGE + "national/factor/").status_code == 404
