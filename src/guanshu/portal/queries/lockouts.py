"""Wrong log-ins that count towards a lock-out, or have led to one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings

from guanshu.portal.models import Account


@dataclass(frozen=True, slots=True)
class Lockout:
    """How many wrong log-ins there were lately, and whether the account is locked somewhere because of them."""

    failures: int
    locked: bool


def lockout_of(account: Account, now: datetime) -> Lockout:
    """Return the wrong log-ins of an account that still count; `now` is real time."""
    since = now - timedelta(hours=settings.AXES_COOLOFF_TIME)
    found = AccessAttempt.objects.filter(username=account.username, attempt_time__gt=since)
    counts = list(found.values_list("failures_since_start", flat=True))
    return Lockout(sum(counts), any(count >= settings.AXES_FAILURE_LIMIT for count in counts))
