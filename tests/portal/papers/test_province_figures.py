"""A province's figures: exact sums, blanks are no zeros, last year over the same museums, few questions."""

from decimal import Decimal
from typing import Any

import pytest

from guanshu.portal.domain.reporting.facts import remove_facts
from guanshu.portal.models import Museum, Report
from guanshu.portal.queries.provinceevaluation import is_free, shortened
from guanshu.portal.queries.provincefigures import Total, by_city, by_level, by_size, province_figures
from tests.cast import Cast
from tests.portal.papers.conftest import hand_in

D = Decimal


@pytest.fixture
def told(cast: Cast) -> Cast:
    money = {"money": "0.10", "used": "30", "got": "40", "left_before": "10"}
    hand_in(cast, cast.baoding, {"guests": "12000", "floor": "400.50", **money})
    hand_in(cast, cast.shijiazhuang, {"guests": "0", "floor": "2000", "money": "0.20"})
    hand_in(cast, cast.haidian, {"guests": "999999"})
    hand_in(cast, cast.baoding, {"guests": "10000", "money": "0.05"}, year=2021)
    return cast


def test_sums_are_exact_and_of_this_province_only(told: Cast) -> None:
    figures = province_figures(told.hebei, told.campaign)
    visits, money = figures.compared("visits"), figures.compared("income")
    assert (visits.now.value, visits.now.counted, visits.before.value, visits.before.counted) == (12000, 2, 10000, 1)
    assert (money.now.value, money.unit) == (D("0.30"), "万元")


def test_the_change_is_over_museums_that_have_both_years(told: Cast) -> None:
    money = province_figures(told.hebei, told.campaign).compared("income")
    assert (money.change, money.same) == (D("100.0"), 1)


def test_blank_is_no_zero(told: Cast) -> None:
    figures = province_figures(told.hebei, told.campaign)
    assert figures.compared("free_visits").now == Total(None, 0)
    museum = figures.this.museums[0]
    assert (museum.code, figures.this.value(museum, "visits")) == ("130100001", 0)
    assert figures.this.value(museum, "free_visits") is None


def test_the_execution_is_of_all_that_could_be_spent(told: Cast) -> None:
    figures = province_figures(told.hebei, told.campaign)
    assert figures.this.execution(is_free) == Total(D("60.0"), 1)
    assert figures.this.execution(lambda museum: museum.level == "city") == Total(None, 0)


def test_museums_that_stand_out(told: Cast) -> None:
    figures = province_figures(told.hebei, told.campaign)
    assert [(each.museum.name, each.percent) for each in figures.grown()] == [("保定市科技馆", D("20.0"))]
    area, dense = figures.dense()
    assert (area, [(museum.name, value) for museum, value in dense]) == (
        "hall_area",
        [("保定市科技馆", D("30.0")), ("石家庄市科技馆", D("0.0"))],
    )


def test_distributions(told: Cast) -> None:
    year = province_figures(told.hebei, told.campaign).this
    assert by_level(year) == [("省/部级", 0, 0), ("地/市级", 1, 0), ("县级", 1, 1)]
    assert by_size(year) == [("大", 1, 0), ("小", 1, 1)]
    assert by_city(year) == [("未注明", 2, 1)]


def test_what_is_returned_no_longer_counts(told: Cast) -> None:
    remove_facts(Report.objects.get(museum=told.baoding, campaign=told.campaign))
    assert province_figures(told.hebei, told.campaign).compared("visits").now.counted == 1


def test_a_province_without_reports(cast: Cast) -> None:
    figures = province_figures(cast.hebei, cast.campaign)
    assert figures.compared("visits").now.value is None
    assert (figures.this.execution().value, figures.grown(), figures.dense()[1]) == (None, [], [])


def test_three_museums_ask_no_more_than_one(cast: Cast, django_assert_num_queries: Any) -> None:
    hand_in(cast, cast.baoding, {"guests": "1"})
    province_figures(cast.hebei, cast.campaign)
    with django_assert_num_queries(3):
        province_figures(cast.hebei, cast.campaign)
    for place in range(3):
        museum = Museum.objects.create(code=f"13070000{place}", name=f"第{place}馆", province=cast.hebei, level="city")
        hand_in(cast, museum, {"guests": "1"})
    with django_assert_num_queries(3):
        assert len(province_figures(cast.hebei, cast.campaign).this.museums) == 4


def test_long_texts_are_cut_after_a_sentence() -> None:
    assert shortened("一。\n 二；\n\n") == "一；二"
    long = "展品老化严重。" * 40
    assert shortened(long).endswith("严重。……")
    assert len(shortened("长" * 400)) < 170
