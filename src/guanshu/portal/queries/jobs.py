"""Jobs as their owners watch them."""

import uuid

from django.db.models import Q
from django.http import Http404

from guanshu.portal.models import Account, Job


def own_job(account: Account, job_id: uuid.UUID) -> Job:
    """Return a job that this account asked for, or that checks a scan of its museum.

    Raises Http404, for strangers as for none.
    """
    own = Q(owner=account.username)
    if account.museum_id is not None:
        own |= Q(held_scan__report__museum=account.museum_id)
    found = Job.objects.filter(own, pk=job_id).first() if account.is_active else None
    if found is None:
        raise Http404
    return found
