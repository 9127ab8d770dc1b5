"""Names of museums that may be one museum twice, among the register and what is being applied for."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Any

from guanshu.portal.models import Application, Museum, MuseumStatus, Province
from guanshu.survey.workflow.requests import OPEN, RequestState

_BRACKETS = re.compile(r"[(\[{【〔《「][^()\[\]{}【】〔〕《》「」]*[)\]}】〕》」]")
_MARKS = re.compile(r"[\W_]+")
# How the institution is called says nothing of which one it is; longer words first.
_KINDS = re.compile(
    "(?:青少年|数字|流动|县级|市级|省级)*(?:科学技术馆|科学技术中心|科技活动中心|科技展览馆|科技展览中心|科普活动中心|科学中心|科技中心"
    "|科普中心|科技馆|科学馆|科普馆|科学宫|科技宫)|[新旧老]馆$"
)
_NATIONS = "蒙古族|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|土家族|哈萨克族?|傣族|黎族|羌族"
_LEVELS = re.compile(f"中国|(?:{_NATIONS})*(?:特别行政区|自治区|自治州|自治县|自治旗|地区)|[省市县区盟旗]")
# From here on two names are shown to be compared; names of two or three characters differ in one by chance.
_ALIKE, _SHORT = 0.75, 3


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A museum, or an application for one, whose name is like another's. `same`: it cannot be a different one."""

    number: str
    name: str
    province: str
    standing: str
    same: bool

    def kept(self) -> dict[str, Any]:
        """Return it as an application keeps what was shown."""
        return asdict(self)


def plain_name(name: str) -> str:
    """Return a name as exact duplicates are found: one width, one case, no spaces and no marks."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", name)).casefold()


def name_key(name: str) -> str:
    """Return what tells a museum apart: its name without 市, 县, 中国, what is in brackets and the kind of institution.

    A name that has nothing else is its own key.
    """
    text = _BRACKETS.sub("", unicodedata.normalize("NFKC", name))
    text = _MARKS.sub("", text).casefold()
    key = _LEVELS.sub("", _KINDS.sub("", text))
    return key or plain_name(name)


def alike(name: str, other: str) -> bool:
    """Return whether two names may be one museum's."""
    return _alike(name_key(name), name_key(other))


def _alike(key: str, other: str) -> bool:
    if key == other:
        return True
    if min(len(key), len(other)) < _SHORT:
        return False
    found = SequenceMatcher(None, key, other, autojunk=False)
    return found.real_quick_ratio() >= _ALIKE and found.quick_ratio() >= _ALIKE and found.ratio() >= _ALIKE


def lookalikes(name: str, province: Province, *, apart: int | None = None) -> list[Lookalike]:
    """Return what has a name like this in the whole country, exact duplicates and the own province first.

    apart: the key of the application that the name is from.
    """
    key, plain = name_key(name), plain_name(name)
    found = [
        Lookalike(number, other, unit.short_name, standing, unit == province and plain_name(other) == plain)
        for number, other, unit, standing in _known(apart)
        if _alike(key, name_key(other)) or plain_name(other) == plain
    ]
    return sorted(found, key=lambda each: (not each.same, each.province != province.short_name))


def _known(apart: int | None) -> Iterator[tuple[str, str, Province, str]]:
    """Yield number, name, province and standing of open and closed museums, then of what is applied for."""
    units = Province.objects.in_bulk()
    museums = Museum.objects.order_by("province__order", "code").values_list("code", "name", "province", "status")
    for code, name, unit, status in museums:
        yield code, name, units[unit], str(MuseumStatus(status).label)
    pending = Application.objects.filter(state__in=[state.value for state in OPEN])
    if apart is not None:
        pending = pending.exclude(pk=apart)
    for number, name, unit in pending.order_by("province__order", "pk").values_list("number", "name", "province"):
        yield number, name, units[unit], f"申请中（{RequestState.AT_NATION.label}）"
