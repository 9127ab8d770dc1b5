"""Deadlines and working days around the Spring Festival of 2023."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanshu.survey.workflow.calendar import (
    SHANGHAI,
    Holidays,
    add_working_days,
    day_of,
    is_overdue,
    may_remind,
    working_days_between,
)
from guanshu.survey.workflow.states import State

FESTIVAL = Holidays.read({"off": ["2023-01-21..2023-01-27"], "worked": ["2023-01-28", "2023-01-29"]})
DUE = date(2023, 2, 10)


def january(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2023, 1, day, hour, minute, tzinfo=SHANGHAI)


def test_a_day_ends_at_24_o_clock_in_shanghai() -> None:
    last = datetime(2023, 2, 11, tzinfo=SHANGHAI) - timedelta(microseconds=1)
    assert day_of(last) == day_of(last.astimezone(timezone(-timedelta(hours=8)))) == DUE
    assert day_of(datetime(2023, 2, 10, 15, 59, 59, tzinfo=UTC)) == DUE
    assert day_of(datetime(2023, 2, 10, 16, 0, tzinfo=UTC)) == date(2023, 2, 11)


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2023, 2, 10, 12, 0)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        day_of(naive)
    with pytest.raises(ValueError, match="time zone"):
        may_remind(naive, FESTIVAL)


def test_the_festival_s_days() -> None:
    working = [day for day in range(16, 32) if FESTIVAL.is_working(date(2023, 1, day))]
    # Monday 16 to Friday 20, then the worked weekend 28/29, then Monday 30 and Tuesday 31.
    assert working == [16, 17, 18, 19, 20, 28, 29, 30, 31]


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2023-01-19", 1, "2023-01-20"),
        ("2023-01-19", 3, "2023-01-29"),
        ("2023-01-20", 3, "2023-01-30"),
        ("2023-01-24", 3, "2023-01-30"),
        ("2023-02-09", 1, "2023-02-10"),
        ("2023-02-10", 3, "2023-02-15"),
        ("2023-02-11", 0, "2023-02-11"),
    ],
)
def test_working_days_are_added(start: str, count: int, end: str) -> None:
    assert add_working_days(date.fromisoformat(start), count, FESTIVAL) == date.fromisoformat(end)


def test_working_days_between() -> None:
    assert working_days_between(date(2023, 1, 20), date(2023, 1, 27), FESTIVAL) == 0
    assert working_days_between(date(2023, 1, 20), date(2023, 1, 30), FESTIVAL) == 3
    assert working_days_between(date(2023, 1, 30), date(2023, 1, 20), FESTIVAL) == -3
    assert working_days_between(date(2023, 2, 10), date(2023, 2, 10), FESTIVAL) == 0


@given(st.dates(date(2022, 12, 1), date(2023, 3, 1)), st.integers(0, 30))
def test_adding_and_counting_agree(start: date, count: int) -> None:
    end = add_working_days(start, count, FESTIVAL)
    assert working_days_between(start, end, FESTIVAL) == count
    assert count == 0 or FESTIVAL.is_working(end)


def test_no_reminder_on_holidays_or_at_night() -> None:
    assert may_remind(january(20), FESTIVAL)
    assert may_remind(january(28), FESTIVAL)  # a worked Saturday
    assert not may_remind(january(23), FESTIVAL)  # a Monday of the festival
    assert not may_remind(january(14), FESTIVAL)  # an ordinary Saturday
    assert [may_remind(january(20, *at), FESTIVAL) for at in ((8, 29), (8, 30), (19, 59), (20, 0), (0, 0))] == [
        False,
        True,
        True,
        False,
        False,
    ]
    # 02:00 UTC is 10 o'clock; 17:00 UTC on Thursday is Friday night.
    assert may_remind(datetime(2023, 1, 20, 2, 0, tzinfo=UTC), FESTIVAL)
    assert not may_remind(datetime(2023, 1, 19, 17, 0, tzinfo=UTC), FESTIVAL)


def test_overdue_is_derived() -> None:
    def overdue(state: State, today: date, *, submitted: bool = False) -> bool:
        return is_overdue(state, first_submitted=submitted, deadline=DUE, today=today)

    after = DUE + timedelta(days=1)
    assert not overdue(State.FILLING, DUE)
    assert overdue(State.NOT_STARTED, after)
    assert overdue(State.AWAITING_STAMP, after)
    assert not overdue(State.EXEMPT, after)
    assert not overdue(State.APPROVED, after)
    assert not overdue(State.RETURNED_BY_PROVINCE, after, submitted=True)


def test_holidays_are_kept_as_json() -> None:
    assert Holidays.read(FESTIVAL.write()) == FESTIVAL
    assert Holidays.read({}) == Holidays()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"off": ["春节"]}, "「春节」不是日期，请写成 2023-01-21 或 2023-01-21..2023-01-27。"),
        ({"off": ["2023-02-30"]}, "「2023-02-30」不是日期"),
        ({"off": ["2023-01-27..2023-01-21"]}, "起止日期不对"),
        ({"off": ["2023-01-01..2032-01-01"]}, "起止日期不对"),
        ({"off": ["2023-01-28"], "worked": ["2023-01-28"]}, "2023-01-28 既列为放假又列为上班"),
    ],
)
def test_spoiled_holiday_lists(data: dict[str, list[str]], sentence: str) -> None:
    with pytest.raises(ValueError, match="。") as caught:
        Holidays.read(data)
    assert sentence in str(caught.value)
