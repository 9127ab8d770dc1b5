"""Ending sessions: by their owner, by a newer log-in, by a changed password or role."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from guanshu.portal import audit, crypto
from guanshu.portal.models import Account, AccountSession

# Why a session is over, as the log-in page tells whoever comes back with it.
BY_OWNER, BY_LIMIT, BY_CHANGE = "owner", "limit", "change"


def end_sessions(*, account: Account, reason: str, keep: str = "") -> int:
    """End all sessions of an account but the one with the key `keep`; return how many.

    In the caller's transaction. What the sessions held is removed at once; the row stays until it runs out, to say why.
    """
    living = AccountSession.objects.filter(account=account, ended="")
    if keep:
        living = living.exclude(pk=crypto.session_mark(keep))
    return living.update(ended=reason, session_data="")


def end_session(*, account: Account, mark: str, now: datetime) -> bool:
    """End one session of one's own; return whether there was one."""
    with transaction.atomic():
        living = AccountSession.objects.filter(account=account, ended="", pk=mark)
        ended = bool(living.update(ended=BY_OWNER, session_data=""))
        if ended:
            audit.record_account(account.username, account.username, "session_ended", now, sessions=1)
    return ended


def end_others(*, account: Account, keep: str, now: datetime) -> int:
    """End all sessions of one's own but the one that is used; return how many."""
    with transaction.atomic():
        ended = end_sessions(account=account, reason=BY_OWNER, keep=keep)
        if ended:
            audit.record_account(account.username, account.username, "session_ended", now, sessions=ended)
    return ended


def keep_newest(*, account: Account, now: datetime) -> int:
    """End the oldest sessions beyond as many as an account may have (GUANSHU_SESSIONS); return how many."""
    with transaction.atomic(savepoint=False):
        # The account's row is the lock: two log-ins at once count each other.
        Account.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=account.pk)
        since = now - timedelta(minutes=settings.GUANSHU_IDLE_MINUTES)
        living = AccountSession.objects.filter(account=account, ended="", expire_date__gt=now, seen_at__gt=since)
        surplus = list(living.order_by("-made_at", "pk").values_list("pk", flat=True)[settings.GUANSHU_SESSIONS :])
        if not surplus:
            return 0
        ended = AccountSession.objects.filter(pk__in=surplus).update(ended=BY_LIMIT, session_data="")
        audit.record_account(account.username, account.username, "session_displaced", now, sessions=ended)
    return ended


def remove_old_sessions(*, now: datetime) -> int:
    """Remove the rows that have run out; return how many."""
    removed, _ = AccountSession.objects.filter(expire_date__lt=now).delete()
    return removed
