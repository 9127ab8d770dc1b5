"""How many codes, for whom, in what time. Everything about it is here, as data and one function."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many within any stretch of time so long."""

    most: int
    within: timedelta


# How long a code can be used, and how often a wrong one may be typed.
VALID = timedelta(minutes=5)
TRIES = 5
# A page offers another code after this.
PAUSE = timedelta(minutes=1)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Several museums may share a phone: five of them can be reset within an hour.
PHONE = (Limit(1, MINUTE), Limit(5, HOUR), Limit(10, DAY))
ACCOUNT = Limit(5, DAY)
ADDRESS = Limit(20, HOUR)
# What may have gone out (the gateway did not answer in time) counts for this one only.
UNSURE = Limit(10, DAY)
# From this part of the daily budget on there is an alarm.
ALARM = 0.8


def reached(limit: Limit, moments: Iterable[datetime], now: datetime) -> bool:
    """Return whether one more now would be too many."""
    return sum(1 for moment in moments if now - moment < limit.within) >= limit.most
