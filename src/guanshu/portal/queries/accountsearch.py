"""Finding accounts for those who look after them: by account, by the office's name, by the exact number."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from guanshu.portal.access import accounts_within
from guanshu.portal.models import Account
from guanshu.portal.queries.people import accounts_with_phone
from guanshu.survey.values.base import ValueProblem
from guanshu.survey.values.contacts import MobileType

MOST = 50


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found; by_phone: whether it was for a number; more: whether there is more than is shown."""

    accounts: list[Account]
    by_phone: bool = False
    more: bool = False


def find_accounts(actor: Account, text: str) -> Found:
    """Return the accounts within the actor's business that a text means; none for an empty one."""
    if not text:
        return Found([])
    number = _number(text)
    everybody = accounts_with_phone(number) if number else _named(text)
    mine = everybody.filter(accounts_within(actor)).select_related("museum__province", "province")
    found = list(mine.order_by("username")[: MOST + 1])
    return Found(found[:MOST], bool(number), len(found) > MOST)


def _named(text: str) -> QuerySet[Account]:
    offices = Q(museum__name__icontains=text) | Q(province__name__icontains=text)
    return Account.objects.filter(Q(username__icontains=text) | offices)


def _number(text: str) -> str:
    """Return the eleven digits a text is, "" for any other text."""
    try:
        value = MobileType().parse(text)
    except ValueProblem:
        return ""
    return value if isinstance(value, str) else ""
