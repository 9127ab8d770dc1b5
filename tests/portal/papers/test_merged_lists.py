"""The lists of all provinces in one workbook: whose rows, from which moment, who may, read back with calamine."""

import io
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from guanshu.portal.access import filings
from guanshu.portal.domain.campaigns import create_filings
from guanshu.portal.domain.filing.merging import export_merged_lists
from guanshu.portal.models import (
    Account,
    AuditRecord,
    Filing,
    FilingAnswers,
    FilingVersion,
    Province,
    QuestionnaireVersion,
)
from guanshu.portal.problems import NotYours, Unusable
from guanshu.portal.queries.filings import open_filing
from guanshu.survey.workflow.filingstates import FilingState
from guanshu.survey.workflow.snapshot import make_snapshot
from tests.cast import NOW, Cast
from tests.portal.papers.conftest import filing_of, type_lists

PATH = "/national/lists/"
PASSWORD = "Correct-horse-22"
PLANS = [{"id": "x", "cells": {"title": "未报的馆"}}]


def submit(cast: Cast) -> None:
    """Hand Hebei's lists in as they are."""
    filing = filing_of(cast)
    opened = open_filing(filing)
    sha = QuestionnaireVersion.objects.values_list("sha256", flat=True).get(pk=filing.questionnaire_id)
    snapshot = make_snapshot(
        opened.compiled.questionnaire,
        opened.answers,
        opened.evaluation,
        report=filing.number,
        questionnaire_hash=sha,
    )
    FilingVersion.objects.create(
        filing=filing, number=1, content_hash=snapshot.content_hash, snapshot=snapshot.document, made_at=NOW
    )
    filing.version, filing.state, filing.state_since = 1, FilingState.SUBMITTED.value, NOW
    filing.save()


@pytest.fixture
def filed(cast: Cast) -> Cast:
    """Let Hebei submit two free museums and a planned one, and Beijing type one without submitting."""
    type_lists(cast, {"any_free": True, "frees.rows": ["a", "b"], "plans.rows": ["p"], "sites.none": True})
    rows: dict[str, object] = {"frees[a].title": "保定市科技馆", "frees[a].money": "286.50", "frees[a].fresh": True}
    rows |= {"frees[b].title": "=1+1", "frees[b].money": "0", "plans[p].title": "新馆", "plans[p].due": "2023-05"}
    rows |= {"plans[p].rank": "county", "plans[p].hall": "1200.5", "plans[p].approved": True}
    type_lists(cast, rows, "second")
    submit(cast)
    beijing = filings().get(province=cast.beijing)
    FilingAnswers.objects.create(filing=beijing, table="0", data={"cells": {"any_free": False}})
    FilingAnswers.objects.create(filing=beijing, table="B", data={"rows": PLANS})
    return cast


