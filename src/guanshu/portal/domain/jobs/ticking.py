"""What happens by itself, once a minute, beside the worker."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from guanshu.portal.domain.jobs.running import beat, recover

_log = logging.getLogger(__name__)


class Tick(Protocol):
    """Something done every minute. Several processes may do it at once, so it must not matter how often it is done."""

    def __call__(self, *, now: datetime) -> object:
        """Do it."""


_TICKS: list[Tick] = [recover]


def every_minute(function: Tick) -> Tick:
    """Register a function to be called once a minute (its module is to be named in `kinds.py`)."""
    _TICKS.append(function)
    return function


def tick(*, now: datetime, failed: Callable[[BaseException], None] | None = None) -> None:
    """Do everything that is due; what fails is logged (and told to `failed`) and does not keep the rest from it."""
    from guanshu.portal.domain.jobs import kinds  # noqa: F401 - it registers them

    beat(now=now)
    for function in _TICKS:
        try:
            function(now=now)
        except Exception as error:
            _log.exception("a tick failed")
            if failed is not None:
                failed(error)
