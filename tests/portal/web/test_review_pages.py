"""The province reviews one report: what is shown, comments, return, approval, waivers, stale buttons."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanshu.portal.models import Account, AuditRecord, CellComment, Exemption, ReturnNote
from guanshu.portal.queries.workflow import situation
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.cast import Cast
from tests.portal.workflow.conftest import Way

PAGE = "/province/review/2022-130600001/"
ACT = PAGE + "act/{}/"


def enter(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    return client


@pytest.fixture
def way(cast: Cast) -> Way:
    return Way(cast)


@pytest.fixture
def client(cast: Cast) -> Client:
    return enter(cast.province)


@pytest.mark.parametrize("state", [state for state in State if state is not State.NOT_STARTED])
def test_the_buttons_are_what_the_situation_allows(state: State, way: Way, client: Client) -> None:
    way.to(state)
    page = client.get(PAGE)
    assert page.status_code == 200
    from guanshu.portal.access import reports

    allowed = situation(reports().get(pk=way.report.pk), way.cast.province).actions
    text = page.content.decode()
    for action in Action:
        assert (ACT.format(action.value) in text) == (action in allowed), action
    assert " style=" not in text
    assert "<script>" not in text


def test_the_queue_goes_by_submission_and_counts(way: Way, client: Client) -> None:
    assert client.get("/province/review/").context["queue"].rows == ()
    way.to(State.SUBMITTED)
    queue = client.get("/province/review/").context["queue"]
    assert [row.museum.name for row in queue.rows] == ["保定市科技馆"]
    assert dict(queue.counts) == {"waiting": 1, "returned": 0, "approved": 0}
    assert client.get("/province/review/", {"group": "approved"}).context["queue"].rows == ()
    way.do(Action.RETURN)
    assert client.get("/province/review/").context["queue"].counts["returned"] == 1


def test_a_return_sends_category_reason_and_drafts(way: Way, client: Client) -> None:
    way.to(State.SUBMITTED)
    say = client.post(PAGE + "comments/", {"address": "land_area", "text": "请核对占地面积"})
    assert say.headers["Location"].endswith("#c-land_area")
    assert "请核对占地面积" in client.get(PAGE).content.decode()
    assert "请核对占地面积" in client.get(ACT.format("return")).content.decode()
    assert client.post(ACT.format("return"), {"reason": "面积"}).status_code == 422
    answer = client.post(ACT.format("return"), {"reason": "面积有误", "category": "错报"})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    note = ReturnNote.objects.get()
    assert (note.category, note.reason, way.state) == ("错报", "面积有误", State.RETURNED_BY_PROVINCE)
    assert CellComment.objects.get().round == note.round
    page = client.get(PAGE).content.decode()
    assert "科技馆尚未答复或修改" in page
    assert "面积有误" in page


def test_a_draft_is_changed_and_withdrawn_without_a_page(way: Way, client: Client) -> None:
    way.to(State.SUBMITTED)
    htmx = {"HX-Request": "true"}
    box = client.get(PAGE + "comments/", {"address": "land_area"}, headers=htmx).content.decode()
    assert "<textarea" in box
    assert "<html" not in box
    empty = client.post(PAGE + "comments/", {"address": "land_area", "text": " "}, headers=htmx)
    assert empty.status_code == 422
    for words in ("第一稿", "第二稿"):
        said = client.post(PAGE + "comments/", {"address": "land_area", "text": words}, headers=htmx).content.decode()
        assert words in said
    assert "意见草稿 1 条" in said
    comment = CellComment.objects.get()
    assert comment.text == "第二稿"
    gone = client.post(f"{PAGE}comments/{comment.pk}/withdraw/", headers=htmx)
    assert gone.status_code == 200
    assert not CellComment.objects.exists()
    assert client.get(PAGE + "comments/", {"address": "no_such"}, headers=htmx).status_code == 404


def test_what_was_done_elsewhere_answers_409_with_the_sentence(way: Way, client: Client) -> None:
    way.to(State.SUBMITTED)
    assert client.post(ACT.format("approve")).status_code == 303
    again = client.post(ACT.format("approve"))
    assert again.status_code == 409
    assert "报表已经是「已完成（已通过）」状态" in again.content.decode()
    assert client.get(ACT.format("return")).status_code == 409
    assert client.post(ACT.format("return"), {"reason": "x", "category": "错报"}).status_code == 409
    assert client.post(PAGE + "comments/", {"address": "land_area", "text": "x"}).status_code in {303, 409}


def test_what_changed_since_the_version_before_is_marked(way: Way, client: Client) -> None:
    way.to(State.RETURNED_BY_PROVINCE)
    way.type({"land_area": "9200"})
    way.do(Action.SUBMIT_IN_HOUSE)
    way.do(Action.PASS_IN_HOUSE)
    page = client.get(PAGE, {"show": "changed"}).content.decode()
    assert "上一版本 9,100.00" in page
    assert "与 V1 相比改动" in page


def test_names_are_hidden_until_asked_for_and_the_look_is_recorded(way: Way, client: Client) -> None:
    way.to(State.SUBMITTED)
    assert "13800138001" not in client.get(PAGE).content.decode()
    client.post(PAGE + "reveal/")
    assert "13800138001" in client.get(PAGE).content.decode()
    record = AuditRecord.objects.get(action="reveal_personal")
    assert (record.actor, record.object) == ("A130000001", "2022-130600001")


def test_an_exemption_needs_category_and_file(way: Way, client: Client) -> None:
    address = ACT.format("declare_exempt") + "?from=status"
    assert "证明材料" in client.get(address).content.decode()
    missing = client.post(address, {"category": "合并"})
    assert missing.status_code == 422
    assert not Exemption.objects.exists()


def test_overdue_and_extension(way: Way, client: Client, settings: Any) -> None:
    case = "/province/status/2022-130600001/"
    assert client.post(case + "overdue/", {"reason": "x"}).status_code == 409
    settings.GUANSHU_TODAY = "2023-02-13"
    tally = client.get("/province/status/").context["tally"]
    assert (tally.counts.due, tally.overdue) == (2, 2)
    assert client.post(case + "overdue/", {"reason": "馆长更换"}).status_code == 303
    assert client.get("/province/status/").context["tally"].overdue_recorded == 1
    assert client.post(case + "extend/", {"until": "x", "reason": "y"}).status_code == 422
    assert client.post(case + "extend/", {"until": "2023-02-17", "reason": "停电"}).status_code == 303
    tally = client.get("/province/status/").context["tally"]
    assert tally.overdue == 1
    assert "已延期" in client.get("/province/status/").content.decode()


def test_the_numbers_add_up(way: Way, client: Client) -> None:
    way.to(State.EXEMPT)
    tally = client.get("/province/status/").context["tally"]
    assert tally.counts.total == 2
    assert tally.counts.due == 1 == sum(number for _, number, _ in tally.parts) + tally.counts.done


def test_one_report_asks_a_fixed_number_of_questions(way: Way, client: Client) -> None:
    way.to(State.SUBMITTED)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for address in ("land_area", "building_area", "hall_area", "staff_total__own"):
        client.post(PAGE + "comments/", {"address": address, "text": "请核对"})
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(many) == len(few)
    assert len(few) <= 25
