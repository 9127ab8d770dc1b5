"""Where the demo's museums stand: real places of the list of divisions, names marked 「（演示）」."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest

from stdnum import numdb

from guanshu.portal.domain.provinces import UNITS, Unit
from guanshu.portal.models import MuseumLevel

# The prefecture every guide and test of the demo speaks of comes first, then its neighbours.
_FIRST = "130600"
_HOME_COUNTIES = 3
_CORPS = "66"
_CORPS_CITIES = "6590"
# The head office of the corps is in its region's capital.
_CORPS_SEAT = "650100"
_NO_PLACE = re.compile(r"市辖区|^县$|直辖|^省|^自治区")


@dataclass(frozen=True, slots=True)
class Place:
    """One museum to be: six digits of its level, the place's name, its unit (附件3), prefecture and county."""

    code: str
    name: str
    level: MuseumLevel
    unit: str
    city: str
    division: str

    @property
    def museum_name(self) -> str:
        """Return the museum's name."""
        kind = "科学技术馆" if self.level is MuseumLevel.PROVINCE else "科技馆"
        return f"{self.name}{kind}（演示）"


def places(count: int) -> list[Place]:
    """Return the first so many places: one prefecture, all units, its neighbours, prefectures, counties in turn."""
    found: dict[str, Place] = {}
    for place in _in_order():
        if len(found) == count:
            break
        found.setdefault(place.code, place)
    return list(found.values())


def _in_order() -> Iterator[Place]:
    units = {unit.code[:2]: unit for unit in UNITS}
    home = _FIRST[:2]
    neighbours = list(_cities(units[home]))
    yield next(place for place in neighbours if place.code == _FIRST)
    yield from (_province(unit) for unit in UNITS)
    yield from neighbours
    yield from list(_counties(units[home], _FIRST))[:_HOME_COUNTIES]
    yield from _in_turn([_cities(unit) for unit in UNITS])
    yield from _in_turn([_counties(unit) for unit in UNITS])


def _in_turn(lists: Sequence[Iterator[Place]]) -> Iterator[Place]:
    return (place for place in chain.from_iterable(zip_longest(*lists)) if place is not None)


@cache
def _name(code: str) -> str:
    """Return the present name of a division, "" if there is none."""
    found = numdb.get("cn/loc").info(code)
    parts = found[-1][1].get("county", "").split(",") if len(found) > 1 else []
    now = [re.sub(r"^\[[^]]*\]", "", part) for part in parts if not re.match(r"\[\d*-\d+\]", part)]
    return now[-1] if now and not _NO_PLACE.search(now[-1]) else ""


def _counties_of(prefecture: str) -> list[str]:
    return [code for number in range(1, 100) if _name(code := f"{prefecture[:4]}{number:02d}")]


def _province(unit: Unit) -> Place:
    digits = unit.code[:2]
    if digits == _CORPS:
        name, city = unit.name.removesuffix("科协"), _CORPS_CITIES + "01"
        return Place(unit.code, name, MuseumLevel.PROVINCE, unit.code, _name(_CORPS_SEAT), city)
    capital = f"{digits}0100"
    name = numdb.get("cn/loc").info(unit.code)[0][1]["province"]
    return Place(unit.code, name, MuseumLevel.PROVINCE, unit.code, _name(capital) or name, _counties_of(capital)[0])


def _cities(unit: Unit) -> Iterator[Place]:
    """Yield a unit's prefectures; the corps has its cities instead, municipalities have none."""
    digits = unit.code[:2]
    if digits == _CORPS:
        for code in _counties_of(_CORPS_CITIES):
            yield Place(code, _name(code), MuseumLevel.CITY, unit.code, _name(code), code)
        return
    for number in range(1, 100):
        code = f"{digits}{number:02d}00"
        if _name(code):
            counties = _counties_of(code)
            yield Place(code, _name(code), MuseumLevel.CITY, unit.code, _name(code), counties[0] if counties else code)


def _counties(unit: Unit, only: str = "") -> Iterator[Place]:
    digits = unit.code[:2]
    for prefecture in [only] if only else [f"{digits}{number:02d}00" for number in range(1, 100)]:
        if digits == _CORPS or prefecture[:4] == _CORPS_CITIES:
            continue
        for code in _counties_of(prefecture):
            yield Place(code, _name(code), MuseumLevel.COUNTY, unit.code, _name(prefecture) or _name(code), code)
