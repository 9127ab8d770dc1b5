"""The demo's lists: last year's as they would be imported, this year's as far as administrators have come.

Recipes lie in demo/<form of provinces>/: `last.csv` and `this.csv`; what their columns mean stands in their heads.
"""

import csv
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from guanshu.portal import clock
from guanshu.portal.access import filings
from guanshu.portal.domain.demo.members import DemoProblem
from guanshu.portal.domain.filing.importing import import_filing
from guanshu.portal.domain.filing.offering import propose
from guanshu.portal.domain.filing.proposing import changes_of
from guanshu.portal.domain.filing.saving import Change, save_filing
from guanshu.portal.models import Account, Campaign, Filing, FreeStatus, Province, Role
from guanshu.portal.queries.filings import OpenFiling, open_filing
from guanshu.portal.queries.forms import compiled
from guanshu.survey.definition.model import ListRoles, Questionnaire

_EVERYBODY, _AMOUNT = "*", "amount LOW HIGH"
_MORNING = time(9, 40)
_ZONE = ZoneInfo("Asia/Shanghai")
_NO_FREE = "本省（自治区、直辖市）尚无纳入免费开放的科技馆。"


@dataclass(frozen=True)
class Recipes:
    """Both files, line by line."""

    last: Sequence[Mapping[str, str]]
    this: Sequence[Mapping[str, str]]

    @classmethod
    def read(cls, folder: Path) -> "Recipes":
        """Return what lies in the folder."""
        return cls(_lines(folder / "last.csv"), _lines(folder / "this.csv"))


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def import_last_lists(campaign: Campaign, recipes: Recipes, now: datetime) -> None:
    """Write every province's lists of a closed year. Raises DemoProblem for a recipe no list can hold."""
    if campaign.province_form_id is None:
        return
    questionnaire = compiled(campaign.province_form_id).questionnaire
    free: dict[int, list[str]] = {}
    statuses = FreeStatus.objects.filter(year=campaign.year).order_by("museum__code")
    for province, name in statuses.values_list("museum__province", "museum__name"):
        free.setdefault(province, []).append(name)
    for filing in filings().filter(campaign=campaign):
        changes = _last_year(questionnaire, filing.province, free.get(filing.province_id, ()), recipes.last)
        problems = import_filing(filing=filing, changes=changes, now=now)
        if problems:
            raise DemoProblem(f"演示数据的上年名单有误：{filing.number} {next(iter(problems.items()))}")


def _last_year(
    questionnaire: Questionnaire, province: Province, free: Sequence[str], lines: Iterable[Mapping[str, str]]
) -> dict[str, object]:
    """Return one province's lists of last year, by address."""
    rows: dict[str, list[dict[str, str]]] = {role: [] for role in questionnaire.lists}
    for line in lines:
        if not _meant(line["province"], province):
            continue
        values = _values(line["values"], province)
        if line["list"] == "free" and _AMOUNT in values:
            rows["free"] += _free_rows(free, values[_AMOUNT])
        else:
            rows[line["list"]].append(values)
    changes: dict[str, object] = {questionnaire.roles["has_free"]: "是" if free else "否"}
    if not free:
        changes[questionnaire.roles["no_free_reason"]] = _NO_FREE
        # Both are not asked then.
        del rows["free"], rows["goals"]
    for role, found in rows.items():
        changes.update(_rows(questionnaire.lists[role], found, ()))
    return changes


def _meant(text: str, province: Province) -> bool:
    """Return whether a line is about a province: by code, or as every Nth of 附件3."""
    first, _, every = text.partition("/")
    if every:
        return province.order % int(every) == int(first) % int(every)
    return text in {_EVERYBODY, province.code}


def _values(text: str, province: Province) -> dict[str, str]:
    words = {"short": province.short_name, "unit": province.name}
    parts = (part.partition("=") for part in text.split("；") if part)
    return {name: value.format_map(words) for name, _, value in parts}


def _free_rows(names: Iterable[str], bounds: str) -> Iterator[dict[str, str]]:
    low, high = map(int, bounds.split())
    for name in names:
        chance = random.Random(f"subsidy {name}")  # noqa: S311 - no secret
        yield {"name": name, "amount": str(chance.randrange(low, high)), "is_new": "否"}


def _rows(roles: ListRoles, rows: Sequence[Mapping[str, str]], before: Sequence[str]) -> dict[str, object]:
    """Return the changes that add rows to a list (or tick it when there are none to add)."""
    if not rows:
        return {} if before else {f"{roles.table}.none": True}
    ids = [f"r{number}" for number in range(len(before) + 1, len(before) + len(rows) + 1)]
    changes: dict[str, object] = {f"{roles.table}.rows": [*before, *ids]}
    for row_id, row in zip(ids, rows, strict=True):
        changes |= {f"{roles.table}[{row_id}].{roles.columns.get(name, name)}": value for name, value in row.items()}
    return changes


def play_lists(campaign: Campaign, recipes: Recipes) -> None:
    """Do what administrators have done with this year's lists by the demo's day, each as the account it belongs to."""
    people = {account.province_id: account for account in Account.objects.filter(role=Role.PROVINCE.value)}
    for (code, day), lines in groupby(recipes.this, key=lambda line: (line["province"], line["day"])):
        on = date.fromisoformat(day)
        if on > clock.today():
            continue
        filing = filings().get(campaign=campaign, province__code=code)
        with clock.living_on(on):
            _sit(filing, people[filing.province_id], list(lines), datetime.combine(on, _MORNING, tzinfo=_ZONE))


def _sit(filing: Filing, actor: Account, lines: Sequence[Mapping[str, str]], now: datetime) -> None:
    """Save what one sitting changes, as one save."""
    opened = open_filing(filing)
    changes: dict[str, Change] = {}
    added: dict[str, list[dict[str, str]]] = {}
    for line in lines:
        values = _values(line["values"], filing.province)
        if line["step"] == "row":
            added.setdefault(line["list"], []).append(values)
        else:
            changes |= _STEPS[line["step"]](opened, line["list"], values)
    for role, rows in added.items():
        changes |= _adding(opened, role, rows)
    body = json.dumps([dict(line) for line in lines], ensure_ascii=False).encode()
    result = save_filing(
        filing=filing, actor=actor, request_id=f"demo-lists-{now:%m%d}", body=body, changes=changes, now=now
    )
    refused = {**result.problems, **result.conflicts}
    if refused:
        raise DemoProblem(f"演示数据的名单有误：{filing.number} {next(iter(refused.items()))}")


def _set(opened: OpenFiling, _role: str, values: Mapping[str, str]) -> dict[str, Change]:
    roles = opened.compiled.questionnaire.roles
    return {roles[name]: Change(None, value) for name, value in values.items()}


def _take(opened: OpenFiling, role: str, _values: Mapping[str, str]) -> dict[str, Change]:
    proposal = propose(opened, role)
    return changes_of(proposal, [offer.row for offer in proposal.offers]) if proposal is not None else {}


def _none(opened: OpenFiling, role: str, _values: Mapping[str, str]) -> dict[str, Change]:
    return {f"{opened.compiled.questionnaire.lists[role].table}.none": Change(None, new=True)}


def _adding(opened: OpenFiling, role: str, rows: Sequence[Mapping[str, str]]) -> dict[str, Change]:
    roles = opened.compiled.questionnaire.lists[role]
    before = [row.id for row in opened.answers.rows.get(roles.table, ())]
    order = f"{roles.table}.rows"
    return {
        text: Change(before if text == order else None, value) for text, value in _rows(roles, rows, before).items()
    }


_STEPS = {"set": _set, "take": _take, "none": _none}
