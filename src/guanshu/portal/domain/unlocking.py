"""解除锁定: wrong log-ins of an account no longer count."""

from datetime import datetime

from axes.models import AccessAttempt
from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.domain.throttling import lift
from guanshu.portal.models import Account, Role
from guanshu.portal.problems import NotYours


def unlock_account(*, account: Account, actor: Account, now: datetime) -> int:
    """Forget an account's wrong log-ins, from wherever they came; return from how many places. Raises NotYours."""
    if actor.role != Role.OPERATIONS.value:
        raise NotYours
    with transaction.atomic():
        places: int = AccessAttempt.objects.filter(username=account.username).count()
        lift(username=account.username)
        audit.record(
            stream=f"account:{account.username}",
            actor=actor.username,
            action="unlocked",
            object=account.username,
            details={"places": places},
            now=now,
        )
    return places
