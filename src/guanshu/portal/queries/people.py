"""Who holds an account: the person's name and mobile number, kept encrypted. The only place that decrypts them."""

from dataclasses import dataclass, field
from typing import cast

from django.db.models import QuerySet

from guanshu.portal import crypto
from guanshu.portal.models import Account

PLACE = "account"


@dataclass(frozen=True, slots=True)
class Person:
    """A name and eleven digits; either may be "" when nobody told."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


def person_of(account: Account) -> Person:
    """Return who holds an account; blank when nobody is on record or the record cannot be read."""
    if not crypto.is_encrypted(account.person):
        return Person()
    try:
        plain = crypto.decrypt(account.person, report=PLACE, address=account.username)
    except crypto.Undecipherable:
        return Person()
    kept = cast("dict[str, str]", plain)
    return Person(kept.get("name", ""), kept.get("phone", ""))


def accounts_with_phone(phone: str) -> QuerySet[Account]:
    """Return the accounts whose number on record is this one: one person may look after several museums."""
    return Account.objects.filter(phone_mark__in=crypto.lookups(phone))
