"""The province's and the nation's export pages: whose data, which method, who may."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from guanshu.portal import clock
from guanshu.portal.models import Account, AuditRecord, Report
from guanshu.survey.workflow.states import State
from tests.cast import Cast
from tests.portal.conftest import Save


def client_of(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    return client


PASSWORD = "Correct-horse-22"


def give_password(account: Account) -> None:
    account.set_password(PASSWORD)
    account.save(update_fields=["password"])


def museums(response: Any) -> list[str]:
    lines = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_name("基础信息").to_python()
    return [str(line[4]) for line in lines[4:]]


ALL = {"unsubmitted": "1", "password": PASSWORD}


def test_a_province_exports_its_own_museums(cast: Cast) -> None:
    give_password(cast.province)
    response = client_of(cast.province).post("/province/data/export/", ALL)
    assert response.status_code == 200
    assert museums(response) == ["130100001", "130600001"]
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''2022")
    assert response["Cache-Control"] == "private, no-store"
    assert AuditRecord.objects.get(action="export_workbook").actor == "A130000001"


def test_the_other_button_exports_free_museums(cast: Cast) -> None:
    give_password(cast.province)
    assert museums(client_of(cast.province).post("/province/data/export/?free=1", ALL)) == ["130600001"]


def test_what_was_not_submitted_is_left_out_unless_asked_for(cast: Cast) -> None:
    give_password(cast.province)
    client = client_of(cast.province)
    Report.objects.filter(museum=cast.baoding).update(state=State.SUBMITTED.value)
    response = client.post("/province/data/export/", {"password": PASSWORD})
    assert museums(response) == ["130600001"]
    assert "%E6%9C%AA%E5%AE%9A%E7%A8%BF" in response["Content-Disposition"]
    assert AuditRecord.objects.get(action="export_workbook").details["unsubmitted"] is False


def test_approved_and_exempt_is_final(cast: Cast) -> None:
    give_password(cast.province)
    client = client_of(cast.province)
    Report.objects.filter(museum=cast.baoding).update(state=State.APPROVED.value)
    assert "未定稿" in client.get("/province/data/export/").content.decode()
    Report.objects.filter(museum=cast.shijiazhuang).update(state=State.EXEMPT.value)
    assert "未定稿" not in client.get("/province/data/export/").content.decode()
    response = client.post("/province/data/export/", {"password": PASSWORD})
    assert "%E6%9C%AA%E5%AE%9A%E7%A8%BF" not in response["Content-Disposition"]


def test_the_password_is_asked_again_and_holds_for_five_minutes(cast: Cast, monkeypatch: Any) -> None:
    give_password(cast.province)
    client = client_of(cast.province)
    for wrong in ({}, {"password": "wrong"}):
        answer = client.post("/province/data/export/", wrong)
        assert answer.status_code == 422
        assert "密码" in answer.content.decode()
    assert not AuditRecord.objects.filter(action="export_workbook").exists()
    assert client.post("/province/data/export/", ALL).status_code == 200
    assert client.post("/province/data/export/", {"unsubmitted": "1"}).status_code == 200
    later = clock.now() + timedelta(minutes=5, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.post("/province/data/export/", {"unsubmitted": "1"}).status_code == 422


def test_somebody_elses_password_opens_nothing(cast: Cast) -> None:
    give_password(cast.other_province)
    assert client_of(cast.province).post("/province/data/export/", ALL).status_code == 422


def test_the_nation_exports_all_or_one_province(cast: Cast) -> None:
    give_password(cast.system)
    client = client_of(cast.system)
    assert museums(client.post("/national/data/export/", ALL)) == ["110108001", "130100001", "130600001"]
    one = {**ALL, "province": "110000", "free": "1"}
    assert museums(client.post("/national/data/export/", one)) == ["110108001"]
    assert client.post("/national/data/export/", {"province": "990000"}).status_code == 404


def test_following_a_link_exports_nothing(cast: Cast) -> None:
    for account, address in ((cast.province, "/province/data/export/"), (cast.system, "/national/data/export/")):
        page = client_of(account).get(address)
        assert page.status_code == 200
        assert "导出Excel" in page.content.decode()
    assert not AuditRecord.objects.filter(action="export_workbook").exists()


def test_a_forged_post_exports_nothing(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.province, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    assert client.post("/province/data/export/").status_code == 403
    assert not AuditRecord.objects.filter(action="export_workbook").exists()


@pytest.mark.parametrize("address", ["/province/data/", "/province/data/export/", "/national/data/export/"])
def test_other_roles_are_kept_out(cast: Cast, address: str) -> None:
    for account in (cast.filler, cast.reviewer, cast.auditor, cast.operations):
        assert client_of(account).post(address).status_code == 403
    assert Client().get(address).status_code == 302
    outsider = cast.province if address.startswith("/national") else cast.system
    assert client_of(outsider).post(address).status_code == 403


def test_the_list_has_both_buttons_and_links(cast: Cast) -> None:
    page = client_of(cast.province).get("/province/data/").content.decode()
    assert "导出Excel（全部）" in page
    assert "导出Excel（免费科技馆）" in page
    assert "/province/data/2022-130600001/" in page
    assert "海淀区科技馆" not in page


def test_a_museums_figures_are_shown_and_people_masked(cast: Cast, save: Save) -> None:
    save({"land_area": (None, "9100"), "leader": (None, "赵示例"), "shows.none": (None, True)})
    client = client_of(cast.province)
    page = client.get("/province/data/2022-130600001/").content.decode()
    assert "9,100.00" in page
    assert "赵示例" not in page
    assert "本年度无。" in client.get("/province/data/2022-130600001/?table=3-1").content.decode()
    assert "人员" in client.get("/province/data/2022-130600001/?table=2-1").content.decode()


def test_strangers_see_no_figures(cast: Cast) -> None:
    assert client_of(cast.other_province).get("/province/data/2022-130600001/").status_code == 404
    assert client_of(cast.province).get("/province/data/2022-130600001/?table=9-9").status_code == 404
    assert client_of(cast.province).get("/province/data/nothing/").status_code == 404


def test_the_list_asks_the_same_number_of_questions_for_one_museum_and_two(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for account in (cast.province, cast.other_province):
        client = client_of(account)
        with django_assert_max_num_queries(14):
            client.get("/province/data/")