def workbook(data: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_sheet_a_list_with_typed_values(filed: Cast) -> None:
    exported = export_merged_lists(campaign=filed.campaign, actor=filed.viewer, now=NOW)
    assert exported.name == "2022年度省级科协报送名单汇总（未报齐）.xlsx"
    sheets = workbook(exported.data)
    assert list(sheets) == ["名单A 免费名单", "名单B 新增名单", "名单C 在建名单", "各单位情况", "说明"]
    free = sheets["名单A 免费名单"]
    assert free[1][:6] == ["省级单位", "上报状态", "序号", "场馆名称", "补助额度（万元）", "是否新增"]
    assert free[3:] == [["河北省", "已上报", 1, "保定市科技馆", 286.5, "是"], ["河北省", "已上报", 2, "=1+1", 0, ""]]
    planned = sheets["名单B 新增名单"]
    assert planned[2][-1] == "（附件不印）"
    when = planned[3][6].date() if isinstance(planned[3][6], datetime) else planned[3][6]
    assert (planned[3][3:6], when, planned[3][7]) == (["新馆", "县级", 1200.5], date(2023, 5, 1), "是")
    assert len(planned) == 4


def test_who_is_missing_is_said(filed: Cast) -> None:
    units = workbook(export_merged_lists(campaign=filed.campaign, actor=filed.system, now=NOW).data)
    assert units["各单位情况"][1][1:] == ["北京市", "未上报", "", "–", "–", "–", "未列入"]
    assert units["各单位情况"][2][1:] == ["河北省", "已上报", "2023-02-04 10:00", 2, 1, "本省无", "列入"]
    notes = dict(line[:2] for line in units["说明"][2:])
    assert notes["未上报"] == "1 个单位：北京市"
    assert notes["导出"].startswith("national，2023-02-04 10:00")


def test_what_is_not_submitted_comes_when_asked_for_and_is_marked(filed: Cast) -> None:
    data = export_merged_lists(campaign=filed.campaign, actor=filed.system, now=NOW, unsubmitted=True).data
    planned = workbook(data)["名单B 新增名单"]
    assert [line[:4] for line in planned[3:]] == [["北京市", "未上报", 1, "未报的馆"], ["河北省", "已上报", 1, "新馆"]]
    assert workbook(data)["各单位情况"][1][4:] == ["不适用", 1, "未填", "列入"]


def test_what_was_submitted_counts_not_what_is_typed_later(filed: Cast) -> None:
    FilingAnswers.objects.filter(filing=filing_of(filed), table="A").update(data={})
    data = export_merged_lists(campaign=filed.campaign, actor=filed.system, now=NOW).data
    assert len(workbook(data)["名单A 免费名单"]) == 5
    Filing.objects.filter(pk=filing_of(filed).pk).update(state=FilingState.RETURNED.value)
    returned = export_merged_lists(campaign=filed.campaign, actor=filed.system, now=NOW)
    assert (returned.count, len(workbook(returned.data)["名单A 免费名单"])) == (0, 3)


def test_only_the_nation_takes_it_and_it_is_recorded(filed: Cast) -> None:
    for actor in (filed.province, filed.filler, filed.free_reviewer, filed.auditor):
        with pytest.raises(NotYours):
            export_merged_lists(campaign=filed.campaign, actor=actor, now=NOW)
    assert not AuditRecord.objects.filter(action="export_lists").exists()
    export_merged_lists(campaign=filed.campaign, actor=filed.viewer, now=NOW)
    record = AuditRecord.objects.get(action="export_lists")
    assert (record.actor, record.details) == ("viewer", {"units": 1, "unsubmitted": False})


def test_a_year_without_filings(filed: Cast) -> None:
    filed.campaign.province_form = None
    filed.campaign.save()
    with pytest.raises(Unusable):
        export_merged_lists(campaign=filed.campaign, actor=filed.system, now=NOW)
    assert "没有省级报送材料" in client_of(filed.system).get(PATH).content.decode()


def client_of(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    return client


def test_the_page_counts_and_asks_for_the_password(filed: Cast) -> None:
    filed.system.set_password(PASSWORD)
    filed.system.save()
    client = client_of(filed.system)
    page = client.get(PATH).content.decode()
    for text in ("河北省", "已上报", "北京市", "未上报", "不适用", "本省无", "未填", "名单A"):
        assert text in page, text
    assert client.post(PATH).status_code == 422
    assert "密码不正确" in client.post(PATH, {"password": "wrong"}).content.decode()
    answer = client.post(PATH, {"password": PASSWORD, "unsubmitted": "1"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert len(workbook(answer.content)["名单B 新增名单"]) == 5
    assert client.post(PATH).status_code == 200


def test_more_provinces_ask_no_more(filed: Cast) -> None:
    client = client_of(filed.system)
    few = questions(client)
    for order in range(10, 16):
        Province.objects.create(code=f"5{order}000", order=order, name=f"第{order}省科协", short_name=f"{order}")
    create_filings(campaign=filed.campaign)
    assert questions(client) == few
    assert few <= 12


def questions(client: Client) -> int:
    client.get(PATH)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(PATH).status_code == 200
    return len(captured)
