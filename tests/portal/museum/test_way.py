"""The report's way on the museum's pages: what to do next, what blocks, returns, comments, stale pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanshu.portal.domain.reporting import comment_on_cell, grant_extension
from guanshu.portal.models import Account, CellComment
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.cast import NOW, Cast
from tests.portal.conftest import save_as
from tests.portal.museum.conftest import send
from tests.portal.workflow.conftest import Way

HTMX = {"HX-Request": "true"}


def text(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def way(cast: Cast) -> Way:
    return Way(cast)


# What the main button says, by state: filler, reviewer. None: nothing to press.
MAIN = {
    State.FILLING: ("提交馆内审核", "查看整份报表"),
    State.IN_REVIEW: ("查看或撤回", "审核报表"),
    State.RETURNED_IN_HOUSE: ("提交馆内审核", "查看整份报表"),
    State.AWAITING_STAMP: ("下载并上传盖章扫描件", "下载并上传盖章扫描件"),
    State.SUBMITTED: ("查看回执和记录", "查看回执和记录"),
    State.RETURNED_BY_PROVINCE: ("提交馆内审核", "查看整份报表"),
    State.APPROVED: ("查看回执和记录", "查看回执和记录"),
    State.EXEMPT: (None, None),
}


@pytest.mark.parametrize("state", MAIN)
def test_the_overview_has_one_main_action(way: Way, filler: Client, reviewer: Client, state: State) -> None:
    way.to(state)
    for client, label in zip((filler, reviewer), MAIN[state], strict=True):
        start = text(client.get("/museum/")).split('class="gs-card start"')[1].split("</section>")[0]
        assert start.count("btn-primary") == (label is not None)
        assert label is None or label in start


def test_what_blocks_is_listed_with_links(filler: Client, cast: Cast) -> None:
    assert "开始填报" in text(filler.get("/museum/submit/"))
    refused = filler.post("/museum/submit/", {"action": "submit_in_house"})
    assert refused.status_code == 409
    send(filler, {"land_area": ["", "9100"]})
    page = text(filler.get("/museum/submit/"))
    assert "必填内容未填写" in page
    assert 'href="/museum/tables/1-1/#c-building_area"' in page
    assert "disabled" in page
    refused = filler.post("/museum/submit/", {"action": "submit_in_house"})
    assert refused.status_code == 422
    assert "报表没有提交" in text(refused)
    assert cast.report().state == State.FILLING.value


def test_submitting_and_withdrawing(way: Way, filler: Client) -> None:
    way.to(State.FILLING)
    done = filler.post("/museum/submit/", {"action": "submit_in_house"})
    assert (done.status_code, done.headers["Location"]) == (303, "/museum/submit/")
    assert way.state is State.IN_REVIEW
    assert "确认撤回" in text(filler.get("/museum/submit/"))
    assert filler.post("/museum/submit/", {"action": "withdraw"}).status_code == 303
    assert way.state is State.FILLING


STALE = [
    ("filler", State.IN_REVIEW, "submit", "submit_in_house", "已经是「待馆内审核」状态"),
    ("filler", State.AWAITING_STAMP, "submit", "withdraw", "不能进行「撤回」"),
    ("reviewer", State.AWAITING_STAMP, "review", "pass_in_house", "已经是「待上传盖章扫描件」状态"),
    ("reviewer", State.FILLING, "review", "return_to_filler", "不能进行「退回填报人」"),
    ("reviewer", State.AWAITING_STAMP, "stamp", "submit", "还没有上传盖章扫描件"),
    ("reviewer", State.SUBMITTED, "stamp", "submit", "已经是「已完成（待审核）」状态"),
    ("reviewer", State.APPROVED, "stamp", "withdraw_submission", "已由省级科协审核通过"),
]


@pytest.mark.parametrize(("who", "state", "page", "action", "sentence"), STALE)
def test_a_stale_page_gets_the_sentence_of_the_table(
    way: Way, client_of: Callable[[Account], Client], who: str, state: State, page: str, action: str, sentence: str
) -> None:
    way.to(state)
    answer = client_of(way.who(who)).post(f"/museum/{page}/", {"action": action, "reason": "x"})
    assert answer.status_code == 409
    assert sentence in text(answer)
    assert way.state is state


@pytest.mark.parametrize(
    ("who", "page", "action"),
    [("reviewer", "submit", "submit_in_house"), ("filler", "review", "pass_in_house"), ("filler", "stamp", "submit")],
)
def test_the_other_accounts_action_is_refused(
    way: Way, client_of: Callable[[Account], Client], who: str, page: str, action: str
) -> None:
    way.to(State.IN_REVIEW)
    assert client_of(way.who(who)).post(f"/museum/{page}/", {"action": action}).status_code == 403
    assert way.state is State.IN_REVIEW


def test_a_return_needs_a_reason_and_keeps_what_was_typed(way: Way, reviewer: Client) -> None:
    way.to(State.IN_REVIEW)
    answer = reviewer.post("/museum/review/", {"action": "return_to_filler", "reason": " "})
    assert answer.status_code == 422
    assert "请写明「退回填报人」的原因" in text(answer)


def test_the_returned_museum_reads_who_why_and_until_when(way: Way, filler: Client) -> None:
    way.to(State.SUBMITTED)
    comment_on_cell(report=way.report, actor=way.cast.province, address="hall_area", text="请核对", now=way.now)
    way.do(Action.RETURN)
    page = text(filler.get("/museum/"))
    for words in ("河北省科协退回修改", "错报", "展厅面积有误", "还有 1 条待处理", "重新提交截止 2023-02-08", "已退回"):
        assert words in page
    assert "省级退回 · 1 条待处理" in page
    assert "处理退回意见 表1-1" in page


def draft(way: Way, address: str = "land_area", words: str = "请核对证照") -> CellComment:
    return comment_on_cell(report=way.report, actor=way.cast.reviewer, address=address, text=words, now=way.now)


def test_drafts_are_the_reviewers_until_the_return(way: Way, filler: Client, reviewer: Client) -> None:
    way.to(State.IN_REVIEW)
    made = reviewer.post("/museum/comments/", {"address": "land_area", "text": "请核对证照", "page": "1-1"})
    assert made.headers["Location"] == "/museum/tables/1-1/#comments"
    assert "请核对证照" in text(reviewer.get("/museum/tables/1-1/"))
    assert "请核对证照" not in text(filler.get("/museum/tables/1-1/")) + text(filler.get("/museum/review/"))
    reviewer.post("/museum/review/", {"action": "return_to_filler", "reason": "见意见"})
    page = text(filler.get("/museum/tables/1-1/"))
    assert page.count("请核对证照") == 2
    assert "nb-comment" in page


def test_a_draft_is_written_anew_and_withdrawn(way: Way, reviewer: Client) -> None:
    way.to(State.IN_REVIEW)
    comment = draft(way)
    box = text(reviewer.get("/museum/tables/1-1/?comment=land_area"))
    assert 'id="say-text"' in box
    reviewer.post("/museum/comments/", {"address": "land_area", "text": "请附证照", "page": "1-1"})
    assert CellComment.objects.get().text == "请附证照"
    reviewer.post(f"/museum/comments/{comment.pk}/withdraw/", {"page": "1-1"})
    assert not CellComment.objects.exists()


def test_the_box_opens_in_the_whole_report_by_htmx(way: Way, reviewer: Client, filler: Client) -> None:
    way.to(State.IN_REVIEW)
    box = text(reviewer.get("/museum/comments/?address=land_area", headers=HTMX))
    assert 'name="address" value="land_area"' in box
    assert "textarea" not in text(filler.get("/museum/comments/?address=land_area", headers=HTMX))
    assert reviewer.get("/museum/comments/?address=nothing", headers=HTMX).status_code == 404
    empty = reviewer.post("/museum/comments/", {"address": "land_area", "text": " "}, headers=HTMX)
    assert empty.status_code == 422
    assert "textarea" in text(empty)


@pytest.mark.parametrize("address", ["nothing", "shows[k1].cost.x", "x" * 500])
def test_a_comment_on_no_cell_is_refused(way: Way, reviewer: Client, address: str) -> None:
    way.to(State.IN_REVIEW)
    assert reviewer.post("/museum/comments/", {"address": address, "text": "x"}).status_code == 400


def test_a_comment_on_what_is_no_cell_still_has_a_place(way: Way, reviewer: Client, filler: Client) -> None:
    way.to(State.IN_REVIEW)
    for address in ("shows.rows", "3-1.na"):
        draft(way, address, f"请核对 {address}")
    way.do(Action.RETURN_TO_FILLER)
    for path in ("/museum/", "/museum/submit/", "/museum/review/", "/museum/tables/3-1/", "/museum/check/"):
        assert filler.get(path).status_code == 200
        assert reviewer.get(path).status_code == 200


def test_an_answer_or_a_change_settles_a_comment(way: Way, filler: Client) -> None:
    way.to(State.IN_REVIEW)
    first, second = draft(way), draft(way, "building_area", "请核对面积")
    way.do(Action.RETURN_TO_FILLER)
    assert filler.post("/museum/submit/", {"action": "submit_in_house"}).status_code == 422
    answer = filler.post(f"/museum/comments/{first.pk}/reply/", {"text": "与证照一致", "page": "1-1"}, headers=HTMX)
    assert "已回复" in text(answer)
    assert "馆内退回 · 1 条待处理" in text(answer)
    saved = send(filler, {"building_area": ["5000.00", "5001"]}).json()
    assert "已修改" in saved["comments_html"]
    assert "待处理" not in saved["progress_html"]
    assert saved["inline"]["building_area"][0]["kind"] == "hint"
    assert second.pk in set(CellComment.objects.exclude(changed_at=None).values_list("pk", flat=True))
    assert filler.post("/museum/submit/", {"action": "submit_in_house"}).status_code == 303


def test_an_empty_answer_keeps_the_comment_open(way: Way, filler: Client) -> None:
    way.to(State.IN_REVIEW)
    comment = draft(way)
    way.do(Action.RETURN_TO_FILLER)
    answer = filler.post(f"/museum/comments/{comment.pk}/reply/", {"text": " ", "page": "1-1"}, headers=HTMX)
    assert answer.status_code == 422
    assert "field-error" in text(answer)
    assert not CellComment.objects.get().settled


def test_after_a_change_the_old_scan_is_stale(way: Way, filler: Client, reviewer: Client) -> None:
    way.to(State.RETURNED_BY_PROVINCE)
    assert "现有的盖章扫描件失效" in text(filler.get("/museum/stamp/"))
    save_as(way.cast.filler, way.report, {"land_area": ("9100.00", "9200")})
    way.do(Action.SUBMIT_IN_HOUSE)
    way.do(Action.PASS_IN_HOUSE)
    page = text(reviewer.get("/museum/stamp/"))
    assert "已失效" in page
    assert "2022-130600001-V2" in page
    assert "确认提交" not in page


def test_what_a_deadline_does_to_the_stamp_page(way: Way, reviewer: Client, settings: Any) -> None:
    way.to(State.AWAITING_STAMP)
    way.stamp()
    assert "确认提交" in text(reviewer.get("/museum/stamp/"))
    settings.GUANSHU_TODAY = "2023-02-11"
    page = text(reviewer.get("/museum/stamp/"))
    assert "确认提交" not in page
    assert "填报截止日期（2023年2月10日）已过" in page
    grant_extension(
        report=way.report, actor=way.cast.province, until=NOW.date().replace(day=15), reason="停电", now=way.now
    )
    page = text(reviewer.get("/museum/stamp/"))
    assert "确认提交" in page
    assert "填报截止（已延期） 2023-02-15" in page


def test_the_record_tells_all_and_the_receipt_prints(way: Way, filler: Client) -> None:
    way.to(State.RETURNED_BY_PROVINCE)
    page = text(filler.get("/museum/history/"))
    for words in (
        "提交馆内审核",
        "馆内审核通过",
        "提交省级科协",
        "退回",
        "展厅面积有误",
        "2022-130600001-V1",
        "审核人",
    ):
        assert words in page
    receipt = text(filler.get("/museum/history/receipts/1/"))
    version = way.report.versions.get()
    assert version.content_hash[:16].upper() in receipt
    assert "2022-130600001-V1" in receipt


def test_the_whole_report_shows_everything_the_reviewer_checks(way: Way, reviewer: Client) -> None:
    way.to(State.IN_REVIEW)
    page = text(reviewer.get("/museum/review/"))
    for number in ("1-1", "2-1", "3-1"):
        assert f'id="t-{number}"' in page
    assert "赵示例" in page
    assert "确认通过" in page
    assert "没有这样的表" in text(reviewer.get("/museum/review/?show=marked"))
