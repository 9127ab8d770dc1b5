"""Dates and months, in the spellings people use."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from guanshu.survey.values.base import Json, Kind, Scalar, Value, ValueProblem
from guanshu.survey.values.clean import narrow, shorten
from guanshu.survey.values.common import CommonType, expect

_DATE = re.compile(r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})[日号])")
_MONTH = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})|年([0-9]{1,2})月)")
EARLIEST, LATEST = 1800, 2199


def _prepare(text: str) -> str:
    return re.sub(r"\s+", "", narrow(text)).replace("。", ".")


def _check_year_and_month(year: int, month: int) -> None:
    if not EARLIEST <= year <= LATEST:
        raise ValueProblem("year", f"年份 {year:04d} 不对，应在 {EARLIEST} 年至 {LATEST} 年之间。")
    if not 1 <= month <= 12:
        raise ValueProblem("month", f"没有 {month} 月，月份应为 1 至 12。")


def _read_date(typed: str) -> date | None:
    """Return the date written in full, None if the text is no date. Raises ValueProblem for days that do not exist."""
    match = _DATE.fullmatch(typed)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[3] or match[5]), int(match[4] or match[6])
    _check_year_and_month(year, month)
    if not 1 <= day <= monthrange(year, month)[1]:
        raise ValueProblem("day", f"{year} 年 {month} 月没有 {day} 日，请核对日期。")
    return date(year, month, day)


@dataclass(frozen=True, slots=True)
class DateType(CommonType):
    """A day."""

    kind: ClassVar[Kind] = Kind.DATE

    @property
    def name(self) -> str:
        """Return `date`."""
        return "date"

    def read(self, text: str) -> Value:
        """Return the date. Raises ValueProblem."""
        typed = _prepare(text)
        found = _read_date(typed)
        if found is not None:
            return found
        if _MONTH.fullmatch(typed):
            raise ValueProblem("date", f"「{shorten(typed)}」缺少日，请写成 2022-1-5 的样子。")
        raise ValueProblem("date", f"「{shorten(typed)}」不是日期，请写成 2022-1-5，年份用四位数。")

    def plain(self, value: Scalar) -> str:
        """Return the ISO date."""
        return expect(value, date).isoformat()

    def display(self, value: Scalar) -> str:
        """Return the date as 2022年1月31日."""
        day = expect(value, date)
        return f"{day.year}年{day.month}月{day.day}日"

    def from_json(self, stored: Json) -> Scalar:
        """Return the stored date. Raises ValueError."""
        if not isinstance(stored, str):
            raise ValueError(f"date: stored value {stored!r} is no date")  # noqa: TRY004 - bad data, not a bad call
        return date.fromisoformat(stored)


@dataclass(frozen=True, slots=True)
class MonthType(CommonType):
    """A month; its value is the month's first day."""

    kind: ClassVar[Kind] = Kind.MONTH

    @property
    def name(self) -> str:
        """Return `month`."""
        return "month"

    def read(self, text: str) -> Value:
        """Return the first day of the month. Raises ValueProblem."""
        typed = _prepare(text)
        match = _MONTH.fullmatch(typed)
        if match:
            year, month = int(match[1]), int(match[2] or match[3])
            _check_year_and_month(year, month)
            return date(year, month, 1)
        found = _read_date(typed)
        if found is None:
            raise ValueProblem("month", f"「{shorten(typed)}」不是年月，请写成 2022-3，年份用四位数。")
        # Spreadsheets turn 2022-3 into the first of the month; any other day was meant as a day.
        if found.day != 1:
            raise ValueProblem("month", f"「{shorten(typed)}」多了日，这一格只填年月，例如 2022-3。")
        return found

    def plain(self, value: Scalar) -> str:
        """Return the month as 2022-03."""
        return f"{expect(value, date):%Y-%m}"

    def display(self, value: Scalar) -> str:
        """Return the month as 2022年3月."""
        month = expect(value, date)
        return f"{month.year}年{month.month}月"

    def from_json(self, stored: Json) -> Scalar:
        """Return the stored month. Raises ValueError."""
        if not isinstance(stored, str):
            raise ValueError(f"month: stored value {stored!r} is no month")  # noqa: TRY004 - bad data, not a bad call
        return date.fromisoformat(f"{stored}-01")
