"""Accounts are made here and nowhere else: for provinces, museums and the nation's duties."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.domain.passwords import random_password
from guanshu.portal.domain.provinces import UNITS, create_provinces
from guanshu.portal.models import Account, Museum, Role

# The three duties nobody holds two of (product §1).
DUTIES = {"system": Role.SYSTEM, "security": Role.OPERATIONS, "audit": Role.AUDITOR}
# A provinces, B and C museums, D cities.
_OFFICE_USERNAME = re.compile(r"[abcd]\d{9}")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account just made and its initial password, shown once; `password` is empty when a ready hash was given."""

    account: Account
    password: str


def canonical_username(typed: str) -> str:
    """Return the one spelling of an account: A130000001 for a130000001 or full-width digits, others in lower case."""
    name = unicodedata.normalize("NFKC", typed).strip().casefold()
    return name.upper() if _OFFICE_USERNAME.fullmatch(name) else name


def is_duty_name(name: str) -> bool:
    """Return whether a national account may be called so: nothing that looks like an office's account."""
    return bool(re.fullmatch(r"[a-z][a-z0-9._-]{2,19}", name)) and not _OFFICE_USERNAME.fullmatch(name)


def create_province_accounts(
    *, actor: str, now: datetime, encoded: str | None = None, must_change: bool = True, only: str = ""
) -> list[NewAccount]:
    """Make the 32 units and the administrators' accounts of 附件3 that do not exist yet.

    only: the code of the one unit whose account is made; encoded: a ready password hash for all of them (demo), without
    it each gets a random initial password.
    """
    with transaction.atomic():
        provinces = {province.code: province for province in create_provinces()}
        existing = set(Account.objects.filter(role=Role.PROVINCE).values_list("username", flat=True))
        wanted = [
            Account(username=unit.username, role=Role.PROVINCE, province=provinces[unit.code])
            for unit in UNITS
            if unit.username not in existing and only in {"", unit.code}
        ]
        return _create(wanted, actor, now, encoded, must_change=must_change)


def create_museum_accounts(
    *, museums: Iterable[Museum], actor: str, now: datetime, encoded: str | None = None, must_change: bool = True
) -> list[NewAccount]:
    """Make the filler's (B…) and the reviewer's (C…) account of each museum, where they do not exist yet."""
    with transaction.atomic():
        museums = list(museums)
        existing = set(Account.objects.filter(museum__in=museums).values_list("museum_id", "role"))
        wanted = [
            Account(username=f"{letter}{museum.code}", role=role, museum=museum)
            for museum in museums
            for letter, role in (("B", Role.FILLER), ("C", Role.REVIEWER))
            if (museum.pk, role.value) not in existing
        ]
        return _create(wanted, actor, now, encoded, must_change=must_change)


def create_admin(
    *,
    role: str,
    username: str,
    actor: str,
    now: datetime,
    encoded: str | None = None,
    must_change: bool = True,
) -> NewAccount:
    """Make an account of one of the three national duties: `role` is system, security or audit.

    Raises ValueError for another role or a name that is taken or looks like a province's or museum's.
    """
    name = canonical_username(username)
    if role not in DUTIES:
        raise ValueError(f"unknown duty {role!r}: one of {', '.join(DUTIES)}")
    if not is_duty_name(name):
        raise ValueError("a name has 3 to 20 letters, digits, dots or dashes and begins with a letter")
    with transaction.atomic():
        if Account.objects.filter(username=name).exists():
            raise ValueError(f"the account {name} exists already")
        wanted = [Account(username=name, role=DUTIES[role])]
        return _create(wanted, actor, now, encoded, must_change=must_change)[0]


def record_login(*, account: Account, now: datetime) -> None:
    """Note a login; the first one is what the province's list shows."""
    with transaction.atomic(savepoint=False):
        if account.first_login_at is None:
            Account.objects.filter(pk=account.pk, first_login_at=None).update(first_login_at=now)
            account.first_login_at = now
        audit.record_account(account.username, account.username, "login", now)


def record_logout(*, account: Account, now: datetime) -> None:
    """Note that somebody logged out."""
    audit.record_account(account.username, account.username, "logout", now)


def _create(
    accounts: list[Account], actor: str, now: datetime, encoded: str | None, *, must_change: bool
) -> list[NewAccount]:
    made = []
    for account in accounts:
        password = "" if encoded else random_password(account.role)
        if encoded:
            account.password = encoded
        else:
            account.set_password(password)
        account.must_change_password = must_change
        account.password_at = now
        made.append(NewAccount(account, password))
    Account.objects.bulk_create(accounts)
    for account in accounts:
        audit.record_account(account.username, actor, "account_created", now, role=str(account.role))
    return made
