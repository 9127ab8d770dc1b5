"""How the gateway does, known from its last answers to anybody: so a page can tell it without telling about whom."""

import secrets
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings

from guanshu.portal.models import SmsChannel

# After a failure nobody waits for the gateway until so long; then codes are tried again.
PAUSE = timedelta(seconds=30)
_REMEMBERED = 8
_LONGEST_WORD = 60


class Health(Enum):
    """GOOD: the last message went out. DOWN: it failed a moment ago. TRYING: it failed some time ago; try again."""

    GOOD = "good"
    DOWN = "down"
    TRYING = "trying"


def health(now: datetime) -> Health:
    """Return how the gateway does."""
    row = SmsChannel.objects.filter(name=settings.GUANSHU_SMS).first()
    if row is None or row.failing_at is None:
        return Health.GOOD
    return Health.DOWN if now < row.failing_at + PAUSE else Health.TRYING


def usual_seconds() -> float:
    """Return how long a code takes to hand over: what one of the last ones took."""
    row = SmsChannel.objects.filter(name=settings.GUANSHU_SMS).first()
    took = row.took if row is not None else []
    return secrets.choice(took) / 1000 if took else 0.0


def note_success(took: float | None = None) -> None:
    """Remember that a message went out; took: the seconds a code took. Others say nothing of refused codes."""
    row = SmsChannel.objects.filter(name=settings.GUANSHU_SMS).first()
    if took is None and (row is None or row.failing_at is None or row.refused):
        return
    kept = list(row.took) if row is not None else []
    if took is not None:
        kept = [*kept, round(took * 1000)][-_REMEMBERED:]
    changed = {"failing_at": None, "word": "", "refused": False, "took": kept}
    SmsChannel.objects.update_or_create(name=settings.GUANSHU_SMS, defaults=changed)


def note_failure(word: str, now: datetime, *, refused: bool = False) -> None:
    """Remember that the gateway failed; refused: it took no code, though it answers."""
    changed = {"failing_at": now, "word": word[:_LONGEST_WORD], "refused": refused}
    SmsChannel.objects.update_or_create(name=settings.GUANSHU_SMS, defaults=changed)
