"""Changes of numbers by operations staff, waiting and done."""

from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from django.db.models import QuerySet

from guanshu.portal import crypto
from guanshu.portal.models import Account, PhoneChange, PhoneChangeState

PLACE = "phone change"
_MOST = 20


@dataclass(frozen=True, slots=True)
class Numbers:
    """The two numbers of a change; the old one may be ""."""

    old: str = field(repr=False)
    new: str = field(repr=False)


def numbers_of(change: PhoneChange) -> Numbers:
    """Return the numbers of a change. Raises crypto.Undecipherable."""
    plain = cast("dict[str, str]", crypto.decrypt(change.sealed, report=PLACE, address=str(change.pk)))
    return Numbers(plain["old"], plain["new"])


def _changes() -> QuerySet[PhoneChange]:
    return PhoneChange.objects.select_related("account__museum", "account__province")


def waiting_changes() -> list[PhoneChange]:
    """Return what waits for a second person, the oldest first."""
    return list(_changes().filter(state=PhoneChangeState.WAITING.value).order_by("asked_at"))


def recent_changes() -> list[PhoneChange]:
    """Return the newest changes that were decided."""
    return list(_changes().exclude(state=PhoneChangeState.WAITING.value)[:_MOST])


def changes_of(account: Account) -> list[PhoneChange]:
    """Return all changes of an account's number, the newest first."""
    return list(_changes().filter(account=account))


def change_of(pk: UUID) -> PhoneChange | None:
    """Return one change."""
    return _changes().filter(pk=pk).first()
