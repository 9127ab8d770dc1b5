"""The lists of provinces and the nation: whose museums, how many questions, which filters."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanshu.portal.models import Campaign, FreeStatus, Museum, Province, Report
from guanshu.survey.workflow.states import State
from tests.portal.web.country import LogIn, make_museums


def questions(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("A140000001", "/province/status/"),
        ("A140000001", "/province/accounts/"),
        ("A140000001", "/province/review/"),
        ("A140000001", "/province/data/"),
        ("national", "/national/"),
        ("national", "/national/exemptions/"),
        ("national", "/national/museums/"),
    ],
)
def test_thirty_museums_ask_no_more_than_one(username: str, path: str, log_in: LogIn, country: list[Campaign]) -> None:
    client = log_in(username)
    one = questions(client, path)
    make_museums(Province.objects.get(code="140000"), country, 29)
    assert questions(client, path) == one
    assert one <= 12


def test_a_province_sees_its_own_museums_only(log_in: LogIn) -> None:
    for path in ("/province/status/", "/province/accounts/"):
        page = log_in("A130000001").get(path).content.decode()
        assert "河北第0科技馆" in page
        assert "山西" not in page


def test_both_states_and_the_progress_are_shown(log_in: LogIn) -> None:
    Report.objects.filter(number="2022-130600001").update(state=State.APPROVED.value)
    page = log_in("A130000001").get("/province/status/").content.decode()
    for text in ("填报中", "已完成", "已通过", "12 / 30 张", "强制 2", "核实 3（待说明 1）"):
        assert text in page, text
    assert "准强制" not in page


def test_closed_years_are_read_by_their_year(log_in: LogIn) -> None:
    client = log_in("A130000001")
    assert "2021 年度" in client.get("/province/status/?year=2021").content.decode()
    for year in ("1999", "abc", "20211", "２０２１", "-1"):
        assert client.get("/province/status/", {"year": year}).status_code == 404, year


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"city": "保定市"}, 1),
        ({"state": "filling"}, 1),
        ({"state": "approved"}, 1),
        ({"state": "nonsense"}, 2),
        ({"free": "1"}, 1),
        ({"q": "第1"}, 1),
        ({"q": "130600000"}, 1),
        ({"q": "%"}, 0),
        ({"q": "\x00第1"}, 1),
        ({"city": "保定市", "state": "filling"}, 0),
        ({"province": "140000"}, 2),
    ],
)
def test_filters_narrow_the_list(query: dict[str, str], count: int, log_in: LogIn) -> None:
    Report.objects.filter(number="2022-130600001").update(state=State.APPROVED.value)
    FreeStatus.objects.create(museum=Museum.objects.get(code="130600000"), year=2022)
    answer = log_in("A130000001").get("/province/status/", query)
    assert len(answer.context["rows"]) == count


def test_htmx_gets_the_list_and_the_history_gets_the_page(log_in: LogIn) -> None:
    client = log_in("A130000001")
    assert "<html" not in client.get("/province/status/", headers={"HX-Request": "true"}).content.decode()
    restore = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get("/province/status/", headers=restore).content.decode()


def test_the_units_stand_in_the_order_of_the_notice(log_in: LogIn) -> None:
    answer = log_in("national").get("/national/")
    rows = answer.context["rows"]
    assert [row.name for row in rows][:3] == ["北京市科协", "天津市科协", "河北省科协"]
    assert (len(rows), rows[2].counts.due, rows[31].name) == (32, 2, "新疆生产建设兵团科协")
    assert answer.context["counts"].due == 3


def test_exempt_museums_are_not_due(log_in: LogIn) -> None:
    Report.objects.filter(number="2022-130600001").update(state=State.EXEMPT.value)
    Report.objects.filter(number="2022-130600000").update(state=State.SUBMITTED.value)
    counts = log_in("A130000001").get("/province/status/").context["tally"].counts
    assert (counts.total, counts.due, counts.exempt, counts.done, counts.percent) == (2, 1, 1, 1, "100.0 %")


def test_the_nations_list_has_fifty_a_page(log_in: LogIn, country: list[Campaign]) -> None:
    make_museums(Province.objects.get(code="110000"), country, 60)
    client = log_in("national")
    answer = client.get("/national/museums/", {"page": "2", "state": "filling"})
    assert len(answer.context["rows"]) == 13
    page = answer.content.decode()
    assert "共 63 座，第 2 / 2 页" in page
    assert "?page=1&amp;state=filling" in page
    for strange in ("0", "99", "x", "-1"):
        assert client.get("/national/museums/", {"page": strange}).status_code == 200
    assert len(client.get("/national/museums/", {"province": "140000"}).context["rows"]) == 1


def test_a_country_without_a_campaign_says_so(log_in: LogIn) -> None:
    Report.objects.all().delete()
    Campaign.objects.all().delete()
    for username, path in (
        ("A130000001", "/province/status/"),
        ("national", "/national/"),
        ("national", "/national/museums/"),
        ("national", "/"),
    ):
        assert log_in(username).get(path).status_code == 200
