"""Numbers as people type and paste them."""

from decimal import Decimal

import pytest

from guanshu.survey.values.base import ValueProblem
from guanshu.survey.values.missing import BLANK, NA
from guanshu.survey.values.types import make_type

YEAR = make_type("year", {})
INT = make_type("int", {})
DEC2 = make_type("dec2", {})
SDEC2 = make_type("sdec2", {})


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("0", "0.00"),
        ("9100", "9100.00"),
        ("1,234.50", "1234.50"),
        ("1，234．5", "1234.50"),
        ("１２３．４５", "123.45"),
        ("12。5", "12.50"),
        (".5", "0.50"),
        ("7.10000", "7.10"),
        ("007", "7.00"),
        ("1000000000000", "1000000000000.00"),
        (" 12 ", "12.00"),
    ],
)
def test_it_reads_what_people_write(raw: str, value: str) -> None:
    assert DEC2.parse(raw) == Decimal(value)
    assert DEC2.to_json(DEC2.parse(raw)) == value


@pytest.mark.parametrize(
    ("raw", "code", "word"),
    [
        ("1,23", "separator", "千位"),
        ("1,2345", "separator", "逗号"),
        ("-5", "negative", "负数"),
        ("－5", "negative", "负数"),
        ("1.234", "decimals", "2 位小数"),
        ("1e400", "exponent", "科学计数"),
        ("1.2E+05", "exponent", "科学计数"),
        ("1000000000001", "too_large", "计量单位"),
        ("NaN", "number", "不是数字"),
        ("inf", "number", "不是数字"),
        ("Infinity", "number", "不是数字"),
        ("12人", "unit", "人"),
        ("12 万元", "unit", "万元"),
        ("5%", "unit", "百分号"),
        ("10²", "unit", "²"),
        ("①", "number", "不是数字"),
        ("½", "number", "不是数字"),
        ("٣", "number", "不是数字"),
        ("1_000", "number", "只填阿拉伯数字"),
        ("无", "number", "没有发生请填 0"),
        ("-", "doubtful", "请填 0"),
        ("/", "doubtful", "不适用"),
        ("——", "doubtful", "清空"),
        ("9" * 500, "too_long", "500"),
    ],
)
def test_it_refuses_and_says_why(raw: str, code: str, word: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        DEC2.parse(raw)
    assert caught.value.code == code
    assert word in caught.value.message


def test_whole_numbers_have_no_decimals() -> None:
    assert INT.parse("12.0") == Decimal(12)
    assert INT.to_json(INT.parse("12.0")) == "12"
    with pytest.raises(ValueProblem, match="整数"):
        INT.parse("12.5")


def test_signed_numbers_may_be_negative() -> None:
    assert SDEC2.parse("-1,234.5") == Decimal("-1234.50")
    assert SDEC2.parse("−3") == Decimal(-3)
    assert SDEC2.to_text(SDEC2.parse("-0")) == "0.00"


def test_missing_values() -> None:
    assert INT.parse(None) is BLANK
    assert INT.parse("  ") is BLANK
    assert INT.parse("\u3000") is BLANK
    assert INT.parse("不适用") is NA
    assert (INT.to_text(NA), INT.to_display(NA), INT.to_text(BLANK), INT.to_display(BLANK)) == ("不适用", "—", "", "")


def test_computed_numbers_are_rounded_half_up() -> None:
    assert DEC2.to_json(Decimal("2.675")) == "2.68"
    assert SDEC2.to_json(Decimal("-2.675")) == "-2.68"
    assert SDEC2.to_json(Decimal("-0.001")) == "0.00"
    assert DEC2.to_display(Decimal("12345678.905")) == "12,345,678.91"
    assert INT.to_display(Decimal("1E+6")) == "1,000,000"


def test_other_things_than_text_are_refused() -> None:
    for raw in (True, 12, ["1"], {"na": True}):
        with pytest.raises(ValueProblem):
            INT.parse(raw)


def test_stored_rubbish_is_an_error() -> None:
    for stored in ("x", "NaN", True, ["1"]):
        with pytest.raises(ValueError, match="stored"):
            INT.from_json(stored)


def test_a_year_is_a_number_without_separators() -> None:
    assert YEAR.name == "year"
    value = YEAR.parse("2017")
    assert (YEAR.to_display(value), YEAR.to_text(value), YEAR.to_json(value)) == ("2017", "2017", "2017")
    assert INT.to_display(INT.parse("2017")) == "2,017"
