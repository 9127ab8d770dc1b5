"""Passwords: the hasher's cost, random initial passwords, the rules for chosen ones."""

import secrets
from datetime import datetime

from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.core.exceptions import ValidationError
from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.models import Account, Role

# No 0 o 1 i l: initial passwords are read from paper and told by telephone.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
MIN_LENGTH = 10
MIN_LENGTH_NATIONAL = 15
_OFFICE_ROLES = frozenset({Role.FILLER.value, Role.REVIEWER.value, Role.PROVINCE.value, Role.CITY_VIEWER.value})


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id at the cost OWASP names: 19 MiB, two passes, one lane."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1


def min_length(role: str) -> int:
    """Return how long a password of this role must be; national accounts open every province, so theirs is longer."""
    return MIN_LENGTH if role in _OFFICE_ROLES else MIN_LENGTH_NATIONAL


def random_password(role: str) -> str:
    """Return a random password that reads unambiguously from paper."""
    length = max(12, min_length(role) + 1)
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def set_initial_password(*, account: Account, actor: str, now: datetime) -> str:
    """Give the account a random password, to be changed at its next login; return it (it is kept nowhere)."""
    password = random_password(account.role)
    with transaction.atomic():
        account.set_password(password)
        account.must_change_password = True
        account.password_at = now
        account.save(update_fields=["password", "must_change_password", "password_at"])
        _record(account, actor, "password_initial", now)
    return password


def encode_initial(role: str) -> tuple[str, str]:
    """Return a random initial password and its hash, for whoever stores it once everything else is ready."""
    password = random_password(role)
    return password, make_password(password)


def change_password(*, account: Account, password: str, now: datetime, action: str = "password_changed") -> None:
    """Store the password its owner chose; every other session of the account ends with the old hash.

    action: how it came about, for the trail.
    """
    with transaction.atomic():
        account.set_password(password)
        account.must_change_password = False
        account.password_at = now
        account.save(update_fields=["password", "must_change_password", "password_at"])
        _record(account, account.username, action, now)


def _record(account: Account, actor: str, action: str, now: datetime) -> None:
    audit.record(
        stream=f"account:{account.username}", actor=actor, action=action, object=account.username, details={}, now=now
    )


class LengthValidator:
    """At least 10 characters, 15 for national accounts."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError when the password is too short for the account's role."""
        least = min_length(user.role if user else Role.FILLER.value)
        if len(password) < least:
            raise ValidationError(f"密码太短：至少需要 {least} 个字符，现在是 {len(password)} 个。", code="too_short")

    def get_help_text(self) -> str:
        """Return the rule as the page prints it."""
        return f"至少 {MIN_LENGTH} 个字符（全国级账号至少 {MIN_LENGTH_NATIONAL} 个）。"


class OwnNameValidator:
    """The account's own name is printed on slips and public in 附件3, so it must not be the password's core."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError when the password contains the account's name or its digits."""
        name = user.username.casefold() if user else ""
        digits = "".join(character for character in name if character.isdigit())
        if any(part and part in password.casefold() for part in (name, digits)):
            raise ValidationError("密码里不能包含账号，请换一个。", code="own_name")

    def get_help_text(self) -> str:
        """Return the rule as the page prints it."""
        return "不能包含账号。"
