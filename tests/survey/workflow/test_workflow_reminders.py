"""Who is reminded of what, and when: the rules alone, also over whole seasons made up by hypothesis."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanshu.survey.workflow.actions import Actor
from guanshu.survey.workflow.calendar import SHANGHAI, Holidays, day_of, may_remind
from guanshu.survey.workflow.reminders import AWAITED, Case, Due, Rule, due, holder, next_allowed, not_now
from guanshu.survey.workflow.states import State

FESTIVAL = Holidays.read({"off": ["2023-01-21..2023-01-27"], "worked": ["2023-01-28", "2023-01-29"]})
DUE_DAY, OPENS = date(2023, 2, 10), date(2023, 1, 1)


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2023, month, day, hour, minute, tzinfo=SHANGHAI)


def case(state: State = State.FILLING, since: datetime | None = None, **other: object) -> Case:
    made = Case("2022-130600001", state, since or at(1, 10), 0, False, DUE_DAY, OPENS)
    return replace(made, **other)  # type: ignore[arg-type]


def rules(case: Case, now: datetime, **more: object) -> list[tuple[Rule, Actor]]:
    return [(each.rule, each.recipient) for each in due(case, now=now, holidays=FESTIVAL, **more)]  # type: ignore[arg-type]


FILLER, REVIEWER = Actor.FILLER, Actor.REVIEWER


@pytest.mark.parametrize("state", [State.RETURNED_IN_HOUSE, State.RETURNED_BY_PROVINCE])
def test_a_returned_report_nobody_touches(state: State) -> None:
    returned = case(state, at(1, 19, 16), round=2, last_day=None)
    assert rules(returned, at(1, 20)) == []
    # The festival does not count, nor is anybody reminded in it: 20 January is one working day, 28 the second.
    assert rules(returned, at(1, 25)) == []
    assert rules(returned, at(1, 28)) == [(Rule.RETURNED, FILLER)]
    assert rules(replace(returned, touched=True), at(1, 28)) == []
    assert due(returned, now=at(1, 28), holidays=FESTIVAL)[0].key == "2022-130600001|returned|filler|r2"


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.AWAITING_STAMP])
def test_what_waits_for_the_reviewer(state: State) -> None:
    waiting = case(state, at(1, 18), last_day=None)
    assert rules(waiting, at(1, 20, 19, 59)) == []
    assert rules(waiting, at(1, 28, 8, 29)) == []
    assert rules(waiting, at(1, 28, 8, 30)) == [(Rule.REVIEW, REVIEWER)]


@pytest.mark.parametrize(
    ("now", "rule"),
    [
        (at(2, 3), None),
        # The fifth day before the deadline is a Sunday: it goes out on Monday.
        (at(2, 5), None),
        (at(2, 6, 8, 29), None),
        (at(2, 6, 8, 30), Rule.DUE_IN_5),
        (at(2, 7), Rule.DUE_IN_5),
        (at(2, 8), Rule.DUE_IN_2),
        (at(2, 9), Rule.DUE_IN_2),
        (at(2, 10, 19, 59), Rule.DUE_TODAY),
        (at(2, 10, 20), None),
        (at(2, 13), None),
    ],
)
def test_before_the_deadline(now: datetime, rule: Rule | None) -> None:
    assert rules(case(State.NOT_STARTED), now) == ([(rule, FILLER)] if rule else [])
    waiting = case(State.IN_REVIEW, at(2, 10))
    assert rules(waiting, now) == ([(rule, FILLER), (rule, REVIEWER)] if rule else [])


def test_a_deadline_that_was_just_set_is_news_enough() -> None:
    # Returned on Monday with a window to Thursday: five days before is past, two days before is Tuesday.
    window = {"last_day": date(2023, 2, 16), "set_on": date(2023, 2, 13)}
    returned = case(State.RETURNED_BY_PROVINCE, at(2, 13), round=1, **window)
    assert rules(returned, at(2, 13)) == []
    assert rules(returned, at(2, 14)) == [(Rule.DUE_IN_2, FILLER)]
    extended = case(last_day=date(2023, 2, 12), set_on=date(2023, 2, 9))
    assert rules(extended, at(2, 9)) == []
    assert rules(extended, at(2, 10)) == [(Rule.DUE_IN_2, FILLER)]


def test_a_later_deadline_is_another_occasion() -> None:
    first = due(case(), now=at(2, 8), holidays=FESTIVAL)
    sent = [each.key for each in first]
    assert due(case(), now=at(2, 9), holidays=FESTIVAL, sent=sent) == ()
    assert len(due(case(last_day=date(2023, 2, 13)), now=at(2, 13), holidays=FESTIVAL, sent=sent)) == 1


def test_switched_off_is_off() -> None:
    assert rules(case(), at(2, 8), off={Rule.DUE_IN_2}) == []
    assert rules(case(State.IN_REVIEW, at(1, 18)), at(2, 8), off={Rule.DUE_IN_2}) == [(Rule.REVIEW, REVIEWER)]


def test_nobody_gets_two_at_once() -> None:
    waiting = case(State.IN_REVIEW, at(1, 18))
    assert rules(waiting, at(2, 8)) == [(Rule.DUE_IN_2, FILLER), (Rule.DUE_IN_2, REVIEWER)]
    sent = [each.key for each in due(waiting, now=at(2, 8), holidays=FESTIVAL)]
    assert rules(waiting, at(2, 8, 11), sent=sent, reminded_today=[FILLER, REVIEWER]) == []
    assert rules(waiting, at(2, 9), sent=sent) == [(Rule.REVIEW, REVIEWER)]


def test_who_has_submitted_is_left_in_peace() -> None:
    for state in set(State) - AWAITED:
        assert rules(case(state, at(1, 4)), at(2, 8)) == []


def test_who_has_it() -> None:
    assert holder(State.AWAITING_STAMP) is REVIEWER
    assert holder(State.RETURNED_BY_PROVINCE) is FILLER


@pytest.mark.parametrize(
    ("now", "then", "words"),
    [
        (at(1, 20, 20), at(1, 28, 8, 30), "现在是夜间，不能发送催报短信。短信只在工作日 08:30 至 20:00 发送，"),
        (at(1, 23, 10), at(1, 28, 8, 30), "今天不是工作日"),
        (at(1, 28, 7), at(1, 28, 8, 30), "现在是夜间"),
        (at(2, 4), at(2, 6, 8, 30), "今天不是工作日"),
        (at(2, 6), at(2, 6), ""),
    ],
)
def test_when_it_is_possible_again(now: datetime, then: datetime, words: str) -> None:
    assert next_allowed(now, FESTIVAL) == then
    assert not_now(now, FESTIVAL).startswith(words)
    assert bool(words) is bool(not_now(now, FESTIVAL))


def test_the_sentence_names_the_day() -> None:
    assert not_now(at(2, 4), FESTIVAL).endswith("最早可在 2023年2月6日（星期一）08:30 发送。")


days = st.dates(date(2023, 1, 1), date(2023, 2, 20))
moments = st.datetimes(datetime(2023, 1, 1), datetime(2023, 2, 28)).map(lambda naive: naive.replace(tzinfo=SHANGHAI))  # noqa: DTZ001
cases = st.builds(
    Case,
    number=st.just("2022-1"),
    state=st.sampled_from(State),
    since=st.none() | moments,
    round=st.integers(0, 3),
    touched=st.booleans(),
    last_day=st.none() | days,
    set_on=days,
)


@given(cases, moments)
def test_never_at_night_nor_on_a_holiday_nor_after_the_fact(each: Case, now: datetime) -> None:
    found = due(each, now=now, holidays=FESTIVAL)
    if found:
        assert may_remind(now, FESTIVAL)
        assert each.state in AWAITED
    people = [one.recipient for one in found]
    assert len(people) == len(set(people))
    for one in found:
        if one.rule in {Rule.DUE_IN_5, Rule.DUE_IN_2, Rule.DUE_TODAY}:
            assert each.last_day is not None
            assert each.set_on < each.last_day
            assert 0 <= (each.last_day - day_of(now)).days <= 5


@given(cases, st.lists(st.sampled_from([1, 6, 12, 24, 70]), max_size=40), st.sets(st.sampled_from(Rule)))
def test_over_a_season_nothing_is_sent_twice_and_nothing_is_lost(each: Case, hours: list[int], off: set[Rule]) -> None:
    """Ask at irregular times: every rule goes out once at most, and asking more often sends no more."""
    now, sent, log = at(1, 1, 0), set[str](), list[tuple[date, Due]]()
    for step in [*hours, *[24] * 60]:
        today = {one.recipient for on, one in log if on == day_of(now)}
        for one in due(each, now=now, holidays=FESTIVAL, off=off, sent=sent, reminded_today=today):
            sent.add(one.key)
            log.append((day_of(now), one))
        assert (
            due(
                each,
                now=now,
                holidays=FESTIVAL,
                off=off,
                sent=sent,
                reminded_today={one.recipient for on, one in log if on == day_of(now)},
            )
            == ()
        )
        now += timedelta(hours=step)
    assert max(Counter(one.key for _, one in log).values(), default=1) == 1
    assert not off & {one.rule for _, one in log}


@given(moments)
def test_the_next_allowed_moment_is_the_first(now: datetime) -> None:
    then = next_allowed(now, FESTIVAL)
    assert then >= now
    assert may_remind(then, FESTIVAL)
    minute = now
    while minute < then:
        assert not may_remind(minute, FESTIVAL)
        minute += timedelta(minutes=30)
