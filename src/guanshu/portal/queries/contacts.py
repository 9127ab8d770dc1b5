"""The province's contact log: whom it reached in a museum, when, with what result."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from guanshu.portal import crypto
from guanshu.portal.models import ContactLog, ContactResult, Museum

PLACE = "contact"


@dataclass(frozen=True, slots=True)
class Contact:
    """One line of the log."""

    on: date
    result: str
    by: str
    who: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


def contacts_with(museum: Museum) -> list[Contact]:
    """Return a museum's log, the newest first."""
    return [_contact(row) for row in ContactLog.objects.filter(museum=museum)]


def last_contacts(museums: Iterable[int]) -> dict[int, Contact]:
    """Return the newest contact of each museum (by its key) that has one, without names and notes; one statement."""
    found: dict[int, Contact] = {}
    rows = ContactLog.objects.filter(museum__in=list(museums)).values_list("museum", "on", "result", "by")
    for museum, on, result, by in rows:
        found.setdefault(museum, Contact(on, str(ContactResult(result).label), by))
    return found


def _contact(row: ContactLog) -> Contact:
    try:
        plain = cast("dict[str, str]", crypto.decrypt(row.sealed, report=PLACE, address=str(row.pk)))
    except crypto.Undecipherable:
        plain = {}
    return Contact(row.on, row.get_result_display(), row.by, plain.get("who", ""), plain.get("note", ""))
