"""The province's account pages and the operations area: what is masked, what is recorded, who gets in."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from axes.models import AccessAttempt
from django.utils import timezone

from guanshu.portal.domain.phonechanges import request_phone_change
from guanshu.portal.models import Account, AuditRecord, ContactLog, PhoneChange, Role
from tests.cast import NOW, Cast
from tests.portal.people.conftest import LI, PASSWORD, ZHANG, LogIn, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(cast: Cast, settings: Any) -> Cast:
    settings.GUANSHU_TODAY = "2023-02-04"
    put(cast.filler, ZHANG)
    return cast


def looks() -> list[tuple[str, str]]:
    return list(AuditRecord.objects.filter(action="reveal_phone").values_list("actor", "object"))


def test_numbers_are_masked_until_asked_for_and_the_look_is_recorded(known: Cast, log_in: LogIn) -> None:
    office, where = log_in(known.province), f"/province/accounts/{known.baoding.code}/"
    for path in ("/province/accounts/", where):
        page = office.get(path).content.decode()
        assert "138****1234" in page
        assert ZHANG.name in page
        assert ZHANG.phone not in page
    answer = office.post(f"{where}{known.filler.username}/reveal/", headers={"HX-Request": "true"})
    assert ZHANG.phone in answer.content.decode()
    assert looks() == [("A130000001", "B130600001")]
    assert ZHANG.phone in office.get("/province/accounts/").content.decode()
    assert ZHANG.phone not in log_in(known.province).get("/province/accounts/").content.decode()


def test_without_script_the_number_is_on_the_page_that_follows(known: Cast, log_in: LogIn) -> None:
    office = log_in(known.province)
    path = f"/province/accounts/{known.baoding.code}/{known.filler.username}/reveal/"
    answer = office.post(path, follow=True)
    assert answer.redirect_chain[0][1] == 303
    assert ZHANG.phone in answer.content.decode()


def test_another_province_gets_nothing(known: Cast, log_in: LogIn) -> None:
    office, code = log_in(known.other_province), known.baoding.code
    name = known.filler.username
    assert office.get(f"/province/accounts/{code}/").status_code == 404
    assert office.post(f"/province/accounts/{code}/contacts/").status_code == 404
    for path in (f"{code}/{name}", f"{known.haidian.code}/{name}", f"{code}/{known.other_filler.username}"):
        assert office.post(f"/province/accounts/{path}/reveal/").status_code == 404
        assert office.get(f"/province/accounts/{path}/replace/").status_code == 404
    assert looks() == []


CONTACT = {"on": "2023-02-03", "who": "王主任", "result": "wrong_number", "note": "已停机"}


def test_a_contact_is_logged_shown_and_filtered(known: Cast, log_in: LogIn) -> None:
    office, where = log_in(known.province), f"/province/accounts/{known.baoding.code}/"
    assert office.post(f"{where}contacts/", CONTACT).status_code == 303
    page = office.get(where).content.decode()
    assert all(text in page for text in ("王主任", "已停机", "号码有误"))
    assert "王主任" not in str(list(ContactLog.objects.values()))
    assert "王主任" not in str(list(AuditRecord.objects.values()))

    def listed(query: str) -> list[bool]:
        found = office.get(f"/province/accounts/?{query}").content.decode()
        return [museum.code + " ·" in found for museum in (known.baoding, known.shijiazhuang)]

    assert "号码有误" in office.get("/province/accounts/").content.decode()
    assert listed("contact=never") == [False, True]
    assert listed("contact=week") == [False, True]
    assert listed("stage=none") == [True, True]
    assert listed("stage=entered") == [False, False]
    assert listed("contact=%00&stage=x&q=%00") == [True, True]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"on": ""}, "请填写联系日期"),
        ({"on": "2023-02-05"}, "不能晚于今天"),
        ({"who": ""}, "请填写联系人"),
        ({"result": ""}, "请选择联系结果"),
        ({"result": "x" * 5000}, "请选择联系结果"),
        ({"note": "长" * 201}, "最多 200 个字"),
    ],
)
def test_a_contact_that_says_too_little_stays_typed(
    wrong: dict[str, str], said: str, known: Cast, log_in: LogIn
) -> None:
    answer = log_in(known.province).post(f"/province/accounts/{known.baoding.code}/contacts/", {**CONTACT, **wrong})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert (wrong.get("note") or CONTACT["note"]) in page
    assert not ContactLog.objects.exists()


def test_operations_find_accounts_by_account_museum_and_exact_number(known: Cast, log_in: LogIn) -> None:
    staff = log_in(known.operations)

    def find(text: str) -> str:
        answer = staff.post("/operations/", {"q": text})
        assert answer.status_code == 200
        return answer.content.decode()

    for text in (known.filler.username.lower(), "保定", ZHANG.phone, "138 0000 1234"):
        assert f"/operations/accounts/{known.filler.username}/" in find(text)
    assert AuditRecord.objects.filter(action="search_phone", details__found=1).count() == 2
    assert "/operations/accounts/" not in find("13800001235")
    assert "/operations/accounts/" not in find("1380000123")
    assert ZHANG.phone not in find("保定")
    # National accounts are nobody's to look after here.
    assert "/operations/accounts/auditor/" not in find("auditor")
    for text in ("\x00", "x" * 5000, ""):
        find(text)
    assert staff.get("/operations/accounts/auditor/").status_code == 404
    assert ZHANG.phone not in str(list(AuditRecord.objects.values()))


def test_operations_end_a_lockout(known: Cast, log_in: LogIn) -> None:
    AccessAttempt.objects.create(
        username=known.filler.username, ip_address="10.0.0.1", failures_since_start=5, attempt_time=timezone.now()
    )
    staff, where = log_in(known.operations), f"/operations/accounts/{known.filler.username}/"
    assert "已锁定" in staff.get(where).content.decode()
    assert staff.post(f"{where}unlock/").status_code == 303
    assert not AccessAttempt.objects.exists()
    assert AuditRecord.objects.get(action="unlocked").details == {"places": 1}


CHANGE = {"phone": LI.phone, "reason": "来电，已核实", "password": PASSWORD}


def test_operations_change_a_number_and_recall_it(known: Cast, log_in: LogIn) -> None:
    staff, where = log_in(known.operations), f"/operations/accounts/{known.filler.username}/"
    assert staff.post(f"{where}phone/", CHANGE).status_code == 303
    change = PhoneChange.objects.get()
    page = staff.get(where).content.decode()
    assert "139****5678" in page
    assert f"/operations/changes/{change.pk}/recall/" in page
    assert staff.post(f"/operations/changes/{change.pk}/recall/").status_code == 303
    assert staff.post(f"/operations/changes/{change.pk}/recall/").status_code == 409
    assert "138****1234" in staff.get(where).content.decode()
    assert f"/operations/changes/{change.pk}/recall/" not in staff.get(where).content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"phone": "0312-5551234"}, "应为 11 位数字"),
        ({"phone": ""}, "请填写新手机号码"),
        ({"phone": "1" * 9000}, ""),
        ({"phone": "139\x0000005678"}, ""),
        ({"phone": ZHANG.phone}, "相同"),
        ({"reason": ""}, "请填写申请原因"),
        ({"reason": "长" * 201}, "最多 200 个字"),
        ({"password": "wrong"}, "密码不正确"),
    ],
)
def test_a_change_that_cannot_be_made_stays_typed(wrong: dict[str, str], said: str, known: Cast, log_in: LogIn) -> None:
    answer = log_in(known.operations).post(f"/operations/accounts/{known.filler.username}/phone/", {**CHANGE, **wrong})
    assert answer.status_code in ({422} if said else {422, 303})
    assert said in answer.content.decode()


def test_a_second_person_approves_on_the_page(known: Cast, log_in: LogIn, settings: Any) -> None:
    settings.GUANSHU_PHONE_SECOND_PERSON = True
    other = Account.objects.create(username="operations2", role=Role.OPERATIONS.value, must_change_password=False)
    change = request_phone_change(
        account=known.filler, actor=known.operations, phone=LI.phone, reason="来电", now=NOW + timedelta(minutes=1)
    )
    own, second = log_in(known.operations), log_in(other)
    assert "等待另一位运维人员" in own.get("/operations/").content.decode()
    assert own.post(f"/operations/changes/{change.pk}/approve/").status_code == 403
    assert f"/operations/changes/{change.pk}/approve/" in second.get("/operations/").content.decode()
    assert second.post(f"/operations/changes/{change.pk}/refuse/").status_code == 422
    assert second.post(f"/operations/changes/{change.pk}/approve/").status_code == 303
    assert second.post(f"/operations/changes/{change.pk}/approve/").status_code == 409
    assert PhoneChange.objects.get().state == "done"


@pytest.mark.parametrize(
    "who", ["filler", "reviewer", "province", "city", "system", "viewer", "free_reviewer", "auditor"]
)
def test_nobody_else_enters_the_operations_area(who: str, known: Cast, log_in: LogIn) -> None:
    client = log_in(getattr(known, who))
    name = known.filler.username
    posts = [f"accounts/{name}/{word}/" for word in ("reveal", "unlock", "phone")]
    posts += [f"changes/{uuid4()}/{word}/" for word in ("approve", "refuse", "recall")]
    for path in ("", f"accounts/{name}/", *posts):
        assert client.get(f"/operations/{path}").status_code == 403
        assert client.post(f"/operations/{path}", CHANGE).status_code == 403


def test_operations_enter_no_other_area_and_land_on_their_own(known: Cast, log_in: LogIn) -> None:
    staff = log_in(known.operations)
    for path in ("/province/accounts/", "/museum/", "/national/"):
        assert staff.get(path).status_code == 403
    assert staff.get("/login/").headers["Location"] == "/operations/"
    for word in ("approve", "refuse", "recall"):
        assert staff.post(f"/operations/changes/{uuid4()}/{word}/").status_code == 404


def test_the_museum_sees_both_accounts_and_changes_only_its_own(known: Cast, log_in: LogIn) -> None:
    put(known.reviewer, LI)
    page = log_in(known.filler).get("/museum/account/").content.decode()
    assert ZHANG.name in page
    assert LI.name in page
    assert "更换填报人</a>" in page
    assert "更换审核人</a>" not in page
    assert LI.phone not in page
