"""The worker process: takes jobs from the queue one after the other, ticks beside them, and ends after a while."""

import os
import secrets
import threading
from datetime import timedelta

from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from guanshu.portal import clock
from guanshu.portal.domain.jobs.running import beat
from guanshu.portal.domain.jobs.ticking import tick

# Typst and LibreOffice never give memory back; a fresh process has none of it.
_MOST_JOBS = 20
_NICE = 10
# Somebody looks at a page until a scan is checked.
_POLL = 0.25
_BEAT, _TICK = 10, 6
# Rows of the queue are of no use once a job has its result.
_KEEP = timedelta(days=7)


def work() -> None:
    """Run jobs until told to stop, or until it is time for a fresh process. Call it in the main thread."""
    os.nice(_NICE)
    stop = threading.Event()
    ticker = threading.Thread(target=_tick_until, args=(stop,), daemon=True)
    ticker.start()
    worker = Worker(
        queue_names=["default"],
        interval=_POLL,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=_MOST_JOBS,
        worker_id=secrets.token_hex(8),
        excluded_queue_names=[],
    )
    worker.configure_signals()
    try:
        worker.run()
    finally:
        stop.set()


def _tick_until(stop: threading.Event) -> None:
    turn = 0
    while True:
        now = clock.now()
        beat(now=now)
        if turn % _TICK == 0:
            tick(now=now)
            DBTaskResult.objects.filter(enqueued_at__lt=now - _KEEP).exclude(status="READY").delete()
        close_old_connections()
        turn += 1
        if stop.wait(_BEAT):
            return
