"""Dates and months in the usual spellings."""

from datetime import date

import pytest

from guanshu.survey.values.base import ValueProblem
from guanshu.survey.values.types import make_type

DATE = make_type("date", {})
MONTH = make_type("month", {})


@pytest.mark.parametrize(
    "raw",
    ["2022-1-5", "2022/1/5", "2022.1.5", "2022年1月5日", "2022-01-05", "２０２２－０１－０５", "2022 年 1 月 5 日"],
)
def test_dates(raw: str) -> None:
    assert DATE.parse(raw) == date(2022, 1, 5)


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("22-1-5", "四位"),
        ("2022-2-30", "没有 30 日"),
        ("2022-13-1", "13 月"),
        ("2022-0-1", "月份"),
        ("2022-1/5", "不是日期"),
        ("2022-1", "缺少日"),
        ("44562", "不是日期"),
        ("0022-01-01", "年份"),
        ("9999-01-01", "年份"),
    ],
)
def test_what_is_no_date(raw: str, word: str) -> None:
    with pytest.raises(ValueProblem, match=word):
        DATE.parse(raw)


@pytest.mark.parametrize("raw", ["2022-3", "2022/03", "2022.3", "2022年3月", "2022-03-01", "2022/3/1"])
def test_months(raw: str) -> None:
    assert MONTH.parse(raw) == date(2022, 3, 1)


@pytest.mark.parametrize(
    ("raw", "word"), [("2022-3-15", "多了日"), ("2022-00", "月份"), ("2022", "年月"), ("3月", "年月")]
)
def test_what_is_no_month(raw: str, word: str) -> None:
    with pytest.raises(ValueProblem, match=word):
        MONTH.parse(raw)


def test_how_they_are_kept_and_shown() -> None:
    day = date(2022, 3, 1)
    assert (DATE.to_json(day), DATE.to_text(day), DATE.to_display(day)) == ("2022-03-01", "2022-03-01", "2022年3月1日")
    assert (MONTH.to_json(day), MONTH.to_text(day), MONTH.to_display(day)) == ("2022-03", "2022-03", "2022年3月")
