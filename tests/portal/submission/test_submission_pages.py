"""The pages: what they say in each state, what their buttons do, who may open them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanshu.portal import clock
from guanshu.portal.domain.jobs import run_waiting
from guanshu.portal.models import Confirmation, Job, JobState, Package
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.filing import FilingAction
from guanshu.survey.workflow.filingstates import FilingState
from tests.portal.submission.conftest import TITLES, Papers, browser
from tests.portal.submission.test_arriving import members
from tests.portal.workflow.conftest import Way
from tests.survey.intake import makers

PAGE = "/province/submission/"


@pytest.fixture
def day(settings: Any, papers: Papers, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let pages live on another business day."""

    def live(day: str) -> None:
        settings.GUANSHU_TODAY = day

    live("2023-02-10")
    return live


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:400]
    return str(answer.content.decode())


def test_the_button_of_the_notice_lives_on_the_status_page(papers: Papers, day: Any) -> None:
    client = browser(papers.cast.province)
    assert f'href="{PAGE}?year=2022">信息上报</a>' in text(client, "/province/status/")
    papers.to(FilingState.SUBMITTED)
    page = text(client, "/province/status/")
    assert "已上报" in page
    assert "filing-submitted" in page
    assert f'{PAGE}"' in text(client, "/province/accounts/")


def test_an_empty_filing_names_everything_with_links(papers: Papers, day: Any) -> None:
    page = text(browser(papers.cast.province), PAGE)
    for said in ("保定市科技馆", "还没有「确认信息无误」", "还没有上传 Word 文件", "disabled"):
        assert said in page
    assert "/province/status/2022-130600001/" in page
    assert "/province/materials/files/free-word/" in page
    assert "/province/data/export/?free=1" in page
    papers.lists()
    files = text(browser(papers.cast.province), "/province/materials/files/?year=2022")
    assert "/province/materials/papers/free.docx?year=2022" in files
    assert "/province/materials/evaluation/?year=2022" in files


def test_build_submit_receipt_withdraw(papers: Papers, day: Any) -> None:
    papers.ready()
    client = browser(papers.cast.province)
    assert client.post(f"{PAGE}build/").status_code == 303
    assert client.post(f"{PAGE}build/").status_code == 303
    assert "排队中" in text(client, PAGE)
    assert (Job.objects.count(), run_waiting()) == (1, 1)
    assert Job.objects.get().state == JobState.DONE.value
    assert "与当前数据一致" in text(client, PAGE)
    answer = client.post(PAGE, {"action": "submit_filing", "package": "1"})
    assert answer.status_code == 303
    page = text(client, PAGE)
    assert "filed-mark" in page
    receipt = text(client, f"{PAGE}receipts/1/")
    assert Package.objects.get().file.sha256 in receipt
    assert client.get(f"{PAGE}receipts/2/").status_code == 404
    assert client.post(PAGE, {"action": "submit_filing", "package": "1"}).status_code == 409
    assert client.post(PAGE, {"action": "withdraw_filing"}).status_code == 303
    assert papers.state is FilingState.PREPARING


def test_a_refusal_lists_what_is_left(papers: Papers, day: Any) -> None:
    client = browser(papers.cast.province)
    answer = client.post(f"{PAGE}build/")
    assert answer.status_code == 422
    assert "没有完成，材料没有上报" in answer.content.decode()
    assert client.post(PAGE, {"action": "submit_filing"}).status_code == 422
    assert client.post(PAGE, {"action": "nonsense"}).status_code == 400


def test_an_outdated_package_says_so_and_offers_no_submission(papers: Papers, day: Any) -> None:
    papers.ready().build()
    Way(papers.cast).do(Action.REVOKE_APPROVAL)
    client = browser(papers.cast.province)
    page = text(client, PAGE)
    assert "这份材料包已过时" in page
    assert "保定市科技馆：由「已完成（已通过）」变为「未完成」。" in page
    assert 'value="submit_filing"' not in page
    assert "确认之后科技馆数据有变动" in page


def test_the_reason_of_a_return_is_prominent_and_packages_are_compared(papers: Papers, day: Any) -> None:
    papers.to(FilingState.RETURNED)
    papers.upload("planned-scan", makers.pdf(3))
    papers.compare()
    papers.build()
    client = browser(papers.cast.province)
    page = text(client, PAGE)
    assert "全国第 1 次退回" in page
    assert "附件5 与上年不符" in page
    page = text(client, f"{PAGE}packages/2/")
    assert "与第 1 份" in page
    assert page.count("有改动") == 1
    assert page.count(">相同<") == 10
    assert client.get(f"{PAGE}packages/9/").status_code == 404


def test_files_are_uploaded_looked_at_and_compared(papers: Papers, day: Any) -> None:
    papers.lists()
    client = browser(papers.cast.province)
    address = "/province/materials/files/free-scan/"
    assert "还没有上传" in text(client, address)
    script = {"Accept": "application/json"}
    answer = client.post(address, {"file": SimpleUploadedFile("a.pdf", makers.pdf(2))}, headers=script)
    assert answer.json() == {"url": f"{address}compare/"}
    refused = client.post(address, {"file": SimpleUploadedFile("a.pdf", b"x")}, headers=script)
    assert refused.status_code == 422
    assert "盖章扫描件请上传" in refused.json()["message"]
    assert client.post(address).status_code == 400
    page = text(client, f"{address}compare/")
    assert "保定市科技馆" in page
    assert "120.00" in page
    assert page.count("/pages/") == 2
    basis = page.split('name="basis" value="')[1][:64]
    assert client.post(f"{address}compare/", {"basis": "0" * 64}).status_code == 409
    assert client.post(f"{address}compare/", {"basis": basis}).status_code == 303
    assert Confirmation.objects.get().what == "scan-free"
    assert "已核对" in text(client, "/province/materials/files/")
    papers.type("4", {"rows": [{"id": "a", "cells": {"museum": "保定市科技馆", "amount": "1.00"}}]})
    assert "核对后有变动" in text(client, f"{address}compare/")
    assert client.post(f"{address}remove/").status_code == 303
    assert client.get("/province/materials/files/nothing/").status_code == 404
    assert client.get("/province/materials/files/free-word/compare/").status_code == 404
    assert "唐山市科技馆" in text(client, "/province/materials/files/")


