"""Asking for a job."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from guanshu.portal.domain.jobs.running import run_job
from guanshu.portal.models import Account, Job, JobState


def start_job(
    *, kind: str, key: str, actor: Account | None, arguments: Mapping[str, Any], now: datetime, urgent: bool = False
) -> Job:
    """Ask for a piece of work and return its row.

    The row and its place in the queue belong to the caller's transaction when there is one: what is rolled back was
    never asked for. The same kind and key twice is the same job; one that failed is tried again from the beginning.
    urgent: somebody looks on, so it is taken before what waits in the queue.
    """
    with transaction.atomic():
        defaults = {"owner": actor.username if actor else "", "arguments": dict(arguments), "asked_at": now}
        found, made = Job.objects.get_or_create(kind=kind, key=key, defaults=defaults)
        if not made:
            found = Job.objects.select_for_update(no_key=True).get(pk=found.pk)
            if found.state != JobState.FAILED.value:
                return found
            for name, value in {**defaults, **_AFRESH}.items():
                setattr(found, name, value)
            found.save()
        run_job.using(priority=_URGENT if urgent else 0).enqueue(str(found.pk))
    return found


_URGENT = 50
_AFRESH = {"state": JobState.WAITING.value, "tries": 0, "done": 0, "total": 0, "message": "", "ended_at": None}
