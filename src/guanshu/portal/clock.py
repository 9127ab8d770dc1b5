"""Two clocks: real time for whatever is recorded, and the business day that rules and deadlines read."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

_day: ContextVar[date | None] = ContextVar("business day", default=None)


def now() -> datetime:
    """Return the real time; sessions, signatures and the audit trail never use another."""
    return timezone.now()


def today(at: datetime | None = None) -> date:
    """Return the business day of a moment (now): its day in Shanghai, or the one a demo lives in (GUANSHU_TODAY)."""
    told = _day.get()
    if told is not None:
        return told
    return date.fromisoformat(settings.GUANSHU_TODAY) if settings.GUANSHU_TODAY else timezone.localdate(at)


@contextmanager
def living_on(day: date) -> Iterator[None]:
    """Let it be another business day for what is called within: a demo's past is written day by day."""
    token = _day.set(day)
    try:
        yield
    finally:
        _day.reset(token)
