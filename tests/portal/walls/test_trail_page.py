"""The auditor's page: found by filter, page by page, in sentences; exported and verified, both on record."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from guanshu.portal import audit
from guanshu.portal.domain.jobs import run_waiting
from guanshu.portal.models import Account, AuditRecord, Role, SaveRecord
from guanshu.portal.queries.forms import compiled
from guanshu.portal.queries.trail import TrailFilter, read_place, trail_page
from tests.cast import NOW, Cast
from tests.portal.conftest import Save


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.GUANSHU_TODAY = "2023-02-04"


def client_of(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    return client


@pytest.fixture
def auditor(cast: Cast) -> Client:
    return client_of(cast.auditor)


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def events(count: int, **given: Any) -> None:
    for n in range(count):
        given = {"stream": "account:X", "actor": "X", "action": "login", "object": "X", "details": {"n": n}} | given
        audit.record(**given, now=NOW + timedelta(seconds=n))


def test_only_the_auditor_enters(cast: Cast) -> None:
    for role in Role.values:
        account = Account.objects.filter(role=role).first()
        assert account is not None
        status = client_of(account).get("/audit/").status_code
        assert status == (200 if role == Role.AUDITOR.value else 403), role


def test_it_is_where_the_auditor_lands(cast: Cast) -> None:
    from guanshu.portal.permissions import home_of

    assert home_of(Role.AUDITOR.value) == "/audit/"


def test_a_record_is_a_sentence_and_a_save_shows_its_cells(cast: Cast, save: Save, auditor: Client) -> None:
    save({"land_area": ("", "100")})
    save({"land_area": ("100", "9200")})
    page = text(auditor, "/audit/")
    assert "报表 2022-130600001：开始填报" in page
    assert "保存 2022-130600001 的填报内容，1 处改动" in page
    assert "100.00 → <b>9,200.00</b>" in page


def test_of_people_only_that_something_changed(cast: Cast, save: Save, auditor: Client) -> None:
    personal = next(cell for cell in compiled(cast.form.pk).questionnaire.cells.values() if cell.personal)
    save({personal.name: ("", "13800138000")})
    assert SaveRecord.objects.exists()
    for page in (text(auditor, "/audit/"), text(auditor, "/audit/?q=138")):
        assert "13800138000" not in page
        assert "13800138" not in page
    assert "已填（个人信息不在此显示）" in text(auditor, "/audit/")


def test_filters(cast: Cast, save: Save, auditor: Client) -> None:
    save({"land_area": ("", "100")})
    events(1)
    events(
        1, stream="report:2022-1", object="2022-1", action="approve", actor="A130000001", details={"reason": "属实无误"}
    )
    cases = {
        "action=save": ["保存 2022"],
        "action=approve": ["省级审核通过"],
        "actor=X": ["登录系统"],
        "actor=B130600001&action=save": ["保存 2022"],
        "about=2022-1": ["省级审核通过"],
        "about=report:2022-1": ["省级审核通过"],
        "about=account:X": ["登录系统"],
        "q=属实": ["省级审核通过"],
        "q=account": ["登录系统"],
        "since=2023-02-05": [],
        "until=2023-02-03": [],
        "since=2023-02-04&until=2023-02-04&action=login": ["登录系统"],
    }
    everything = ["保存 2022", "省级审核通过", "<summary>登录系统"]
    for query, wanted in cases.items():
        page = text(auditor, f"/audit/?{query}").partition('id="list"')[2]
        for each in everything:
            expected = any(each.endswith(one) for one in wanted)
            assert (each in page) == expected, (query, each)


def test_pages_follow_each_other_without_gap_or_double(cast: Cast, save: Save) -> None:
    events(30)
    events(25, stream="account:Y")
    save({"land_area": ("", "100")})
    save({"land_area": ("100", "200")})
    seen: list[tuple[Any, int]] = []
    after = None
    while True:
        page = trail_page(TrailFilter(), after, 7)
        seen += [(type(line.record), line.record.pk) for line in page.lines]
        if not page.following:
            break
        after = read_place(page.following)
        assert after is not None
    assert len(seen) == len(set(seen)) == AuditRecord.objects.count() + SaveRecord.objects.count()


SPOILT = (
    *("after=x", "after=9e9", "after=e", "since=9999-99-99", "action=%00", "before=-1", "about=%00", "q=%00%ff"),
    *("after=" + "9" * 40 + "e1", "since=0001-01-01", "until=9999-12-31", "actor=" + "x" * 5000),
)


@pytest.mark.parametrize("query", SPOILT)
def test_a_spoilt_address_is_no_fault(auditor: Client, query: str) -> None:
    assert auditor.get(f"/audit/?{query}").status_code == 200
    assert auditor.get(f"/audit/seals/?{query}").status_code == 200
    assert auditor.get(f"/audit/export/?{query}").status_code == 200


@pytest.fixture
def confirmed(auditor: Client) -> Client:
    from guanshu.portal import clock

    session = auditor.session
    session["confirmed_at"] = clock.now().timestamp()
    session.save()
    return auditor


def test_an_export_asks_for_the_password_and_is_recorded(cast: Cast, auditor: Client, confirmed: Client) -> None:
    events(3, details={"about": "=HYPERLINK(1)"})
    plain = client_of(cast.auditor).post("/audit/export/", {"form": "csv"})
    assert plain.status_code == 422
    answer = confirmed.post("/audit/export/", {"form": "csv", "actor": "X"})
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox")
    lines = answer.content.decode("utf-8-sig").strip().splitlines()
    assert lines[0].startswith("时间,账号,操作")
    assert sum("登录系统" in line for line in lines) == 3
    record = AuditRecord.objects.get(action="export_trail")
    assert (record.actor, record.details["rows"], record.details["wanted"]) == ("auditor", 3, "账号 X")


def test_an_export_as_workbook(confirmed: Client) -> None:
    events(2, details={"about": "=1+1"})
    answer = confirmed.post("/audit/export/", {"form": "xlsx"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet


def test_no_formula_leaves_in_a_csv() -> None:
    from guanshu.survey.documents.trail_sheet import write_csv

    assert write_csv(["a"], [["=1+1"], ["-2"], ["好"]]).decode("utf-8-sig").splitlines() == ["a", "'=1+1", "'-2", "好"]


def test_verifying_runs_behind_the_page_and_says_what_it_found(cast: Cast, save: Save, auditor: Client) -> None:
    save({"land_area": ("", "100")})
    assert auditor.post("/audit/verify/").status_code == 303
    assert "hx-trigger" in text(auditor, "/audit/verify/")
    assert auditor.post("/audit/verify/").status_code == 303
    assert run_waiting() == 1
    assert "全部记录完整，没有发现改动" in text(auditor, "/audit/verify/")
    assert AuditRecord.objects.filter(action="verify_trail", actor="auditor").count() == 1
    audit.disarm(connection)
    SaveRecord.objects.update(actor="Z")
    audit.arm(connection)
    auditor.post("/audit/verify/")
    run_waiting()
    page = text(auditor, "/audit/verify/")
    assert "发现 1 处问题" in page
    assert "报表 2022-130600001 第 1 条记录：内容与校验值不符" in page


def test_the_seals_are_listed(cast: Cast, auditor: Client) -> None:
    from guanshu.portal.domain.sealing import seal
    from guanshu.portal.queries.seals import newest_seal

    assert "还没有封印" in text(auditor, "/audit/seals/")
    events(1)
    seal(now=NOW + timedelta(minutes=2))
    newest = newest_seal()
    assert newest is not None
    assert newest.hash in text(auditor, "/audit/seals/")
    assert newest.short in text(auditor, "/audit/")
