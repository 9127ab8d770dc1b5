"""The demo's museums: their places, accounts and what recipes may know about them."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from guanshu.portal.domain.accounts import create_admin, create_museum_accounts, create_province_accounts
from guanshu.portal.domain.demo.password import encoded_demo_password
from guanshu.portal.domain.demo.places import Place, places
from guanshu.portal.models import FreeStatus, Museum, Province

# One museum in so many is not in the free-opening programme.
_NOT_FREE = 5


class DemoProblem(Exception):  # noqa: N818 - names the case, as callers read it
    """Raised when the demo must not or cannot be made; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Member:
    """One museum of the demo with what recipes may know about it."""

    place: Place
    museum: Museum
    facts: Mapping[str, str]
    index: int

    @property
    def free(self) -> bool:
        """Return whether it is in the free-opening programme."""
        return self.index % _NOT_FREE != _NOT_FREE - 1

    @property
    def chance(self) -> random.Random:
        """Return the museum's own source of chance."""
        return random.Random(f"progress {self.museum.code}")  # noqa: S311 - no secret


def make_register(count: int, *, years: Sequence[int], now: datetime) -> list[Member]:
    """Make units, museums and all accounts; one hash serves them all."""
    encoded = encoded_demo_password()
    create_province_accounts(actor="", now=now, encoded=encoded, must_change=False)
    provinces = {province.code: province for province in Province.objects.all()}
    found = places(count)
    Museum.objects.bulk_create(
        Museum(
            code=f"{place.code}001",
            name=place.museum_name,
            province=provinces[place.unit],
            city=place.city,
            division=place.division,
            level=place.level.value,
        )
        for place in found
    )
    museums = {museum.code: museum for museum in Museum.objects.select_related("province")}
    members = [_member(index, place, museums[f"{place.code}001"]) for index, place in enumerate(found)]
    FreeStatus.objects.bulk_create(
        FreeStatus(museum=member.museum, year=year) for member in members if member.free for year in years
    )
    create_museum_accounts(museums=museums.values(), actor="", now=now, encoded=encoded, must_change=False)
    for role, name in (("system", "national"), ("audit", "auditor"), ("security", "operations")):
        create_admin(role=role, username=name, actor="", now=now, encoded=encoded, must_change=False)
    return members


def _member(index: int, place: Place, museum: Museum) -> Member:
    facts = {
        "code": museum.code,
        "name": museum.name,
        "short": museum.name.removesuffix("（演示）"),
        "level": museum.level,
        "free": "no" if index % _NOT_FREE == _NOT_FREE - 1 else "yes",
        "city": place.city,
        "division": place.division,
        "supervisor": f"{place.name}科学技术协会",
        "serial": f"{index + 1:04d}",
    }
    return Member(place, museum, facts, index)
