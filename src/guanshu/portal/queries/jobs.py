"""Jobs as their owners watch them."""

import uuid

from django.http import Http404

from guanshu.portal.models import Account, Job


def own_job(account: Account, job_id: uuid.UUID) -> Job:
    """Return a job that this account asked for. Raises Http404, for strangers as for none."""
    found = Job.objects.filter(pk=job_id, owner=account.username).first() if account.is_active else None
    if found is None:
        raise Http404
    return found
