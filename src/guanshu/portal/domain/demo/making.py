"""Makes the demo, all of it or nothing: a half-made one would look like a broken system."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

import guanshu
from guanshu.portal import audit, clock
from guanshu.portal.domain import vault
from guanshu.portal.domain.campaigns import Calendar, open_campaign
from guanshu.portal.domain.configuring import Settings, configure_campaign
from guanshu.portal.domain.demo import lists, offices
from guanshu.portal.domain.demo.members import DemoProblem, Member, make_register
from guanshu.portal.domain.demo.playing import Player, Trace
from guanshu.portal.domain.demo.reports import Drawn, Recipes, draw_report
from guanshu.portal.domain.demo.season import Season, moments
from guanshu.portal.domain.importing import Source, import_organisations
from guanshu.portal.domain.maintenance.database import DEMO_EVENT, is_demo
from guanshu.portal.domain.questionnaires import publish_questionnaire
from guanshu.portal.domain.reminding import send_due_reminders
from guanshu.portal.models import Account, Campaign, Report, Role
from guanshu.portal.queries.campaigns import DATES
from guanshu.portal.queries.forms import compiled
from guanshu.portal.sms import deliver_waiting
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.interchange.reading import Organisation
from guanshu.survey.loading import read_folder
from guanshu.survey.workflow.calendar import SHANGHAI, Holidays

FORM = "museum-2022"
PROVINCE_FORM = "province-2022"
YEAR = 2022
_CALENDAR = Calendar(date(2023, 1, 1), date(2023, 1, 15), date(2023, 2, 10), date(2023, 2, 20), date(2023, 2, 25))
_LAST_CALENDAR = Calendar(date(2022, 1, 1), date(2022, 1, 20), date(2022, 2, 15), date(2022, 2, 25), date(2022, 2, 28))
# New Year and Spring Festival of 2023, with the weekend worked for it.
_OFF, _WORKED = ("2022-12-31..2023-01-02", "2023-01-21..2023-01-27"), ("2023-01-28", "2023-01-29")
_RETURN_DAYS = 3
# One museum in so many has no last year.
_NEW = 9
# PDFs made at a time, while the next steps are played.
_PRINTERS = 2
_REMINDED_AT = time(8, 45)
_IMPORTED_AT = time(0, 1)


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
    with _all_or_nothing() as trace:
        return _make(museums, now, trace)


@contextmanager
def _all_or_nothing() -> Iterator[Trace]:
    """Let nothing remain of a demo that was not made after all, in the database and on the disk."""
    trace = Trace()
    try:
        with transaction.atomic():
            yield trace
    except BaseException:
        for name in trace.files:
            vault.discard(name)
        for path in trace.printed:
            path.unlink(missing_ok=True)
        raise


def _make(museums: int, now: datetime, trace: Trace) -> int:
    root = Path(guanshu.__file__).resolve().parents[2]
    recipes, season = Recipes.read(root / "demo" / FORM), Season.read(root / "demo" / FORM)
    audit.record(stream="system", actor="", action=DEMO_EVENT, object=FORM, details={"museums": museums}, now=now)
    version = publish_questionnaire(files=read_folder(root / "questionnaires" / FORM), now=now)
    filed = publish_questionnaire(files=read_folder(root / "questionnaires" / PROVINCE_FORM), now=now)
    members = make_register(museums, years=(YEAR - 1, YEAR), now=now)
    this, last = (
        open_campaign(
            year=year,
            questionnaire=version,
            calendar=calendar,
            now=now,
            closed=year < YEAR,
            province_form=filed,
        )
        for year, calendar in ((YEAR, _CALENDAR), (YEAR - 1, _LAST_CALENDAR))
    )
    this = _configure(this, now)
    questionnaire = compiled(version.pk).questionnaire
    before = {member.index: draw_report(questionnaire, recipes, member.facts, YEAR - 1, None) for member in members}
    _import_last_year(last, questionnaire, members, before)
    filed_lists = lists.Recipes.read(root / "demo" / PROVINCE_FORM)
    lists.import_last_lists(last, filed_lists, now)
    numbers = dict(Report.objects.filter(campaign=this).values_list("museum", "pk"))
    with ThreadPoolExecutor(_PRINTERS) as pool:
        players = [
            Player(
                number=numbers[member.museum.pk],
                member=member,
                part=season.part(member.museum.code, member.index),
                draw=partial(draw_report, questionnaire, recipes, member.facts, YEAR, before[member.index]),
                slips=recipes.slips,
                pool=pool,
                trace=trace,
            )
            for member in members
        ]
        _play(players, this)
    lists.play_lists(this, filed_lists)
    offices.play_offices(this, offices.Recipes.read(root / "demo" / "offices"), trace)
    return len(members)


def _configure(campaign: Campaign, now: datetime) -> Campaign:
    """Give the campaign the holidays of its season, as the nation does on its page."""
    params = compiled(campaign.questionnaire_id).questionnaire.params.values()
    wanted = Settings(
        dates={name: str(getattr(campaign, name)) for name in DATES},
        return_days=str(_RETURN_DAYS),
        off=_OFF,
        worked=_WORKED,
        params={each.name: str(each.default).lower() for each in params},
    )
    actor = Account.objects.filter(role=Role.SYSTEM.value).earliest("pk")
    return configure_campaign(campaign=campaign, actor=actor, settings=wanted, now=now)


def _play(players: Sequence[Player], campaign: Campaign) -> None:
    """Play everybody's part in the order of time, as far as the demo's day has come, and remind whoever is late."""
    today, holidays, morning = clock.today(), Holidays.read(campaign.holidays), campaign.opens_on
    steps = [
        (moment, place, step)
        for place, player in enumerate(players)
        for moment, step in moments(player.part, player.member.museum.code, holidays)
    ]
    for moment, place, step in sorted(steps, key=lambda known: known[:2]):
        if moment.date() <= today:
            morning = _remind(morning, moment.date())
            with clock.living_on(moment.date()):
                players[place].do(step, moment)
    _remind(morning, today)


def _remind(first: date, last: date) -> date:
    """Let the reminders of these days go out, each in the morning; return the day after."""
    while first <= last:
        moment = datetime.combine(first, _REMINDED_AT, tzinfo=SHANGHAI)
        with clock.living_on(first):
            send_due_reminders(now=moment)
            # Anything but the outbox might be a real gateway.
            if settings.GUANSHU_SMS == "outbox":
                deliver_waiting(now=moment)
        first += timedelta(days=1)
    return first


def _import_last_year(
    campaign: Campaign,
    questionnaire: Questionnaire,
    members: Sequence[Member],
    drawn: Mapping[int, Drawn],
) -> None:
    """Give most museums a report of last year, the way real ones are imported; their people come with them.

    It lies before everything that is played: who held an account when is told by these moments.
    """
    moment = datetime.combine(_CALENDAR.opens_on, _IMPORTED_AT, tzinfo=SHANGHAI)
    names = {name for name, cell in questionnaire.cells.items() if cell.typed}
    names |= {f"{table.name}.none" for table in questionnaire.tables} | {f"{t.number}.na" for t in questionnaire.tables}
    rows = frozenset(name for report in drawn.values() for name in report.rows)
    organisations = (
        Organisation(member.museum.code, 0, drawn[member.index].answers(), ())
        for member in members
        if member.index % _NEW != _NEW - 1
    )
    result = import_organisations(
        campaign=campaign, source=Source("demo", frozenset(names), rows), organisations=organisations, now=moment
    )
    if result.errors:
        raise DemoProblem(f"演示数据的上年报表有误：{result.errors[0]}")
