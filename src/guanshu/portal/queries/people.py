"""Who holds an account: the person's name and mobile number, kept encrypted. The only place that decrypts them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast

from django.db.models import QuerySet

from guanshu.portal import crypto
from guanshu.portal.models import Account, AccountHolder, Role

PLACE, HOLDER = "account", "account holder"
IMPORTED = "import"
# Where a person's name and number come from, as pages say it.
SOURCES = {
    IMPORTED: "上年报表",
    "submission": "填报人提交",
    "operations": "运维变更",
    "recall": "运维撤回",
    "handover": "更换人员",
    "application": "账号申请",
    "annex1": "信息采集表",
    "account": "建立账号",
    "command": "命令行登记",
}


@dataclass(frozen=True, slots=True)
class Person:
    """A name and eleven digits; either may be "" when nobody told."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


def person_of(account: Account) -> Person:
    """Return who holds an account; blank when nobody is on record or the record cannot be read."""
    return _unsealed(account.person, PLACE, account.username)


def _unsealed(sealed: object, place: str, address: str) -> Person:
    if not crypto.is_encrypted(sealed):
        return Person()
    try:
        plain = crypto.decrypt(sealed, report=place, address=address)
    except crypto.Undecipherable:
        return Person()
    kept = cast("dict[str, str]", plain)
    return Person(kept.get("name", ""), kept.get("phone", ""))


def accounts_with_phone(phone: str) -> QuerySet[Account]:
    """Return the accounts whose number on record is this one: one person may look after several museums."""
    return Account.objects.filter(phone_mark__in=crypto.lookups(phone))


def accounts_told(museums: Iterable[int]) -> QuerySet[Account]:
    """Return the accounts of museums whose present holder is known from anything but last year's report."""
    present = AccountHolder.objects.filter(until=None).exclude(source=IMPORTED)
    return Account.objects.filter(museum__in=list(museums), holders__in=present).only(
        "username", "role", "museum", "person"
    )


@dataclass(frozen=True, slots=True)
class Holder:
    """One line of an account's history of holders; `shown` is the masked number."""

    name: str = field(repr=False)
    shown: str
    source: str
    by: str
    reason: str
    on: date | None
    since: datetime
    until: datetime | None


def holders(account: Account) -> list[Holder]:
    """Return who held an account, the newest first."""
    return [
        Holder(
            name=_unsealed(row.sealed, HOLDER, str(row.pk)).name,
            shown=row.shown,
            source=SOURCES.get(row.source, row.source),
            by=row.by,
            reason=row.reason,
            on=row.on,
            since=row.since,
            until=row.until,
        )
        for row in AccountHolder.objects.filter(account=account)
    ]


Names = Mapping[str, Sequence[tuple[datetime, str]]]


def museum_names(museum: int) -> Names:
    """Return for each account of a museum its holders' names by when they began, the newest first; one statement."""
    found: dict[str, list[tuple[datetime, str]]] = {}
    for row in AccountHolder.objects.filter(account__museum=museum).select_related("account"):
        name = _unsealed(row.sealed, HOLDER, str(row.pk)).name
        found.setdefault(row.account.username, []).append((row.since, name))
    return found


def name_at(names: Names, username: str, at: datetime) -> str:
    """Return who held the account at that moment; "" when nobody was on record yet."""
    return next((name for since, name in names.get(username, ()) if since <= at), "")


def last_source(account: Account) -> str:
    """Return where the present holder's record comes from; "" when there is none."""
    found = AccountHolder.objects.filter(account=account, until=None).values_list("source", flat=True).first()
    return found or ""


def moved_phones(report: str) -> list[str]:
    """Return whose number changed with a submission of this report (填报人, 审核人), each once."""
    found = AccountHolder.objects.filter(about=report, moved=True).values_list("account__role", flat=True)
    return [str(Role(role).label) for role in (Role.FILLER.value, Role.REVIEWER.value) if role in set(found)]
