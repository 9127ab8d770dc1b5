"""Running a job in the worker, telling how far it is, and bringing back those whose process was killed."""

import logging
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django_tasks import task

from guanshu.portal import clock
from guanshu.portal.domain.jobs.registry import work_of
from guanshu.portal.models import Job, JobState
from guanshu.portal.problems import OperationProblem

_log = logging.getLogger(__name__)
MOST_TRIES = 3
# How long a job waits between two words about how far it is.
_SELDOM = timedelta(seconds=0.3)
# A process that has not said anything for so long is gone.
SILENCE = timedelta(seconds=60)
_FAULT = "处理没有完成，原有数据没有变动。请稍后重试；仍不成功请联系系统管理员。"
_GONE = "处理多次中断，没有完成，原有数据没有变动。请稍后重试；仍不成功请联系系统管理员。"
# Jobs this process runs now; the ticker says for them that they are alive.
_mine: set[str] = set()
_lock = threading.Lock()


@task()
def run_job(job_id: str) -> None:
    """Run one job unless it is done or somebody else is at it; whatever happens is kept in its row."""
    found = _claim(job_id)
    if found is None:
        return
    with _lock:
        _mine.add(job_id)
    try:
        result = work_of(found.kind)(found, _Reporter(job_id))
    except OperationProblem as problem:
        _end(job_id, JobState.FAILED, message=problem.message)
    except Exception:
        _log.exception("job %s failed", found)
        _end(job_id, JobState.FAILED, message=_FAULT)
    else:
        _end(job_id, JobState.DONE, result=dict(result))
    finally:
        with _lock:
            _mine.discard(job_id)


def _claim(job_id: str) -> Job | None:
    with transaction.atomic():
        found = Job.objects.select_for_update(no_key=True).filter(pk=job_id, state=JobState.WAITING.value).first()
        if found is None:
            return None
        found.state, found.tries, found.beat_at = JobState.RUNNING.value, found.tries + 1, clock.now()
        found.save(update_fields=["state", "tries", "beat_at"])
    return found


def _end(job_id: str, state: JobState, *, message: str = "", result: Mapping[str, Any] | None = None) -> None:
    now = clock.now()
    changed: dict[str, Any] = {"state": state.value, "message": message[:200], "beat_at": now, "ended_at": now}
    if result is not None:
        changed["result"] = result
    Job.objects.filter(pk=job_id).update(**changed)


class _Reporter:
    """Writes a job's progress, at most a few times a second."""

    def __init__(self, job_id: str) -> None:
        self._job_id = job_id
        self._written: datetime | None = None

    def __call__(self, done: int, total: int, message: str = "") -> None:
        now = clock.now()
        if self._written is not None and done < total and now - self._written < _SELDOM:
            return
        self._written = now
        Job.objects.filter(pk=self._job_id).update(done=done, total=total, message=message[:200], beat_at=now)


def run_waiting() -> int:
    """Run every waiting job here and now and return how many there were (tests, and commands without a worker)."""
    ids = list(Job.objects.filter(state=JobState.WAITING.value).order_by("asked_at").values_list("pk", flat=True))
    for job_id in ids:
        run_job.call(str(job_id))
    return len(ids)


def beat(*, now: datetime) -> None:
    """Say that the jobs of this process are alive."""
    with _lock:
        mine = list(_mine)
    if mine:
        Job.objects.filter(pk__in=mine, state=JobState.RUNNING.value).update(beat_at=now)


def recover(*, now: datetime) -> int:
    """Queue the jobs again whose process was killed, give those up that were tried too often; return how many."""
    with transaction.atomic():
        silent = Job.objects.filter(state=JobState.RUNNING.value, beat_at__lt=now - SILENCE)
        found = list(silent.select_for_update(no_key=True))
        for one in found:
            if one.tries >= MOST_TRIES:
                one.state, one.message, one.ended_at = JobState.FAILED.value, _GONE, now
            else:
                one.state = JobState.WAITING.value
                run_job.enqueue(str(one.pk))
            one.save(update_fields=["state", "message", "ended_at"])
    return len(found)
