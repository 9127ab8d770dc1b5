"""The pages of applications, corrections, the register and 附件1: what they hide, what they keep, what they refuse."""

from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from guanshu.portal.models import Account, Application, AuditRecord, Correction, Museum
from tests.cast import Cast
from tests.portal.offices.conftest import APPLIED, CARD, apply, ask, client_of, forwarded, pdf

pytestmark = pytest.mark.django_db
APPLY, CORRECT, CARDS = "/province/applications/", "/museum/corrections/", "/national/administrators/130000/"
WEIRD = ("", "\x00", "长" * 20_000, "<script>alert(1)</script>", "😀", "{{ 1 }}", "-1", "不适用", "\u202e\ud7ff")


def words(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_an_application_is_posted_and_its_page_hides_the_people_until_somebody_looks(cast: Cast) -> None:
    province = client_of(cast.province)
    answer = province.post(APPLY, {**APPLIED, "file": pdf()})
    assert answer.status_code == 303
    page = words(province.get(answer.url))
    assert "138****2222" in page
    assert APPLIED["filler_phone"] not in page
    assert APPLIED["filler_name"] not in page
    assert APPLIED["filler_phone"] in words(province.post(f"{answer.url}reveal/"))
    record = AuditRecord.objects.get(action="reveal_personal")
    assert (record.actor, record.object) == ("A130000001", "2022-130000-S1")


def test_what_was_typed_stays_and_the_page_says_that_the_file_is_needed_again(cast: Cast) -> None:
    answer = client_of(cast.province).post(APPLY, {**APPLIED, "filler_phone": "123", "file": pdf()})
    page = words(answer)
    assert answer.status_code == 422
    assert APPLIED["supervisor"] in page
    assert "证明文件须重新选择" in page
    assert "手机号码应为 11 位数字" in page


def test_similar_names_are_told_while_typing(cast: Cast) -> None:
    province = client_of(cast.province)
    assert "130600001" in words(province.get(f"{APPLY}names/", {"name": "保定科学技术馆"}))
    for odd in WEIRD:
        assert province.get(f"{APPLY}names/", {"name": odd}).status_code == 200


@pytest.mark.parametrize("odd", WEIRD)
def test_bad_input_is_refused_with_a_sentence_everywhere(cast: Cast, odd: str) -> None:
    asked, correction = apply(cast), ask(cast, "city", "保定市")
    posts = [
        (cast.province, APPLY, {**dict.fromkeys(APPLIED, odd), "distinct": odd}),
        (cast.province, APPLY, {**dict.fromkeys(APPLIED, odd), "file": odd}),
        (cast.province, "/province/materials/annex1/", dict.fromkeys(CARD, odd)),
        (cast.filler, CORRECT, {"what": odd, "new_name": odd, "reason": odd}),
        (cast.filler, CORRECT, {"what": "name", "new_name": odd, "reason": odd, "file": odd}),
        (cast.system, CARDS, dict.fromkeys(CARD, odd)),
        (cast.system, f"{CARDS}confirm/", {"seen": odd}),
        (cast.system, f"{CARDS}password/", {"password": odd}),
        (cast.system, "/national/administrators/export/", {"password": odd}),
        (cast.system, "/national/museums/130600001/change/free/", {"new": odd, "reason": odd}),
        (cast.system, "/national/museums/130600001/change/province/", {"new": odd, "reason": odd}),
        (cast.system, "/national/museums/130600001/change/close/", {"on": odd, "reason": odd}),
        (cast.system, f"/national/applications/{asked.number}/refuse/", {"reason": odd * 600}),
        (cast.province, f"/province/corrections/{correction.number}/return/", {"opinion": odd * 600}),
    ]
    for account, address, data in posts:
        assert client_of(account).post(address, data).status_code in {409, 422}, address
    assert Application.objects.count() == Correction.objects.count() == 1


def test_addresses_of_nothing_do_not_exist(cast: Cast) -> None:
    for account, address in (
        (cast.system, "/national/administrators/999999/"),
        (cast.system, "/national/applications/2022-130000-S9/"),
        (cast.system, "/national/corrections/x%00y/"),
        (cast.system, "/national/museums/130600001/change/code/"),
        (cast.system, "/national/museums/000000000/change/name/"),
        (cast.province, "/province/applications/%E9%A6%86/"),
    ):
        assert client_of(account).get(address).status_code == 404, address


def test_the_second_decision_is_409_with_a_sentence(cast: Cast) -> None:
    asked = apply(cast)
    nation = client_of(cast.system)
    assert nation.post(f"/national/applications/{asked.number}/approve/").status_code == 303
    again = nation.post(f"/national/applications/{asked.number}/approve/")
    assert again.status_code == 409
    assert "已由 national 办理" in words(again)


def test_the_province_is_told_until_it_says_that_it_read(cast: Cast) -> None:
    asked = apply(cast)
    client_of(cast.system).post(f"/national/applications/{asked.number}/refuse/", {"reason": "不是独立机构"})
    province = client_of(cast.province)
    assert "不是独立机构" in words(province.get(APPLY))
    assert "nav-count" in words(province.get("/province/status/"))
    assert province.post(f"{APPLY}{asked.number}/read/").status_code == 303
    assert "nav-count" not in words(province.get("/province/status/"))


def test_the_reviewer_reads_and_does_not_ask(cast: Cast) -> None:
    ask(cast, "name", "保定科学中心")
    page = words(client_of(cast.reviewer).get(CORRECT))
    assert "待省级意见" in page
    assert "提交申请</button>" not in page
    assert "撤回申请</button>" not in page


def test_the_nation_reads_what_follows_before_it_approves(cast: Cast) -> None:
    asked = forwarded(cast, "free", "0")
    page = words(client_of(cast.system).get(f"/national/corrections/{asked.number}/"))
    assert "只改变 2022 年度的免费开放状态" in page
    assert words(client_of(cast.viewer).get(f"/national/corrections/{asked.number}/")).count("<button") < page.count(
        "<button"
    )


def test_the_register_is_changed_from_the_museums_page(cast: Cast) -> None:
    nation = client_of(cast.system)
    assert "change/close/" in words(nation.get("/national/museums/130600001/"))
    assert "change/close/" not in words(client_of(cast.viewer).get("/national/museums/130600001/"))
    given = {"new": "保定科学中心", "reason": "批复"}
    assert nation.post("/national/museums/130600001/change/name/", given).status_code == 303
    assert Museum.objects.get(code="130600001").name == "保定科学中心"
    page = words(nation.get("/national/museums/130600001/"))
    assert "保定市科技馆 → 保定科学中心" in page


def with_password(account: Account) -> Client:
    Account.objects.filter(pk=account.pk).update(password=make_password("a-long-enough-password"))
    return client_of(Account.objects.get(pk=account.pk))


def test_a_card_is_entered_confirmed_and_its_password_shown_once(cast: Cast) -> None:
    nation = with_password(cast.system)
    assert nation.post(CARDS, CARD).status_code == 303
    page = words(nation.get(CARDS))
    assert not any(value in page for value in (CARD["name"], CARD["mobile"], CARD["email"]))
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert nation.post(f"{CARDS}confirm/", {"seen": seen.replace("&#x2B;", "+")}).status_code == 303
    assert nation.post(f"{CARDS}password/", {"password": "wrong"}).status_code == 422
    shown = nation.post(f"{CARDS}password/", {"password": "a-long-enough-password"})
    assert shown["Cache-Control"] == "no-store"
    initial = words(shown).split('id="initial">')[1].split("<")[0]
    assert Account.objects.get(pk=cast.province.pk).check_password(initial)
    assert nation.post(f"{CARDS}password/").status_code == 409
    assert "发放初始密码</button>" not in words(nation.get(CARDS))


def test_all_cards_leave_as_a_workbook_only_after_the_password(cast: Cast) -> None:
    nation = with_password(cast.system)
    address = "/national/administrators/export/"
    assert nation.post(address, {"password": "wrong"}).status_code == 422
    answer = nation.post(address, {"password": "a-long-enough-password"})
    assert answer["Content-Type"].endswith("sheet")
    assert "no-store" in answer["Cache-Control"]
    assert AuditRecord.objects.filter(action="export_administrators").count() == 1


def test_the_province_keeps_its_card_up(cast: Cast) -> None:
    province = client_of(cast.province)
    address = "/province/materials/annex1/"
    assert province.post(f"{address}reveal/").status_code == 409
    assert province.post(address, CARD).status_code == 303
    page = words(province.get(address))
    assert "等待全国工作人员电话确认" in page
    assert CARD["mobile"] not in page
    assert CARD["mobile"] in words(province.post(f"{address}reveal/"))
    assert AuditRecord.objects.filter(action="reveal_card", actor="A130000001").count() == 1
