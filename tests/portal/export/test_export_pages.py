"""The province's and the nation's export pages: whose data, which method, who may."""

import io
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from guanshu.portal.models import Account, AuditRecord
from tests.cast import Cast
from tests.portal.conftest import Save


def client_of(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    return client


def museums(response: Any) -> list[str]:
    lines = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_name("基础信息").to_python()
    return [str(line[4]) for line in lines[4:]]


def test_a_province_exports_its_own_museums(cast: Cast) -> None:
    response = client_of(cast.province).post("/province/data/export/")
    assert response.status_code == 200
    assert museums(response) == ["130100001", "130600001"]
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''2022")
    assert response["Cache-Control"] == "no-store"
    assert AuditRecord.objects.get(action="export_workbook").actor == "A130000001"


def test_the_other_button_exports_free_museums(cast: Cast) -> None:
    assert museums(client_of(cast.province).post("/province/data/export/?free=1")) == ["130600001"]


def test_the_nation_exports_all_or_one_province(cast: Cast) -> None:
    client = client_of(cast.system)
    assert museums(client.post("/national/data/export/")) == ["110108001", "130100001", "130600001"]
    assert museums(client.post("/national/data/export/", {"province": "110000", "free": "1"})) == ["110108001"]
    assert client.post("/national/data/export/", {"province": "990000"}).status_code == 404


def test_following_a_link_exports_nothing(cast: Cast) -> None:
    assert client_of(cast.province).get("/province/data/export/").status_code == 405
    page = client_of(cast.system).get("/national/data/export/")
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
