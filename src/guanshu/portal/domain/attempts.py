"""Failed log-ins on record: the first at once, those that follow counted and recorded together.

However often somebody tries, an account's stream gets one record a quarter of an hour; none is lost from the count.
What was typed as the name of no account is kept nowhere: people type passwords there.
"""

from datetime import datetime, timedelta

from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.domain.accounts import canonical_username
from guanshu.portal.domain.jobs.ticking import every_minute
from guanshu.portal.models import Account, FailureCount

WINDOW = timedelta(minutes=15)
_LONGEST = 40


def record_failed_login(*, typed: str, now: datetime) -> None:
    """Count a failed log-in with this account name, and record it when none was recorded lately."""
    name = canonical_username(typed[:_LONGEST].replace("\x00", ""))
    known = Account.objects.filter(username=name).exists()
    with transaction.atomic():
        row = _locked(name if known else "", now)
        row.count += 1
        if now - row.since >= WINDOW:
            _write(row, now)
        FailureCount.objects.filter(pk=row.pk).update(count=row.count, since=row.since)


def record_counted(*, account: Account, now: datetime) -> None:
    """Record what was counted of an account: it has logged in, and what went before belongs before that."""
    with transaction.atomic(savepoint=False):
        row = FailureCount.objects.select_for_update(no_key=True).filter(account=account.username, count__gt=0).first()
        if row is not None:
            _write(row, now)
            FailureCount.objects.filter(pk=row.pk).update(count=0, since=now)


@every_minute
def record_old_counts(*, now: datetime) -> None:
    """Record what was counted in windows that are over."""
    with transaction.atomic():
        over = FailureCount.objects.filter(count__gt=0, since__lte=now - WINDOW).order_by("account")
        for row in over.select_for_update(no_key=True):
            _write(row, now)
            FailureCount.objects.filter(pk=row.pk).update(count=0, since=now)


def _locked(account: str, now: datetime) -> FailureCount:
    # A new row's window is long over, so that the first failure is recorded at once.
    FailureCount.objects.get_or_create(account=account, defaults={"since": now - WINDOW})
    return FailureCount.objects.select_for_update(no_key=True).get(account=account)


def _write(row: FailureCount, now: datetime) -> None:
    audit.record(
        stream=f"account:{row.account}" if row.account else "system",
        actor="",
        action="login_failed" if row.account else "login_failed_unknown",
        object=row.account,
        details={"times": row.count},
        now=now,
    )
    row.count, row.since = 0, now
