"""绩效目标 of a province, proposed from those its museums reported: what can be added up is, the rest is counted."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guanshu.portal.domain.filing.proposing import Proposal, make_proposal, offer_row
from guanshu.portal.queries.listed import ListReader, same_name
from guanshu.survey.values.base import Value
from guanshu.survey.values.missing import BLANK

_FIGURE = re.compile(
    r"(?P<mark>[≥≤><＞＜]|不少于|不低于|不超过|不多于)?\s*(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>\D*)"
)
# A share of one museum and a share of another make no sum.
_SHARES = re.compile(r"[%％‰]|率")


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal as a museum reported it: texts by role (indicator1 … reason)."""

    museum: str
    texts: Mapping[str, str]


def propose_goals(reader: ListReader, goals: Iterable[Goal]) -> Proposal:
    """Return the goals merged by their third-level indicator."""
    merged: dict[str, list[Goal]] = defaultdict(list)
    for goal in goals:
        name = same_name(goal.texts.get("indicator3", ""))
        if name:
            merged[name].append(goal)
    known = reader.by_name("indicator3")
    offers = []
    for name, members in merged.items():
        values, row = _merged(members), known.get(name)
        if row is not None:
            # The words are the province's; only the figures are compared.
            values = {role: values[role] for role in ("target", "actual")}
        count = len({goal.museum for goal in members})
        reasons = sum(bool(goal.texts.get("reason")) for goal in members)
        beside = (f"{count} 座馆", f"{reasons} 座" if reasons else "无")
        row_id = f"g{hashlib.sha256(name.encode()).hexdigest()[:10]}"
        offers.append(offer_row(reader, row_id, members[0].texts["indicator3"], values, known=row, beside=beside))
    return make_proposal(reader, offers, ("填报的科技馆", "写明偏差原因"), "indicator3")


def _merged(members: Sequence[Goal]) -> dict[str, Value]:
    """Return one goal out of those of several museums."""
    values: dict[str, Value] = {
        role: _commonest(goal.texts.get(role, "") for goal in members)
        for role in ("indicator1", "indicator2", "indicator3")
    }
    for role in ("target", "actual"):
        values[role] = add_up([goal.texts.get(role, "") for goal in members]) or f"{len(members)} 座馆填报"
    return {role: value or BLANK for role, value in values.items()}


def _commonest(texts: Iterable[str]) -> str:
    found = Counter(text for text in texts if text).most_common(1)
    return found[0][0] if found else ""


def add_up(texts: Sequence[str]) -> str:
    """Return the sum of figures like 「≥300 天」, "" when they are no figures of one unit or shares of something."""
    found = [_FIGURE.fullmatch(text.strip()) for text in texts]
    if not found or not all(found):
        return ""
    figures = [match for match in found if match]
    units = {same_name(match["unit"]) for match in figures}
    marks = {match["mark"] or "" for match in figures}
    if len(units) > 1 or len(marks) > 1 or any(_SHARES.search(match["unit"]) for match in figures):
        return ""
    total = sum((Decimal(match["number"].replace(",", "")) for match in figures), Decimal(0))
    mark, unit = marks.pop(), figures[0]["unit"].strip()
    return f"{mark}{total:f}{' ' if unit else ''}{unit}"
