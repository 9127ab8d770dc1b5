"""Makes the demo, all of it or nothing: a half-made one would look like a broken system."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

import guanshu
from guanshu.portal import audit, clock
from guanshu.portal.domain.accounts import create_admin, create_museum_accounts, create_province_accounts, record_login
from guanshu.portal.domain.campaigns import Calendar, open_campaign
from guanshu.portal.domain.demo.password import encoded_demo_password
from guanshu.portal.domain.demo.places import Place, places
from guanshu.portal.domain.demo.reports import Drawn, Recipes, draw_report, partly, slip
from guanshu.portal.domain.importing import Source, import_organisations
from guanshu.portal.domain.maintenance.database import DEMO_EVENT, is_demo
from guanshu.portal.domain.questionnaires import publish_questionnaire
from guanshu.portal.domain.saving import Change, SaveResult, save_answers
from guanshu.portal.models import Account, Campaign, FreeStatus, Museum, Province, Report, Role
from guanshu.portal.queries.forms import compiled
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.interchange.reading import Organisation
from guanshu.survey.loading import read_folder

FORM = "museum-2022"
YEAR = 2022
_CALENDAR = Calendar(date(2023, 1, 1), date(2023, 1, 15), date(2023, 2, 10), date(2023, 2, 20), date(2023, 2, 25))
_LAST_CALENDAR = Calendar(date(2022, 1, 1), date(2022, 1, 20), date(2022, 2, 15), date(2022, 2, 25), date(2022, 2, 28))
# How far museums have come, in turn; the first is the one the guides speak of.
_PROGRESS = (50, 100, 0, 96, 30, 100, 72, 90, 100, 0, 15, 100, 98, 60)
# One museum in so many: is not in the free-opening programme, has no last year, made mistakes.
_NOT_FREE, _NEW, _MISTAKEN = 5, 9, 4
_EXPLANATION = "已核对原始凭证，数据属实（演示说明）。"


class DemoProblem(Exception):  # noqa: N818 - names the case, as callers read it
    """Raised when the demo must not be made here; the message is a Chinese sentence."""


@dataclass(frozen=True)
class _Member:
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


def make_demo(*, museums: int, now: datetime) -> int:
    """Fill an empty database with the demo and return the number of museums; 0 when it was made before.

    Raises DemoProblem outside demo mode and on a database that holds anything else.
    """
    if not settings.DEMO:
        raise DemoProblem("演示数据只能在演示模式（GUANSHU_DEMO=1）下建立。")
    if is_demo():
        return 0
    if Account.objects.exists():
        raise DemoProblem("这个数据库里已有账号，不是空的，不能建立演示数据。")
    if museums < 1:
        raise DemoProblem("科技馆个数至少为 1。")
    root = Path(guanshu.__file__).resolve().parents[2]
    recipes = Recipes.read(root / "demo" / FORM)
    with transaction.atomic():
        audit.record(stream="system", actor="", action=DEMO_EVENT, object=FORM, details={"museums": museums}, now=now)
        version = publish_questionnaire(files=read_folder(root / "questionnaires" / FORM), now=now)
        members = _make_register(museums, now)
        this, last = (
            open_campaign(year=year, questionnaire=version, calendar=calendar, now=now, closed=year < YEAR)
            for year, calendar in ((YEAR, _CALENDAR), (YEAR - 1, _LAST_CALENDAR))
        )
        questionnaire = compiled(version.pk).questionnaire
        before = {member.index: _draw(questionnaire, recipes, member, YEAR - 1, None) for member in members}
        _import_last_year(last, questionnaire, members, before, now)
        if clock.today() >= this.opens_on:
            for member in members:
                _fill(this, _draw(questionnaire, recipes, member, YEAR, before[member.index]), recipes, member, now)
    return len(members)


def _make_register(count: int, now: datetime) -> list[_Member]:
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
        FreeStatus(museum=member.museum, year=year) for member in members if member.free for year in (YEAR - 1, YEAR)
    )
    create_museum_accounts(museums=museums.values(), actor="", now=now, encoded=encoded, must_change=False)
    for role, name in (("system", "national"), ("audit", "auditor")):
        create_admin(role=role, username=name, actor="", now=now, encoded=encoded, must_change=False)
    return members


def _member(index: int, place: Place, museum: Museum) -> _Member:
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
    return _Member(place, museum, facts, index)


def _draw(questionnaire: Questionnaire, recipes: Recipes, member: _Member, year: int, last: Drawn | None) -> Drawn:
    return draw_report(questionnaire, recipes, member.facts, year, last)


def _import_last_year(
    campaign: Campaign,
    questionnaire: Questionnaire,
    members: Sequence[_Member],
    drawn: Mapping[int, Drawn],
    now: datetime,
) -> None:
    """Give most museums a report of last year, the way real ones are imported."""
    names = {name for name, cell in questionnaire.cells.items() if cell.typed}
    names |= {f"{table.name}.none" for table in questionnaire.tables} | {f"{t.number}.na" for t in questionnaire.tables}
    rows = frozenset(name for report in drawn.values() for name in report.rows)
    organisations = (
        Organisation(member.museum.code, 0, drawn[member.index].answers(), ())
        for member in members
        if member.index % _NEW != _NEW - 1
    )
    result = import_organisations(
        campaign=campaign, source=Source("demo", frozenset(names), rows), organisations=organisations, now=now
    )
    if result.errors:
        raise DemoProblem(f"演示数据的上年报表有误：{result.errors[0]}")


def _fill(campaign: Campaign, drawn: Drawn, recipes: Recipes, member: _Member, now: datetime) -> None:
    """Type the museum's figures as its filler would, as far as it has come."""
    percent = _PROGRESS[member.index % len(_PROGRESS)]
    if not percent:
        return
    filler = Account.objects.get(museum=member.museum, role=Role.FILLER.value)
    record_login(account=filler, now=now)
    report = Report.objects.get(campaign=campaign, museum=member.museum)
    tables = drawn.changes() if percent == 100 else partly(drawn.changes(), percent, member.chance)
    if member.index % _MISTAKEN == 0:
        tables = slip(tables, drawn, recipes.slips, member.chance)
    result = None
    for number, changes in enumerate(_saves(tables, one_by_one=member.index == 0), 1):
        result = _save(report, filler, number, changes, now)
    # Those who have finished have also answered for what was asked.
    if result is not None and percent == 100 and member.index % 2:
        asked = [(finding.key, _EXPLANATION) for finding in result.opened.evaluation.findings if finding.open]
        if asked:
            _save(report, filler, 99, asked, now)


def _saves(
    tables: Sequence[Sequence[tuple[str, object]]], *, one_by_one: bool
) -> Iterator[Sequence[tuple[str, object]]]:
    """Yield what is saved at once: a table, or (much faster) everything."""
    if one_by_one:
        yield from tables
    elif tables:
        yield [change for table in tables for change in table]


def _save(
    report: Report, filler: Account, number: int, changes: Sequence[tuple[str, object]], now: datetime
) -> SaveResult:
    body = json.dumps(changes, ensure_ascii=False).encode()
    result = save_answers(
        report=report,
        actor=filler,
        request_id=f"demo-{number}",
        body=body,
        changes={address: Change(None, new) for address, new in changes},
        now=now,
    )
    refused = {**result.problems, **result.conflicts}
    if refused:
        raise DemoProblem(f"演示数据有误：{report.number} {next(iter(refused.items()))}")
    return result
