"""Deadlines, working days and the hours for reminders, all in the time of Asia/Shanghai."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from guanshu.survey.workflow.states import State

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Reminders go out from the first to before the second.
REMIND_FROM, REMIND_UNTIL = time(8, 30), time(20, 0)
_DAY = timedelta(days=1)
# Nothing is awaited from the museum.
_SETTLED = frozenset({State.SUBMITTED, State.APPROVED, State.EXEMPT})
_SATURDAY = 5


def day_of(moment: datetime) -> date:
    """Return the day a moment belongs to in Shanghai. Raises ValueError for a moment without a time zone."""
    if moment.tzinfo is None:
        message = "a moment without a time zone belongs to no day"
        raise ValueError(message)
    return moment.astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class Holidays:
    """What the State Council's notice changes: days `off`, and weekend days that are `worked`.

    Raises ValueError for a day that is said to be both.
    """

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        both = sorted(self.off & self.worked)
        if both:
            raise ValueError(f"{both[0]:%Y-%m-%d} 既列为放假又列为上班，请核对节假日安排。")

    @classmethod
    def read(cls, data: Mapping[str, Iterable[str]]) -> "Holidays":
        """Return what `write` wrote, or a person: days and spans like 2023-01-21..2023-01-27. Raises ValueError."""
        return cls(_days(data.get("off", ())), _days(data.get("worked", ())))

    def write(self) -> dict[str, list[str]]:
        """Return the JSON a campaign keeps."""
        return {"off": [str(each) for each in sorted(self.off)], "worked": [str(each) for each in sorted(self.worked)]}

    def is_working(self, on: date) -> bool:
        """Return whether people are at work on this day."""
        return on in self.worked or (on not in self.off and on.weekday() < _SATURDAY)


# Longer spans are typing mistakes.
_LONGEST_SPAN = 31


def _days(texts: Iterable[str]) -> frozenset[date]:
    found: set[date] = set()
    for text in texts:
        first, _, last = text.strip().partition("..")
        try:
            start, end = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError:
            raise ValueError(f"「{text[:30]}」不是日期，请写成 2023-01-21 或 2023-01-21..2023-01-27。") from None
        if not 0 <= (end - start).days < _LONGEST_SPAN:
            raise ValueError(f"「{text}」的起止日期不对，请核对先后顺序和年月。")
        found.update(start + n * _DAY for n in range((end - start).days + 1))
    return frozenset(found)


def add_working_days(start: date, count: int, holidays: Holidays) -> date:
    """Return the `count`-th working day after a day (which itself does not count); the day itself for 0."""
    on = start
    while count > 0:
        on += _DAY
        count -= holidays.is_working(on)
    return on


def working_days_between(start: date, end: date, holidays: Holidays) -> int:
    """Return how many working days lie after `start` up to and with `end`; negative when `end` comes first."""
    if end < start:
        return -working_days_between(end, start, holidays)
    return sum(holidays.is_working(start + n * _DAY) for n in range(1, (end - start).days + 1))


def working_days_late(last_day: date, on: date, holidays: Holidays) -> int:
    """Return by how many working days something comes after its last day: 0 in time, at least 1 when late."""
    return max(1, working_days_between(last_day, on, holidays)) if on > last_day else 0


def may_remind(now: datetime, holidays: Holidays) -> bool:
    """Return whether a reminder may go out: on a working day, not at night. Raises ValueError without a zone."""
    return holidays.is_working(day_of(now)) and REMIND_FROM <= now.astimezone(SHANGHAI).time() < REMIND_UNTIL


def is_overdue(state: State, *, first_submitted: bool, deadline: date, today: date) -> bool:
    """Return whether a report is 逾期未报: the deadline passed, not submitted (or taken back at once), not 免报.

    Reports of closed years that were imported as done were never submitted here, and are not overdue.
    """
    return today > deadline and not first_submitted and state not in _SETTLED
