"""Two clocks: real time for whatever is recorded, and the business day that rules and deadlines read."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """Return the real time; sessions, signatures and the audit trail never use another."""
    return timezone.now()


def today(at: datetime | None = None) -> date:
    """Return the business day of a moment (now): its day in Shanghai, or the one a demo lives in (GUANSHU_TODAY)."""
    return date.fromisoformat(settings.GUANSHU_TODAY) if settings.GUANSHU_TODAY else timezone.localdate(at)
