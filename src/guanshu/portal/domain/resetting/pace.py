"""Answers that leave together: nobody is to tell from the time whether an account exists."""

import math
import time

from django.db import connection

from guanshu.portal.sms import usual_seconds

# Answers leave at these beats only; what differs between accounts (some statements, milliseconds) is far less.
BEAT = 0.25


def as_if_sent() -> None:
    """Wait as long as one of the last codes took to hand over."""
    _wait(usual_seconds())


def leave_together(began: float) -> None:
    """Wait for the next beat since `began` (of time.monotonic)."""
    if BEAT <= 0:
        return
    passed = time.monotonic() - began
    _wait(max(math.ceil(passed / BEAT), 1) * BEAT - passed)


def _wait(seconds: float) -> None:
    if seconds <= 0:
        return
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    time.sleep(seconds)
