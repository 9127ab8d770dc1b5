"""「登录设备」: an account's own sessions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from guanshu.portal import crypto
from guanshu.portal.models import Account, AccountSession


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session as its owner sees it; `mark` names it, and opens nothing."""

    mark: str
    made_at: datetime
    seen_at: datetime
    address: str
    agent: str
    own: bool


def sessions_of(account: Account, key: str | None, now: datetime) -> list[SessionRow]:
    """Return the living sessions, newest log-in first; `own` is the one with this key."""
    since = now - timedelta(minutes=settings.GUANSHU_IDLE_MINUTES)
    living = AccountSession.objects.filter(account=account, ended="", expire_date__gt=now, seen_at__gt=since)
    own = crypto.session_mark(key) if key else ""
    rows = living.order_by("-made_at", "pk").defer("session_data")
    return [SessionRow(row.pk, row.made_at, row.seen_at, row.address, row.agent, row.pk == own) for row in rows]
