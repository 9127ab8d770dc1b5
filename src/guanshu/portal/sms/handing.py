"""A code handed over while somebody waits for the page: one try, with a limit to the time whatever the gateway does."""

import contextlib
import logging
import threading
import time
import uuid
from datetime import datetime
from enum import Enum

from django.conf import settings
from django.db import connection

from guanshu.portal.crypto import Undecipherable
from guanshu.portal.models import SmsMessage, SmsState
from guanshu.portal.sms.backend import Backend, Outgoing, SmsRefused, SmsTimeout, SmsUnreachable, backend
from guanshu.portal.sms.delivering import LONGEST_WORD, claim, end
from guanshu.portal.sms.health import note_failure, note_success
from guanshu.portal.sms.sending import resealed, unsealed

_log = logging.getLogger(__name__)
# However busy the machine, a gateway gets so many seconds.
_LEAST = 1.0
# Threads that wait for a gateway: one that answers nothing at all must not collect them.
_places = threading.BoundedSemaphore(16)


class Outcome(Enum):
    """What became of a code."""

    SENT = "sent"
    # No answer in time: it may have gone out.
    UNSURE = "unsure"
    # The gateway is down, full or refuses everything.
    FAILED = "failed"
    # The gateway works, but sends nothing to this number, or has sent it enough.
    NUMBER = "number"


def hand_over(pk: uuid.UUID, *, now: datetime, spent: float = 0.0) -> Outcome:
    """Send a message that goes out at once or never, and return what became of it; not inside a transaction.

    spent: seconds that whoever waits for the answer has waited already.
    """
    message = claim(pk, now=now)
    if message is None:
        # Somebody else is at it, or it is done: what became of it is theirs to tell.
        return Outcome.UNSURE
    used, began = backend(), time.monotonic()
    try:
        receipt = _send(used, unsealed(message), max(settings.GUANSHU_SMS_CHANNEL.timeout - spent, _LEAST))
    except (SmsRefused, SmsUnreachable) as trouble:
        outcome = _failed(message, trouble, now)
    except Exception as error:
        # A backend's own fault; its message may hold anything.
        outcome = _failed(message, SmsUnreachable(type(error).__name__), now)
    else:
        note_success(time.monotonic() - began)
        end(message, SmsState.SENT, receipt, now)
        outcome = Outcome.SENT
    if used.reaches_phones:
        with contextlib.suppress(Undecipherable):
            SmsMessage.objects.filter(pk=pk).update(sealed=resealed(message))
    return outcome


def _failed(message: SmsMessage, trouble: SmsRefused | SmsUnreachable, now: datetime) -> Outcome:
    _log.warning("text message %s: a code was not sent (%s)", message.pk, trouble.word[:LONGEST_WORD])
    end(message, SmsState.FAILED, trouble.word, now)
    if trouble.number:
        return Outcome.NUMBER
    note_failure(trouble.word, now, refused=isinstance(trouble, SmsRefused))
    return Outcome.UNSURE if isinstance(trouble, SmsTimeout) else Outcome.FAILED


def _send(used: Backend, message: Outgoing, patience: float) -> str:
    """Return the gateway's answer. Raises what the backend does, SmsTimeout when it takes too long."""
    if not _places.acquire(blocking=False):
        raise SmsUnreachable("too many wait")
    answers: list[str] = []
    trouble: list[Exception] = []

    def work() -> None:
        try:
            answers.append(used.send(message))
        except Exception as error:
            trouble.append(error)
        finally:
            _places.release()

    thread = threading.Thread(target=work, name="sms", daemon=True)
    if not connection.in_atomic_block:
        # Others need it while the gateway is waited for.
        connection.close_if_unusable_or_obsolete()
    thread.start()
    thread.join(patience)
    if trouble:
        raise trouble[0]
    if not answers:
        raise SmsTimeout
    return answers[0]
