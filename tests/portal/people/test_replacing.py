"""更换填报人/审核人: who may, what ends, what the record keeps."""

from datetime import date, timedelta

import pytest
from django.test import Client

from guanshu.portal.domain.factors import has_factor
from guanshu.portal.domain.handing_over import replace_holder
from guanshu.portal.models import Account, AccountSession, AuditRecord
from guanshu.portal.problems import Incomplete, NotYours
from guanshu.portal.queries.accountstate import Stage, stage_of
from guanshu.portal.queries.people import holders, person_of
from tests.cast import NOW, Cast
from tests.portal.doors.conftest import give_factor
from tests.portal.people.conftest import LI, PASSWORD, ZHANG, LogIn, put, sent

pytestmark = pytest.mark.django_db
DAY = date(2023, 2, 3)


@pytest.fixture
def known(cast: Cast) -> Cast:
    put(cast.filler, ZHANG)
    return cast


def replace(cast: Cast, *, actor: Account | None = None, account: Account | None = None) -> None:
    replace_holder(
        account=account or cast.filler,
        actor=actor or cast.province,
        person=LI,
        on=DAY,
        reason="岗位调整",
        now=NOW + timedelta(minutes=1),
    )


def test_another_person_holds_the_account_and_the_record_keeps_the_first(known: Cast) -> None:
    replace(known)
    assert person_of(Account.objects.get(pk=known.filler.pk)) == LI
    now, before = holders(known.filler)
    assert (now.name, now.on, now.reason, now.by) == (LI.name, DAY, "岗位调整", "A130000001")
    assert (before.name, before.until) == (ZHANG.name, NOW + timedelta(minutes=1))
    assert sorted(to for to, _ in sent()) == sorted([ZHANG.phone, LI.phone])
    assert LI.name not in str(list(AuditRecord.objects.values()))


def test_old_sessions_and_the_old_password_end(known: Cast, log_in: LogIn) -> None:
    client = log_in(known.filler)
    assert client.get("/museum/account/").status_code == 200
    replace(known)
    assert client.get("/museum/account/").headers["Location"].startswith("/login/")
    assert not Account.objects.get(pk=known.filler.pk).has_usable_password()
    answer = Client().post("/login/", {"username": known.filler.username, "password": PASSWORD})
    assert answer.status_code == 422
    assert stage_of(Account.objects.get(pk=known.filler.pk)) is Stage.NONE


def test_an_authenticator_left_behind_does_not_keep_the_next_holder_out(known: Cast) -> None:
    give_factor(known.filler.username)
    replace(known)
    assert not has_factor(known.filler)
    assert not AccountSession.objects.filter(account=known.filler, ended="").exists()


def test_only_the_holder_and_the_museums_province_may(known: Cast) -> None:
    strangers = (known.reviewer, known.other_filler, known.other_province, known.system, known.operations, known.city)
    for actor in strangers:
        with pytest.raises(NotYours):
            replace(known, actor=actor)
    for account in (known.province, known.system):
        with pytest.raises(NotYours):
            replace(known, actor=known.province, account=account)
    replace(known, actor=known.filler)


def test_the_same_name_is_no_other_person(known: Cast) -> None:
    replace(known)
    with pytest.raises(Incomplete, match="相同"):
        replace(known)


FORM = {"name": LI.name, "phone": "139 0000 5678", "on": "2023-02-03", "reason": "岗位调整", "password": PASSWORD}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "请填写姓名"),
        ({"name": "李" * 31}, "最多 30 个字"),
        ({"name": "\x00"}, "请填写姓名"),
        ({"phone": "12345"}, "应为 11 位"),
        ({"phone": ""}, "请填写手机号码"),
        ({"on": "2023-02-30"}, "请填写更换日期"),
        ({"on": "2099-01-01"}, "不能晚于今天"),
        ({"on": "2001-01-01"}, "早于一年"),
        ({"reason": " "}, "请填写原因"),
        ({"password": "wrong"}, "密码不正确"),
        ({"password": ""}, "请输入您的登录密码"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    wrong: dict[str, str], said: str, known: Cast, log_in: LogIn, settings: object
) -> None:
    settings.GUANSHU_TODAY = "2023-02-04"  # type: ignore[attr-defined]
    for actor, path in (
        (known.province, f"/province/accounts/{known.baoding.code}/{known.filler.username}/replace/"),
        (known.filler, "/museum/account/replace/"),
    ):
        answer = log_in(actor).post(path, {**FORM, **wrong})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in page
        assert (wrong.get("reason") or FORM["reason"]) in page


def test_whoever_hands_over_is_logged_out_and_told_how_it_goes_on(known: Cast, log_in: LogIn, settings: object) -> None:
    settings.GUANSHU_TODAY = "2023-02-04"  # type: ignore[attr-defined]
    client = log_in(known.filler)
    answer = client.post("/museum/account/replace/", FORM, follow=True)
    assert answer.redirect_chain == [("/", 303)]
    assert "用登记的手机号码重置密码" in answer.content.decode()
    assert client.get("/museum/").status_code == 302
    assert person_of(Account.objects.get(pk=known.filler.pk)) == LI
