"""Applications for museum accounts: who the two people are, and what number a new museum would get."""

from collections.abc import Mapping
from typing import cast

from guanshu.portal import crypto
from guanshu.portal.models import Application, Museum, MuseumLevel, Province
from guanshu.portal.queries.people import Person

PLACE = "application"
SERIALS = 999
# 兵团 and cities that stand directly under a province have county codes themselves (659001, 429004).
_DIRECT = "90"


def people_of(application: Application) -> Mapping[str, Person]:
    """Return filler and reviewer of an application; blank where the record cannot be read."""
    return {who: _person(application, who) for who in application.people}


def _person(application: Application, who: str) -> Person:
    kept = application.people[who]
    if not crypto.is_encrypted(kept):
        return Person()
    try:
        plain = crypto.decrypt(kept, report=PLACE, address=f"{application.number} {who}")
    except crypto.Undecipherable:
        return Person()
    found = cast("dict[str, str]", plain)
    return Person(found.get("name", ""), found.get("phone", ""))


def base_of(province: Province, level: str, division: str) -> str:
    """Return the first six digits of a museum's number: the division of its level (product §1)."""
    if level == MuseumLevel.PROVINCE.value or not division:
        return province.code
    if level == MuseumLevel.COUNTY.value or division[2:4] == _DIRECT:
        return division
    return f"{division[:4]}00"


def next_code(base: str) -> str:
    """Return the next free number with these six digits, "" when there is none left. No number is used twice."""
    taken = set(Museum.objects.filter(code__startswith=base).values_list("code", flat=True))
    last = max((int(code[6:]) for code in taken), default=0)
    serials = [last + 1, *range(1, SERIALS)]
    return next((code for serial in serials if serial <= SERIALS and (code := f"{base}{serial:03d}") not in taken), "")