def test_an_own_package_is_shown_item_by_item_and_assigned_by_hand(papers: Papers, day: Any) -> None:
    papers.museums()
    papers.lists()
    papers.confirm()
    inside = members(papers)
    inside["扫描.pdf"] = inside.pop(f"{TITLES['free']}（盖章）.pdf")
    client = browser(papers.cast.province)
    upload = SimpleUploadedFile("我省.zip", makers.make_zip(inside))
    answer = client.post(f"{PAGE}upload/", {"file": upload}, headers={"Accept": "application/json"})
    assert answer.json() == {"url": f"{PAGE}packages/1/"}
    page = text(client, f"{PAGE}packages/1/")
    assert "没有找到，请补充" in page
    assert '<option value="free-scan">附件4 盖章扫描件</option>' in page
    given = {"name": "扫描.pdf", "item": "free-scan"}
    assert client.post(f"{PAGE}packages/1/assign/", given).status_code == 303
    assert "没有找到，请补充" not in text(client, f"{PAGE}packages/1/")
    assert client.post(f"{PAGE}packages/1/assign/", given).status_code == 400
    bad = client.post(f"{PAGE}upload/", {"file": SimpleUploadedFile("a.zip", b"no")})
    assert bad.status_code == 422
    assert "打成一个压缩包" in bad.content.decode()


def test_the_export_is_previewed_and_confirmed(papers: Papers, day: Any) -> None:
    client = browser(papers.cast.province)
    address = "/province/data/export/?free=1"
    page = text(client, address)
    assert "未列入 1 座" in page
    assert "确认信息无误</button>" not in page
    papers.museums()
    page = text(client, address)
    assert "列入 1 座" in page
    basis = page.split('name="basis" value="')[1][:64]
    confirm = "/province/data/export/confirm/?free=1"
    assert client.post(confirm, {"basis": "x"}).status_code == 409
    assert client.post(confirm, {"basis": basis}).status_code == 303
    assert "已确认信息无误" in text(client, address)
    assert "尚未确认" in text(client, "/province/data/export/")
    Way(papers.cast).do(Action.REVOKE_APPROVAL)
    assert "确认后数据有变动" in text(client, address)


def test_the_nation_sees_all_units_and_acts(papers: Papers, day: Any) -> None:
    papers.to(FilingState.SUBMITTED)
    client, viewer = browser(papers.cast.system), browser(papers.cast.viewer)
    listed = text(client, "/national/submissions/")
    assert listed.index("北京市科协") < listed.index("河北省科协")
    one = "/national/submissions/2022-130000/"
    page = text(client, one)
    for said in ("附件4 盖章扫描件", "接收</a>", "全国退回</a>", "开始查看</a>", TITLES["free"]):
        assert said in page
    seen = text(viewer, one)
    assert "/act/" not in seen
    assert viewer.post(f"{one}act/accept_filing/").status_code == 403
    assert viewer.get(f"{one}act/accept_filing/").status_code == 409
    assert client.post(f"{one}act/return_filing/", {"reason": "", "until": ""}).status_code == 422
    assert client.get(f"{one}act/submit_filing/").status_code == 404
    assert client.post(f"{one}act/open_filing/").status_code == 303
    assert client.post(f"{one}act/accept_filing/").status_code == 303
    assert papers.state is FilingState.ACCEPTED
    assert client.get(f"{one}act/extend_filing/").status_code == 409
    given = {"reason": "缺附件", "until": "2023-03-01"}
    assert client.post(f"{one}act/return_filing/", given).status_code == 303
    assert papers.state is FilingState.RETURNED
    assert client.get("/national/submissions/2022-999999/").status_code == 404


def test_late_and_extended_units_are_marked(papers: Papers, day: Any) -> None:
    day("2023-02-26")
    client = browser(papers.cast.system)
    assert "逾期" in text(client, "/national/submissions/")
    given = {"reason": "受疫情影响", "until": "2023-03-05"}
    assert client.post("/national/submissions/2022-130000/act/extend_filing/", given).status_code == 303
    assert "已延期" in text(client, "/national/submissions/")
    assert papers.filing.extended_until is not None


@pytest.mark.parametrize("filing", [False, True])
def test_a_year_without_filings_has_no_button(papers: Papers, day: Any, filing: bool) -> None:
    if not filing:
        papers.filing.delete()
    client = browser(papers.cast.province)
    assert ("信息上报</a>" in text(client, "/province/status/").split("</nav>")[1]) is filing
    assert client.get(PAGE).status_code == (200 if filing else 404)


def test_pages_ask_a_fixed_number_of_questions(papers: Papers, day: Any, django_assert_max_num_queries: Any) -> None:
    papers.to(FilingState.SUBMITTED)
    papers.do(FilingAction.RETURN)
    papers.build()
    for account, address in (
        (papers.cast.province, PAGE),
        (papers.cast.province, "/province/materials/files/"),
        (papers.cast.system, "/national/submissions/"),
        (papers.cast.system, "/national/submissions/2022-130000/"),
    ):
        client = browser(account)
        client.get(address)
        with django_assert_max_num_queries(70):
            client.get(address)
    assert clock.today().isoformat() == "2023-02-10"
