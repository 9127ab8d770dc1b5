"""科技馆账号申请: what is read, what is refused, what approval makes, and that it happens once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from guanshu.portal.domain.offices.applying import (
    mark_read,
    refuse_application,
    submit_application,
    withdraw_application,
)
from guanshu.portal.domain.offices.approving import approve_application
from guanshu.portal.domain.people import set_person
from guanshu.portal.models import (
    Account,
    Application,
    AuditRecord,
    FreeStatus,
    Museum,
    Report,
    SmsMessage,
    StoredFile,
)
from guanshu.portal.problems import Incomplete, InvalidForm, NotYours, WrongState
from guanshu.portal.queries.applications import base_of, next_code, people_of
from guanshu.portal.queries.files import verify_files
from guanshu.portal.queries.people import Person, person_of
from guanshu.portal.queries.requests import actions_for, badges
from guanshu.portal.queries.verification import verify_audit
from guanshu.survey.workflow.requests import APPLICATION, RequestAction, RequestState
from tests.cast import NOW, Cast
from tests.portal.offices.conftest import APPLIED, FILLER, REVIEWER, apply, folder_of, second_system

pytestmark = pytest.mark.django_db


def approve(application: Application, actor: Account) -> Application:
    return approve_application(application=application, actor=actor, now=NOW)


def test_an_application_is_kept_with_its_evidence_and_its_people_sealed(cast: Cast) -> None:
    asked = apply(cast)
    assert (asked.number, asked.state) == ("2022-130000-S1", RequestState.AT_NATION.value)
    assert asked.files.get().uploaded_name == "批复.pdf"
    assert people_of(asked) == {"filler": Person(*FILLER), "reviewer": Person(*REVIEWER)}
    assert asked.phones == {"filler": "138****2222", "reviewer": "139****4444"}
    everything = str([list(model.objects.values()) for model in (Application, AuditRecord, StoredFile)])
    assert not any(secret in everything for secret in (*FILLER, *REVIEWER))
    assert list(verify_files()) == []


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("name", "", "请填写科技馆名称"),
        ("name", "馆" * 101, "最多 100 个字"),
        ("name", "科技馆😀", "无法在打印的报表上显示"),
        ("level", "galaxy", "请选择场馆级别"),
        ("city", "", "请填写所在地市"),
        ("division", "", "请填写行政区划代码"),
        ("division", "13063", "应为 6 位数字"),
        ("division", "110108", "不在河北"),
        ("division", "130600", "所在县"),
        ("supervisor", "\x00", "请填写上级主管单位"),
        ("opened_on", "去年", "2022-05"),
        ("opened_on", "2023-03", "晚于今天"),
        ("opened_on", "2022-13", "2022-05"),
        ("free", "maybe", "请选择免费开放"),
        ("filler_name", "不适用", "不能填「不适用」"),
        ("filler_phone", "0312-5551234", "手机"),
        ("reviewer_phone", "1381111222", "11 位数字"),
        ("note", "长" * 501, "最多 500 个字"),
    ],
)
def test_what_cannot_be_taken_is_named_field_by_field(cast: Cast, name: str, typed: str, said: str) -> None:
    with pytest.raises(InvalidForm) as caught:
        apply(cast, **{name: typed})
    assert list(caught.value.problems) == [name]
    assert said in caught.value.problems[name]
    assert not Application.objects.exists()


def test_all_that_is_wrong_is_told_at_once(cast: Cast) -> None:
    with pytest.raises(InvalidForm) as caught:
        submit_application(actor=cast.province, campaign=cast.campaign, typed={}, distinct=False, upload=None, now=NOW)
    required = set(APPLIED) - {"address", "note", "city", "division"}
    assert set(caught.value.problems) == required


@pytest.mark.parametrize(
    ("name", "content"), [("批复.pdf", b""), ("批复.pdf", b"MZ\x90\x00"), ("批复.html", b"<html><script>1</script>")]
)
def test_evidence_is_checked_by_its_content(cast: Cast, settings: Any, name: str, content: bytes) -> None:
    upload = SimpleUploadedFile(name, content)
    with pytest.raises(InvalidForm) as caught:
        submit_application(
            actor=cast.province, campaign=cast.campaign, typed=APPLIED, distinct=False, upload=upload, now=NOW
        )
    assert list(caught.value.problems) == ["file"]
    assert not list(folder_of(settings).rglob("*-*"))


def test_a_name_the_register_has_is_refused_and_a_similar_one_has_to_be_ticked(cast: Cast, settings: Any) -> None:
    with pytest.raises(InvalidForm) as caught:
        apply(cast, name="保定市 科技馆", distinct=True)
    assert "130600001" in caught.value.problems["name"]
    with pytest.raises(InvalidForm) as caught:
        apply(cast, name="保定科学技术馆")
    assert "确认不是同一座馆" in caught.value.problems["distinct"]
    assert not list(folder_of(settings).rglob("*-*"))
    asked = apply(cast, name="保定科学技术馆", distinct=True)
    assert asked.distinct
    assert [each["number"] for each in asked.lookalikes] == ["130600001"]
    with pytest.raises(InvalidForm) as caught:
        apply(cast, name="保定科学技术馆", distinct=True)
    assert asked.number in caught.value.problems["name"]


@pytest.mark.parametrize("who", ["filler", "reviewer", "city", "system", "viewer", "operations"])
def test_only_a_province_applies(cast: Cast, who: str) -> None:
    with pytest.raises(NotYours):
        apply(cast, actor=getattr(cast, who))


def test_a_closed_year_takes_no_applications(cast: Cast) -> None:
    cast.campaign.closed = True
    cast.campaign.save()
    with pytest.raises(WrongState, match="已经结束"):
        apply(cast)


def test_approval_makes_museum_accounts_people_free_status_and_report(cast: Cast) -> None:
    set_person(account=cast.province, person=Person("李", "13700001111"), actor="", source="annex1", now=NOW)
    done = approve(apply(cast), cast.system)
    museum = Museum.objects.get(code="130634001")
    assert done.museum == museum
    assert (museum.name, museum.province, museum.level, museum.city) == ("曲阳县科技馆", cast.hebei, "county", "保定市")
    assert FreeStatus.objects.filter(museum=museum, year=2022).exists()
    assert Report.objects.get(museum=museum).number == "2022-130634001"
    accounts = {account.username: account for account in museum.accounts.all()}
    assert set(accounts) == {"B130634001", "C130634001"}
    assert person_of(accounts["B130634001"]) == Person(*FILLER)
    assert person_of(accounts["C130634001"]) == Person(*REVIEWER)
    assert all(each.must_change_password and not each.given_at for each in accounts.values())
    sources = AuditRecord.objects.filter(action="person_changed", stream="account:B130634001")
    assert [each.details["source"] for each in sources] == ["application"]
    assert SmsMessage.objects.get().template == "application_approved"
    assert badges(cast.province) == {"province:applications": 1, "province:corrections": 0}
    mark_read(asked=done, actor=cast.province, now=NOW)
    assert badges(cast.province)["province:applications"] == 0
    assert list(verify_audit()) == []


def test_a_museum_that_is_not_free_gets_no_free_status(cast: Cast) -> None:
    done = approve(apply(cast, free="0"), cast.system)
    assert not FreeStatus.objects.filter(museum=done.museum).exists()


def test_a_name_no_gateway_sends_keeps_nobody_from_deciding(cast: Cast) -> None:
    set_person(account=cast.province, person=Person("李", "13700001111"), actor="", source="annex1", now=NOW)
    approve(apply(cast, name="www.曲阳科技馆"), cast.system)
    assert SmsMessage.objects.count() == 1


def test_the_second_of_two_who_decide_is_told(cast: Cast) -> None:
    asked, other = apply(cast), second_system()
    stale = Application.objects.get(pk=asked.pk)
    approve(asked, cast.system)
    for decide in (approve_application, refuse_application):
        with pytest.raises(WrongState, match="已由 national 办理"):
            _decide(decide, stale, other)
    assert Museum.objects.filter(name=asked.name).count() == 1


def _decide(decide: Callable[..., Application], asked: Application, actor: Account) -> None:
    decide(application=asked, actor=actor, now=NOW, reason="重复")


@pytest.mark.parametrize("who", ["filler", "province", "other_province", "viewer", "operations", "free_reviewer"])
def test_only_the_system_administrator_decides(cast: Cast, who: str) -> None:
    asked = apply(cast)
    for decide in (approve_application, refuse_application):
        with pytest.raises(NotYours):
            _decide(decide, asked, getattr(cast, who))


def test_a_refusal_has_a_reason_and_makes_nothing(cast: Cast) -> None:
    asked = apply(cast)
    with pytest.raises(Incomplete):
        refuse_application(application=asked, actor=cast.system, reason="  ", now=NOW)
    done = refuse_application(application=asked, actor=cast.system, reason="材料不符", now=NOW)
    assert (done.state, done.decision) == (RequestState.REFUSED.value, "材料不符")
    assert not Museum.objects.filter(name=asked.name).exists()
    assert not SmsMessage.objects.exists()
    again = apply(cast)
    assert again.number == "2022-130000-S2"


def test_a_province_withdraws_its_own_until_it_is_decided(cast: Cast) -> None:
    asked = apply(cast)
    with pytest.raises(NotYours):
        withdraw_application(application=asked, actor=cast.other_province, now=NOW)
    withdraw_application(application=asked, actor=cast.province, now=NOW)
    with pytest.raises(WrongState):
        approve(asked, cast.system)


def test_a_name_taken_meanwhile_is_not_approved(cast: Cast) -> None:
    asked = apply(cast)
    Museum.objects.create(code="130634009", name="曲阳县科技馆", province=cast.hebei, level="county")
    with pytest.raises(WrongState, match="不能同意"):
        approve(asked, cast.system)
    assert Application.objects.get().state == RequestState.AT_NATION.value


@pytest.mark.parametrize("state", list(RequestState))
def test_buttons_are_what_the_table_allows(cast: Cast, state: RequestState) -> None:
    asked = apply(cast)
    asked.state = state.value
    waiting = state is RequestState.AT_NATION
    assert actions_for(cast.province, asked) == ((RequestAction.WITHDRAW,) if waiting else ())
    assert actions_for(cast.system, asked) == ((RequestAction.APPROVE, RequestAction.REFUSE) if waiting else ())
    assert actions_for(cast.viewer, asked) == ()
    assert set(APPLICATION) == {RequestAction.WITHDRAW, RequestAction.APPROVE, RequestAction.REFUSE}


def test_numbers_are_the_levels_division_and_the_next_serial(cast: Cast) -> None:
    corps = type(cast.hebei)(code="660000", order=32, name="新疆生产建设兵团科协", short_name="兵团")
    assert base_of(cast.hebei, "province", "130102") == "130000"
    assert base_of(cast.hebei, "city", "130602") == "130600"
    assert base_of(cast.hebei, "county", "130634") == "130634"
    assert base_of(cast.hebei, "city", "429004") == "429004"
    assert base_of(corps, "province", "") == "660000"
    assert base_of(corps, "city", "659001") == "659001"
    assert next_code("130600") == "130600002"
    Museum.objects.create(code="130600999", name="x", province=cast.hebei, level="city")
    assert next_code("130600") == "130600002"
    assert next_code("130634") == "130634001"


def test_nothing_is_left_of_an_approval_that_fails_half_way(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = apply(cast)

    def fail(**_given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("guanshu.portal.domain.offices.approving.create_reports", fail)
    with pytest.raises(RuntimeError):
        approve(asked, cast.system)
    assert not Museum.objects.filter(name=asked.name).exists()
    assert not Account.objects.filter(username="B130634001").exists()
    assert Application.objects.get().state == RequestState.AT_NATION.value


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_wins(cast: Cast) -> None:
    from concurrent.futures import ThreadPoolExecutor

    asked, other = apply(cast), second_system()

    def decide(actor: Account) -> str:
        try:
            approve(Application.objects.get(pk=asked.pk), actor)
        except WrongState as problem:
            return problem.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, (cast.system, other))) == ["done", "wrong_state"]
    assert Museum.objects.filter(name=asked.name).count() == 1
