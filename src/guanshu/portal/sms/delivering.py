"""Handing messages to the backend: outside any transaction, each claimed by one process, with retries and an end."""

import logging
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from guanshu.portal.crypto import Undecipherable
from guanshu.portal.models import SmsMessage, SmsState
from guanshu.portal.sms.backend import SmsRefused, SmsUnreachable, backend
from guanshu.portal.sms.health import note_failure, note_success
from guanshu.portal.sms.sending import unsealed

_log = logging.getLogger(__name__)
# How long to wait after each failure; after the last try it is given up.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
MOST_TRIES = len(PAUSES) + 1
# Whoever claims a message has so long to send it; a process that dies leaves it to the next after that.
_CLAIM = timedelta(minutes=2)
LONGEST_WORD = 60
# A tick stops here and leaves the rest to the next; others wait behind it.
_BUDGET = 20.0


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the messages whose time had come."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0


def deliver_waiting(*, now: datetime, limit: int = 200) -> Delivered:
    """Send the messages whose time has come, the oldest first, and return how many ended how.

    Several processes may do this at once: each message is sent by one of them. One that was sent by a process that was
    killed before it could say so is sent once more; a code is not: those are left to whoever made them, and ended here.
    """
    _give_up_codes(now)
    waiting = SmsMessage.objects.filter(state=SmsState.WAITING.value, once=False, next_at__lte=now)
    began, found = time.monotonic(), []
    for pk in list(waiting.order_by("next_at").values_list("pk", flat=True)[:limit]):
        # A slow gateway must not stretch the moment: what has expired meanwhile is not sent.
        elapsed = time.monotonic() - began
        if elapsed > _BUDGET:
            break
        found.append(deliver(pk, now=now + timedelta(seconds=elapsed)))
    counts = {state: found.count(state) for state in SmsState}
    return Delivered(counts[SmsState.SENT], counts[SmsState.FAILED], counts[SmsState.WAITING])


def deliver(pk: uuid.UUID, *, now: datetime) -> SmsState | None:
    """Try to send one message at once and return its state; None when it is not waiting, or somebody else is at it."""
    message = claim(pk, now=now)
    if message is None:
        return None
    if message.expires_at is not None and now >= message.expires_at:
        return end(message, SmsState.FAILED, "expired", now)
    try:
        receipt = backend().send(unsealed(message))
    except SmsRefused as refused:
        # Of one text, perhaps: of the gateway it says nothing.
        return end(message, SmsState.FAILED, refused.word, now)
    except Undecipherable:
        return end(message, SmsState.FAILED, "undecipherable", now)
    except SmsUnreachable as unreachable:
        if not unreachable.number:
            note_failure(unreachable.word, now)
        return _again(message, unreachable.word, now)
    except Exception as error:
        note_failure(type(error).__name__, now)
        return _again(message, type(error).__name__, now)
    note_success()
    return end(message, SmsState.SENT, receipt, now)


def claim(pk: uuid.UUID, *, now: datetime) -> SmsMessage | None:
    """Take a waiting message, so that nobody else sends it; None when it is not to be sent now, or taken."""
    waiting = SmsMessage.objects.filter(pk=pk, state=SmsState.WAITING.value, next_at__lte=now)
    if not waiting.update(tries=F("tries") + 1, next_at=now + _CLAIM):
        return None
    return SmsMessage.objects.get(pk=pk)


def end(message: SmsMessage, state: SmsState, word: str, now: datetime) -> SmsState:
    """Write what became of a message. word: the gateway's number for it, or why it was not sent."""
    SmsMessage.objects.filter(pk=message.pk).update(
        state=state.value, done_at=now, backend=settings.GUANSHU_SMS, receipt=word[:LONGEST_WORD]
    )
    return state


def _again(message: SmsMessage, word: str, now: datetime) -> SmsState:
    _log.warning("text message %s: try %d failed (%s)", message.pk, message.tries, word[:LONGEST_WORD])
    if message.once or message.tries >= MOST_TRIES:
        return end(message, SmsState.FAILED, word, now)
    SmsMessage.objects.filter(pk=message.pk).update(next_at=now + PAUSES[message.tries - 1])
    return SmsState.WAITING


def _give_up_codes(now: datetime) -> None:
    """End the codes of processes that were killed with them: whoever waited has asked for another long ago."""
    left = SmsMessage.objects.filter(state=SmsState.WAITING.value, once=True, expires_at__lte=now)
    left.update(state=SmsState.FAILED.value, done_at=now, receipt="interrupted")
