"""What the province has looked at: said with a button, and known of whatever it decided on."""

from datetime import date, datetime

from django.db import transaction

from guanshu.portal.domain.reporting.locking import Locked, lock
from guanshu.portal.models import Account, Report, ReportLook
from guanshu.portal.queries.standing import Operation


def mark_looked(*, report: Report, actor: Account, now: datetime, today: date | None = None) -> ReportLook:
    """Note that the actor's side has looked at the report as it is now. Raises NotYours, WrongState."""
    with transaction.atomic():
        locked = lock(report, actor, now=now, today=today)
        locked.require(Operation.LOOK)
        look = keep_look(locked)
        locked.note(Operation.LOOK.value, version=look.version, saves=look.saves)
    return look


def keep_look(locked: Locked) -> ReportLook:
    """Keep that the actor's side has looked at the version the report stands on; the caller holds the lock."""
    report = locked.report
    look, _ = ReportLook.objects.update_or_create(
        report=report,
        side=locked.actor.value,
        version=report.version,
        defaults={"saves": report.saves, "by": locked.account.username, "looked_at": locked.moment},
    )
    return look
