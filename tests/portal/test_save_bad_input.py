"""Bad input: each gets a Chinese sentence at its own address, and loses nothing else (issue 2)."""

import re

import pytest

from guanshu.portal.models import TableAnswers
from tests.cast import Cast
from tests.portal.conftest import Save

BAD = {
    "letters": ("land_area", "12a"),
    "decimals": ("land_area", "1.234"),
    "negative": ("land_area", "-5"),
    "huge": ("land_area", "1e400"),
    "infinite": ("land_area", float("inf")),
    "not a number": ("land_area", float("nan")),
    "dash": ("land_area", "-"),
    "slash": ("land_area", "/"),
    "a list": ("land_area", ["1"]),
    "an object": ("land_area", {"value": 1}),
    "na with more": ("building_area", {"na": True, "x": 1}),
    "na where none is allowed": ("land_area", {"na": True}),
    "na as a word": ("land_area", "不适用"),
    "ten megabytes": ("remark", "字" * 3_500_000),
    "ten megabytes of digits": ("land_area", "9" * 10_000_000),
    "emoji": ("remark", "很好😀"),
    "unprintable": ("remark", "私用\ue000"),
    "half a character": ("remark", "坏\ud800"),
    "no such day": ("opened", "2022-02-30"),
    "nonsense day": ("opened", "昨天"),
    "unknown option": ("kind", "castle"),
    "unknown options": ("services", ["cafe", "casino"]),
    "exclusive option with others": ("services", ["none", "cafe"]),
    "no mobile": ("mobile", "12345"),
    "no bool": ("has_shop", "maybe"),
    "calculated": ("both_areas", "5"),
    "from the register": ("museum_name", "别的馆"),
    "the register's flag": ("is_free", False),
    "a file": ("plan", "x.pdf"),
    "too long an explanation": ("1-1-01", "很" * 501),
    "rows that are no list": ("shows.rows", "k1 k2"),
    "rows with strange ids": ("shows.rows", ["k1", "../x"]),
    "rows twice": ("shows.rows", ["k1", "k1"]),
    "too many rows": ("shows.rows", ["k1", "k2", "k3", "k4"]),
    "row that does not exist": ("shows[k9].title", "展览"),
    "unknown cell": ("no_such_cell", "1"),
    "closed cell": ("staff_female__hired", "1"),
    "unknown column": ("shows[k1].price", "1"),
    "unknown check": ("9-9-99", "说明说明说明"),
    "unknown table": ("7-7.na", True),
    "table that is always asked": ("1-1.na", True),
    "an address of another shape": ("__class__", "x"),
    "an address with a control character": ("land\x00area", "1"),
    "an endless address": ("a" * 100_000, "1"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_named_at_its_address_and_the_rest_is_saved(cast: Cast, save: Save, what: str) -> None:
    address, value = BAD[what]
    result = save({address: (None, value), "staff_total__own": ("", "12")})
    assert set(result.problems) == {address}
    sentence = result.problems[address]
    assert re.search(r"[\u4e00-\u9fff]", sentence)
    assert len(sentence) < 300
    assert result.saved == {"staff_total__own": "12"}
    assert list(TableAnswers.objects.values_list("table", "data")) == [("2-1", {"cells": {"staff_total__own": "12"}})]


GOOD = {
    "full-width digits": ("land_area", "１２３．５", "123.50"),
    "thousands separators": ("land_area", "1,234,567.8", "1234567.80"),
    "full-width separators": ("land_area", "１，２３４", "1234.00"),
    "spaces around": ("land_area", " 12 ", "12.00"),
    "a number of JSON": ("land_area", 12.5, "12.50"),
    "a whole number of JSON": ("staff_total__own", 7, "7"),
    "zero": ("land_area", "0", "0.00"),
    "windows line ends": ("remark", "一\r\n二", "一\n二"),
    "invisible characters": ("remark", "可\u200b见\ufeff", "可见"),
    "a quote and a tag": ("remark", "<b>'\"&</b>", "<b>'\"&</b>"),
}


@pytest.mark.parametrize("what", GOOD)
def test_what_people_mean_is_accepted(save: Save, what: str) -> None:
    address, value, stored = GOOD[what]
    result = save({address: ("", value)})
    assert not result.problems
    assert result.saved == {address: stored}


def test_bad_input_never_touches_the_value_stored_before(cast: Cast, save: Save) -> None:
    save({"land_area": ("", "100")})
    assert save({"land_area": ("100", "abc")}).problems
    assert cast.report().saves == 1
    assert TableAnswers.objects.get(report=cast.report()).data == {"cells": {"land_area": "100.00"}}
