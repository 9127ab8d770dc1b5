"""Passwords: the hasher and its limits, random initial passwords, changes."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.domain.passwordrules import REMEMBERED, min_length, strict_profile
from guanshu.portal.domain.sessions import BY_CHANGE, end_sessions
from guanshu.portal.models import Account, UsedPassword
from guanshu.portal.problems import Busy

# No 0 o 1 i l: initial passwords are read from paper and told by telephone.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
# A hash takes 9 MiB and a core for 30 ms: more than four at once a process would only wait for each other.
HASHES_AT_ONCE = 4
LONGEST_WAIT = 5.0
_hashing = threading.BoundedSemaphore(HASHES_AT_ONCE)


@contextmanager
def _a_place() -> Iterator[None]:
    """Wait for a place to hash in. Raises Busy after five seconds."""
    if not _hashing.acquire(timeout=LONGEST_WAIT):
        raise Busy
    try:
        yield
    finally:
        _hashing.release()


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id at a cost OWASP names: 9 MiB, four passes, one lane (docs/decisions/0021)."""

    time_cost = 4
    memory_cost = 9216
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Return the hash. Raises Busy when too many are at it."""
        with _a_place():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether the password fits. Raises Busy when too many are at it."""
        with _a_place():
            return super().verify(password, encoded)


def random_password(role: str) -> str:
    """Return a random password that reads unambiguously from paper."""
    length = max(12, min_length(role) + 1)
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def set_initial_password(*, account: Account, actor: str, now: datetime) -> str:
    """Give the account a random password, to be changed at its next login; return it (it is kept nowhere)."""
    password = random_password(account.role)
    # Hashing waits for its turn, and nobody should wait for this transaction meanwhile.
    account.set_password(password)
    with transaction.atomic():
        account.must_change_password = True
        account.password_at = now
        account.save(update_fields=["password", "must_change_password", "password_at"])
        end_sessions(account=account, reason=BY_CHANGE)
        audit.record_account(account.username, actor, "password_initial", now)
    return password


def encode_initial(role: str) -> tuple[str, str]:
    """Return a random initial password and its hash, for whoever stores it once everything else is ready."""
    password = random_password(role)
    return password, make_password(password)


def change_password(*, account: Account, password: str, now: datetime, action: str = "password_changed") -> None:
    """Store the password its owner chose; the account's sessions end (the view goes on with a new one).

    action: how it came about, for the trail.
    """
    before = account.password
    account.set_password(password)
    with transaction.atomic():
        account.must_change_password = False
        account.password_at = now
        account.save(update_fields=["password", "must_change_password", "password_at"])
        _remember(account, before, now)
        end_sessions(account=account, reason=BY_CHANGE)
        audit.record_account(account.username, account.username, action, now)


def _remember(account: Account, before: str, now: datetime) -> None:
    """Keep the hash of the password before, as long as the 等保 profile wants it; without the profile keep none."""
    used = UsedPassword.objects.filter(account=account)
    if not strict_profile():
        used.delete()
        return
    if before:
        UsedPassword.objects.create(account=account, hash=before, at=now)
    kept = used.order_by("-pk").values_list("pk", flat=True)[:REMEMBERED]
    used.exclude(pk__in=list(kept)).delete()
