"""The province's queue at scale: order, reasons, cities, one's place in it, a fixed number of questions."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanshu.portal.models import ReportLook, ReviewPhrase
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.cast import Cast
from tests.portal.web.test_review_pages import enter
from tests.portal.web.test_several import Neighbour, explained
from tests.portal.workflow.conftest import Way

PAGE = "/province/review/"


@pytest.fixture
def way(cast: Cast, settings: Any) -> Way:
    settings.GUANSHU_TODAY = "2023-02-04"
    cast.baoding.city = "保定市"
    cast.baoding.save()
    return Way(cast)


@pytest.fixture
def other(way: Way) -> Neighbour:
    found = Neighbour(way.cast)
    found.museum.city = "唐山市"
    found.museum.save()
    found.now += timedelta(hours=1)
    return found


@pytest.fixture
def client(cast: Cast) -> Client:
    return enter(cast.province)


def names(client: Client, **query: str) -> list[str]:
    return [row.museum.name for row in client.get(PAGE, query).context["queue"].rows]


def test_the_largest_share_comes_first_and_says_so(way: Way, other: Neighbour, client: Client) -> None:
    way.to(State.SUBMITTED)
    other.fill()
    other.type({"land_area": "15000", "building_area": "15000"})
    for action in (Action.SUBMIT_IN_HOUSE, Action.PASS_IN_HOUSE):
        other.do(action)
    other.stamp()
    other.do(Action.SUBMIT)
    assert names(client, sort="wait") == ["保定市科技馆", "唐山科技馆"]
    assert names(client, sort="effect") == ["唐山科技馆", "保定市科技馆"]
    rows = client.get(PAGE, {"sort": "effect"}).context["queue"].rows
    assert rows[0].why.startswith("建筑面积占全省已报的 75 %")
    # What moves the total least is told with its own largest share.
    assert rows[1].why.startswith("展厅面积占全省已报的 50 %")


def test_thin_explanations_come_first_when_asked_for(way: Way, other: Neighbour, client: Client) -> None:
    other.to(State.SUBMITTED)
    way.to(State.SUBMITTED)
    explained(way, {"3-1-01[k1]": "情况属实无误", "3-1-01[k2]": "引进国外巡展，运费由本馆承担。"})
    assert names(client, sort="words") == ["保定市科技馆", "唐山科技馆"]
    assert "2 条核实说明中 1 条过于简单" in client.get(PAGE, {"sort": "words"}).content.decode()


def test_an_unknown_sort_is_the_plain_one(way: Way, client: Client) -> None:
    way.to(State.SUBMITTED)
    assert names(client, sort="\x00nonsense", group="x", by="y") == ["保定市科技馆"]
    assert client.get(f"{PAGE}{way.report.number}/", {"in": "sort=%00&city=%FF&&=&" + "x" * 900}).status_code == 200


def test_by_city_with_counts(way: Way, other: Neighbour, client: Client) -> None:
    way.to(State.SUBMITTED)
    other.to(State.SUBMITTED)
    page = client.get(PAGE, {"by": "city"}).content.decode()
    assert page.index('rowgroup" colspan="10">唐山市') < page.index('rowgroup" colspan="10">保定市')
    assert "保定市（1）" in page
    assert names(client, city="唐山市") == ["唐山科技馆"]


def test_next_and_previous_follow_the_queue_and_its_filter(way: Way, other: Neighbour, client: Client) -> None:
    way.to(State.SUBMITTED)
    other.to(State.SUBMITTED)
    first, second = (f"{PAGE}{one.report.number}/" for one in (way, other))
    page = client.get(first)
    assert f'rel="next" data-key="n" href="{second}"' in page.content.decode()
    assert 'rel="prev"' not in page.content.decode()
    query = "in=group%3Dwaiting%26sort%3Deffect"
    page = client.get(f"{second}?{query}")
    assert f'rel="prev" data-key="p" href="{first}?{query}"' in page.content.decode()
    assert (page.context["place"].number, page.context["place"].count) == (2, 2)
    narrow = client.get(f"{first}?in=city%3D%E4%BF%9D%E5%AE%9A%E5%B8%82").content.decode()
    assert 'rel="next"' not in narrow
    # Decided on and gone from the filter: the queue's first is next, and the answer leads back to it.
    done = client.post(f"{second}act/approve/?{query}")
    assert done.headers["Location"] == f"{second}?{query}"
    assert f'data-key="n" href="{first}?{query}"' in client.get(f"{second}?{query}").content.decode()


def test_three_reports_ask_no_more_than_one(way: Way, client: Client) -> None:
    way.to(State.SUBMITTED)
    for path in (PAGE, "/province/status/", f"{PAGE}{way.report.number}/"):
        client.get(path)
    before = {path: questions(client, path) for path in (PAGE, "/province/status/", f"{PAGE}{way.report.number}/")}
    for code in ("130300001", "130400001"):
        one = Neighbour(way.cast, code)
        one.to(State.SUBMITTED)
        client.post(f"{PAGE}{one.report.number}/comments/", {"address": "land_area", "text": "请核对"})
    assert {path: questions(client, path) for path in before} == before
    assert before[PAGE] <= 15


def questions(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_what_changed_since_the_last_look_in_one_row(way: Way, client: Client) -> None:
    way.to(State.SUBMITTED)
    page = f"{PAGE}{way.report.number}/"
    client.post(page + "comments/", {"address": "land_area", "text": "请核对占地面积"})
    way.do(Action.RETURN)
    way.type({"land_area": "9200"})
    from guanshu.portal.domain.reporting import reply_to_comment

    comment = way.report.comments.get()
    reply_to_comment(report=way.report, actor=way.cast.filler, comment=comment.pk, text="已按产权证改正", now=way.now)
    for action in (Action.SUBMIT_IN_HOUSE, Action.PASS_IN_HOUSE):
        way.do(action)
    way.stamp()
    way.do(Action.SUBMIT)
    assert "有 2 处变动" in client.get(PAGE).content.decode()
    answer = client.get(page)
    row = answer.context["changes"][0][0]
    assert (row.old, row.new, row.replies) == ("9,100.00", "9,200.00", ("已按产权证改正",))
    assert "标为已阅" in answer.content.decode()
    assert client.post(page + "looked/").status_code == 303
    again = client.get(page)
    assert again.context["changes"]
    assert "标为已阅" not in again.content.decode().replace("已标为已阅", "")
    assert "处变动</span>" not in client.get(PAGE).content.decode()
    assert ReportLook.objects.count() == 2


def test_phrases_are_the_provinces_own(way: Way, client: Client) -> None:
    page = PAGE + "phrases/"
    assert "请核对计量单位" in client.get(page).content.decode()
    assert client.post(page, {"do": "add", "text": "请补充附件"}).status_code == 303
    own = list(ReviewPhrase.objects.values_list("text", flat=True))
    assert own[-1] == "请补充附件"
    assert len(own) == 10
    last = str(len(own))
    assert client.post(page, {"do": "raise", "place": last, "was": own[-1]}).status_code == 303
    assert list(ReviewPhrase.objects.values_list("text", flat=True))[-2] == "请补充附件"
    assert client.post(page, {"do": "change", "place": "1", "was": "别的", "text": "新"}).status_code == 409
    assert client.post(page, {"do": "change", "place": "1", "was": own[0], "text": "请补充附件"}).status_code == 422
    assert client.post(page, {"do": "add", "text": " "}).status_code == 422
    assert client.post(page, {"do": "add", "text": "长" * 201}).status_code == 422
    assert client.post(page, {"do": "remove", "place": "1", "was": own[0]}).status_code == 303
    assert ReviewPhrase.objects.first().order == 1  # type: ignore[union-attr]
    assert client.post(page, {"do": "nonsense"}).status_code == 400
    assert "请补充附件" not in enter(way.cast.other_province).get(page).content.decode()


def test_a_chosen_phrase_counts_as_written(way: Way, client: Client) -> None:
    way.to(State.SUBMITTED)
    page = f"{PAGE}{way.report.number}/"
    client.post(page + "comments/", {"address": "land_area", "text": "", "phrase": "请核对计量单位"})
    assert way.report.comments.get().text == "请核对计量单位"
    box = client.get(page + "comments/", {"address": "land_area"}, headers={"HX-Request": "true"}).content.decode()
    assert "常用意见" in box
    answer = client.post(page + "act/return/", {"category": "错报", "reason": "面积", "phrase": "请核对"})
    assert answer.status_code == 303
    assert way.report.returns.get().reason == "请核对\n面积"
