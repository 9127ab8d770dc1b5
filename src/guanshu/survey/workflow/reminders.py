"""When a filler or a reviewer is reminded, of what, and never twice of the same: rules without a database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from guanshu.survey.workflow.actions import Actor
from guanshu.survey.workflow.calendar import (
    REMIND_FROM,
    REMIND_UNTIL,
    SHANGHAI,
    Holidays,
    day_of,
    may_remind,
    working_days_between,
)
from guanshu.survey.workflow.report import UNSUBMITTED
from guanshu.survey.workflow.rules import day
from guanshu.survey.workflow.states import State

# Working days after which somebody is reminded.
UNTOUCHED, WAITING = 2, 3
# The longest holiday anybody lists, and more.
_LOOK_AHEAD = 60
_DAY = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"

_RETURNED = frozenset({State.RETURNED_IN_HOUSE, State.RETURNED_BY_PROVINCE})
_WITH_REVIEWER = frozenset({State.IN_REVIEW, State.AWAITING_STAMP})
# Whoever is still to hand in a report.
AWAITED = UNSUBMITTED | {State.RETURNED_BY_PROVINCE}


class Rule(Enum):
    """Why a reminder goes out by itself; the values are kept in the log."""

    RETURNED = "returned"
    REVIEW = "review"
    DUE_IN_5 = "due_5"
    DUE_IN_2 = "due_2"
    DUE_TODAY = "due_0"

    @property
    def label(self) -> str:
        """Return what the log and the settings call it."""
        return _LABELS[self]


_LABELS = {
    Rule.RETURNED: f"退回后 {UNTOUCHED} 个工作日未修改",
    Rule.REVIEW: f"等待审核人办理满 {WAITING} 个工作日",
    Rule.DUE_IN_5: "距截止 5 天",
    Rule.DUE_IN_2: "距截止 2 天",
    Rule.DUE_TODAY: "截止当天",
}
# The nearest first: only the nearest that has come is sent.
_LADDER = ((0, Rule.DUE_TODAY), (2, Rule.DUE_IN_2), (5, Rule.DUE_IN_5))


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules read of one report.

    since: when it came into its state; round: the number of its last return; touched: whether the filler has done
    anything since then; last_day: the museum's own deadline (an extension, or the window of a return), set_on: the day
    on which that became its deadline.
    """

    number: str
    state: State
    since: datetime | None
    round: int
    touched: bool
    last_day: date | None
    set_on: date


@dataclass(frozen=True, slots=True)
class Due:
    """One reminder that should go out. `key` is the same whenever the same rule falls due on the same occasion."""

    rule: Rule
    recipient: Actor
    key: str


def due(
    case: Case,
    *,
    now: datetime,
    holidays: Holidays,
    off: Collection[Rule] = (),
    sent: Collection[str] = (),
    reminded_today: Collection[Actor] = (),
) -> tuple[Due, ...]:
    """Return what should go out about a report now; nothing at night and on holidays.

    off: rules that are switched off; sent: keys of earlier reminders; reminded_today: people who got an automatic one
    about this report today. Nobody gets two at once: a deadline goes first and other rules wait for another day.
    """
    if not may_remind(now, holidays) or case.state not in AWAITED:
        return ()
    on = day_of(now)
    deadlines = [each for each in _deadlines(case, on) if each.rule not in off and each.key not in sent]
    busy = {*reminded_today, *(each.recipient for each in deadlines)}
    waits = [
        each
        for each in _waits(case, on, holidays)
        if each.rule not in off and each.key not in sent and each.recipient not in busy
    ]
    return (*deadlines, *waits)


def _deadlines(case: Case, on: date) -> list[Due]:
    if case.last_day is None:
        return []
    left = (case.last_day - on).days
    reached = next((step for step in _LADDER if 0 <= left <= step[0]), None)
    # A deadline that was set after the day of the reminder had passed is news enough.
    if reached is None or case.last_day - reached[0] * _DAY <= case.set_on:
        return []
    people = [Actor.FILLER, Actor.REVIEWER] if case.state in _WITH_REVIEWER else [Actor.FILLER]
    return [_due(case, reached[1], person, case.last_day.isoformat()) for person in people]


def _waits(case: Case, on: date, holidays: Holidays) -> list[Due]:
    if case.since is None:
        return []
    since = day_of(case.since)
    waited = working_days_between(since, on, holidays)
    if case.state in _RETURNED and not case.touched and waited >= UNTOUCHED:
        return [_due(case, Rule.RETURNED, Actor.FILLER, f"r{case.round}")]
    if case.state in _WITH_REVIEWER and waited >= WAITING:
        return [_due(case, Rule.REVIEW, Actor.REVIEWER, f"{case.state.value} {since}")]
    return []


def _due(case: Case, rule: Rule, recipient: Actor, occasion: str) -> Due:
    return Due(rule, recipient, f"{case.number}|{rule.value}|{recipient.value}|{occasion}")


def holder(state: State) -> Actor:
    """Return who in the museum has to act in a state before the submission."""
    return Actor.REVIEWER if state in _WITH_REVIEWER else Actor.FILLER


def next_allowed(now: datetime, holidays: Holidays) -> datetime:
    """Return the first moment from now on at which a reminder may go out. Raises ValueError without a time zone."""
    if may_remind(now, holidays):
        return now
    local = now.astimezone(SHANGHAI)
    first = local.date() if local.time() < REMIND_FROM else local.date() + _DAY
    days = (first + n * _DAY for n in range(_LOOK_AHEAD))
    on = next((each for each in days if holidays.is_working(each)), first)
    return datetime.combine(on, REMIND_FROM, tzinfo=SHANGHAI)


def not_now(now: datetime, holidays: Holidays) -> str:
    """Return why nobody may be reminded now and when it is possible again; "" when it is possible now."""
    if may_remind(now, holidays):
        return ""
    why = "现在是夜间" if holidays.is_working(day_of(now)) else "今天不是工作日"
    hours = f"工作日 {REMIND_FROM:%H:%M} 至 {REMIND_UNTIL:%H:%M}"
    return f"{why}，不能发送催报短信。短信只在{hours} 发送，最早可在 {said(next_allowed(now, holidays))} 发送。"


def said(moment: datetime) -> str:
    """Return a moment as sentences say it: 2023年2月6日（星期一）08:30."""
    local = moment.astimezone(SHANGHAI)
    return f"{day(local.date())}（星期{_WEEKDAYS[local.weekday()]}）{local:%H:%M}"
