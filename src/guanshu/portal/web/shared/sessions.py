"""The session engine: rows that know their account, found by the hash of their key, over after thirty idle minutes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import IntegrityError, transaction

from guanshu.portal import clock, crypto
from guanshu.portal.models import AccountSession

# Who came from where, kept in the session's data because every save writes the whole row.
ORIGIN = "origin"
_TOUCH_AFTER = timedelta(minutes=1)


class SessionStore(DatabaseStore):
    """Django's sessions in the database with an account, an end and a last activity."""

    # Of Django's class; its stubs leave them out.
    _get_new_session_key: Callable[[], str]
    _get_session: Callable[..., dict[str, Any]]

    seen_at: datetime | None = None
    made_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[AccountSession]:
        """Return the model of the rows."""
        return AccountSession

    def _get_session_from_db(self) -> AccountSession | None:
        key = self.session_key
        row = _living(key) if key else None
        if row is None:
            self._session_key = None
            return None
        self.seen_at, self.made_at = row.seen_at, row.made_at
        return row

    def exists(self, session_key: str) -> bool:
        """Return whether the key is taken, by a living session or one that has ended."""
        return AccountSession.objects.filter(pk=crypto.session_mark(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> AccountSession:
        """Return the row of this session with these data."""
        now, origin = clock.now(), data.get(ORIGIN, {})
        key = self.session_key
        if key is None:
            key = self._session_key = self._get_new_session_key()
        self.made_at = self.made_at or now
        return AccountSession(
            session_key=crypto.session_mark(key),
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            account_id=int(data[SESSION_KEY]) if SESSION_KEY in data else None,
            made_at=self.made_at,
            seen_at=now,
            address=origin.get("address", ""),
            agent=origin.get("agent", ""),
        )

    def save(self, must_create: bool = False) -> None:
        """Write the row; one that was ended meanwhile stays ended. Raises CreateError, UpdateError."""
        if self.session_key is None:
            self.create()
            return
        row = self.create_model_instance(self._get_session(no_load=must_create))
        if must_create:
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
            except IntegrityError:
                raise CreateError from None
            return
        kept = {name: getattr(row, name) for name in ("session_data", "expire_date", "account_id", "address", "agent")}
        if not AccountSession.objects.filter(pk=row.pk, ended="").update(**kept, seen_at=row.seen_at):
            raise UpdateError
        self.seen_at = row.seen_at

    def cycle_key(self) -> None:
        """Go on under a new key: a new row, made now."""
        self.made_at = None
        super().cycle_key()

    def delete(self, session_key: str | None = None) -> None:
        """Remove the row of a key, or of this session."""
        key = session_key or self.session_key
        if key:
            AccountSession.objects.filter(pk=crypto.session_mark(key)).delete()


def touch(session: Any, now: datetime) -> None:
    """Note a request of a session; at most one write a minute."""
    if session.session_key and session.seen_at is not None and now - session.seen_at >= _TOUCH_AFTER:
        session.seen_at = now
        AccountSession.objects.filter(pk=crypto.session_mark(session.session_key), ended="").update(seen_at=now)


def seconds_left(session: Any, now: datetime) -> int:
    """Return for how many seconds the session lives on without another request."""
    seen = getattr(session, "seen_at", None)
    if seen is None:
        return 0
    idle = seen + timedelta(minutes=settings.GUANSHU_IDLE_MINUTES)
    return max(0, int((min(idle, session.get_expiry_date()) - now).total_seconds()))


def why_ended(key: str | None) -> str:
    """Return why the session of a cookie is over: the word kept in its row, "idle", or "" when nothing is known."""
    if not key or len(key) > 64:
        return ""
    row = AccountSession.objects.filter(pk=crypto.session_mark(key), account__isnull=False).first()
    if row is None:
        return ""
    return row.ended or ("idle" if row.expire_date > clock.now() else "expired")


def _living(key: str) -> AccountSession | None:
    now = clock.now()
    since = now - timedelta(minutes=settings.GUANSHU_IDLE_MINUTES)
    found = AccountSession.objects.filter(pk=crypto.session_mark(key), ended="", expire_date__gt=now)
    return found.filter(seen_at__gt=since).first()
