"""The province's queue and status page with 300 museums: server time, and statements against those of six museums.

Everything a request does inside Django (session, account, middleware, query, template), no socket. Baseline: the same
request to a page that shows the same reports as a bare table of as many cells. The museums are drawn by the demo's
recipes, saved, frozen and submitted by the portal's own functions.

    python tools/with_sqlite.py python bench/lists.py
    python tools/with_postgres.py python bench/lists.py
"""

import os
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanshu.portal.settings")
os.environ.setdefault("GUANSHU_DEMO", "1")
os.environ["GUANSHU_TODAY"] = "2023-02-15"
MUSEUMS, FEW, ROUNDS, TARGET = 300, 6, 15, 150.0
NOW = datetime(2023, 2, 6, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
CITIES = (
    "石家庄市",
    "唐山市",
    "秦皇岛市",
    "邯郸市",
    "邢台市",
    "保定市",
    "张家口市",
    "承德市",
    "沧州市",
    "廊坊市",
    "衡水市",
)
PAGES = (
    "/province/review/",
    "/province/review/?sort=effect&by=city",
    "/province/review/?group=waiting",
    "/province/status/",
    "/province/status/?city=唐山市",
)


@dataclass(frozen=True)
class Place:
    """What is made once."""

    province: Any
    administrator: Any
    campaign: Any
    recipes: Any


def main() -> int:
    """Print the figures and return 1 when a page is slower than the target or asks more for more museums."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from guanshu.portal.domain.maintenance.database import migrate

    settings.ALLOWED_HOSTS = ["*"]
    settings.CSRF_TRUSTED_ORIGINS = []
    migrate()
    place = _place()
    client = Client()
    client.force_login(place.administrator, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    _make(place, range(FEW))
    few = {path: _statements(client, path) for path in PAGES}
    began = time.perf_counter()
    _make(place, range(FEW, MUSEUMS))
    print(f"{MUSEUMS} museums made in {time.perf_counter() - began:.0f} s; {settings.DATABASES['default']['ENGINE']}")
    bare = _timed(lambda: _bare(client, place))
    print(f"bare table of {MUSEUMS} reports: {bare[0]:.0f} ms wall, {bare[1]:.0f} ms processor (baseline)")
    failed = False
    for path in PAGES:
        wall, cpu = _timed(lambda path=path: client.get(path))  # type: ignore[misc]
        many = _statements(client, path)
        failed |= wall > TARGET or many != few[path]
        print(f"{path}: {wall:.0f} ms wall, {cpu:.0f} ms processor, ratio {cpu / bare[1]:.2f}, "
              f"{many} statements ({few[path]} with {FEW} museums)")  # fmt: skip
    return int(failed)


def _timed(what: Callable[[], object]) -> tuple[float, float]:
    """Return the median wall and processor time in milliseconds."""
    what()
    walls, cpus = [], []
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        what()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    return statistics.median(walls), statistics.median(cpus)


def _statements(client: Any, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(captured)


_TABLE = (
    "<table>{% for row in rows %}<tr><td>{{ row.number }}</td><td>{{ row.museum.name }}</td>"
    "<td>{{ row.museum.city }}</td><td>{{ row.museum.code }}</td><td>{{ row.state }}</td><td>{{ row.version }}</td>"
    "<td>{{ row.saved_at }}</td><td>{{ row.state_since }}</td><td>{{ row.summary.tables }}</td>"
    "<td>{{ row.summary.findings.verify }}</td></tr>{% endfor %}</table>"
)


def _bare(client: Any, place: Place) -> object:
    """Answer a request as plainly as Django can: a small page for session and account, the reports, a table."""
    from django.template import Context, Template

    from guanshu.portal.models import Report

    client.get("/password/")
    rows = Report.objects.filter(campaign=place.campaign, museum__province=place.province).select_related("museum")
    return Template(_TABLE).render(Context({"rows": rows.order_by("museum__code")}))


def _place() -> Place:
    from guanshu.portal.domain.campaigns import Calendar, open_campaign
    from guanshu.portal.domain.demo.reports import Recipes
    from guanshu.portal.domain.questionnaires import publish_questionnaire
    from guanshu.portal.models import Account, Province, Role
    from guanshu.survey.loading import read_folder

    province = Province.objects.create(code="130000", order=3, name="河北省科协", short_name="河北")
    administrator = Account.objects.create(
        username="A130000001", role=Role.PROVINCE, province=province, must_change_password=False
    )
    form = publish_questionnaire(files=read_folder(ROOT / "questionnaires" / "museum-2022"), now=NOW)
    due = (date(2023, 1, 15), date(2023, 2, 10), date(2023, 2, 20), date(2023, 2, 25))
    campaign = open_campaign(year=2022, questionnaire=form, calendar=Calendar(date(2023, 1, 1), *due), now=NOW)
    return Place(province, administrator, campaign, Recipes.read(ROOT / "demo" / "museum-2022"))


def _make(place: Place, numbers: range) -> None:
    """Make so many more museums, their reports filled in and most of them submitted."""
    from django.db import transaction

    from guanshu.portal import clock
    from guanshu.portal.models import Account, FreeStatus, Museum, Report, Role

    with clock.living_on(date(2023, 2, 6)), transaction.atomic():
        for number in numbers:
            code = f"13{number % 11 + 1:02d}00{number:03d}"
            museum = Museum.objects.create(
                code=code, name=f"示例{number}号科技馆", province=place.province, city=CITIES[number % 11],
                level="city", division=code[:6],
            )  # fmt: skip
            FreeStatus.objects.create(museum=museum, year=2022)
            filler = Account.objects.create(username=f"B{code}", role=Role.FILLER, museum=museum)
            report = Report.objects.create(
                number=f"2022-{code}",
                museum=museum,
                campaign=place.campaign,
                questionnaire=place.campaign.questionnaire,
            )
            _fill(place, report, filler, number)
            _hand_in(report, number)


def _fill(place: Place, report: Any, filler: Any, number: int) -> None:
    from guanshu.portal.domain.demo.reports import draw_report
    from guanshu.portal.domain.saving import Change, save_answers
    from guanshu.portal.queries.forms import compiled
    from guanshu.portal.queries.reports import open_report

    museum = report.museum
    facts = {"code": museum.code, "name": museum.name, "short": museum.name, "level": museum.level, "free": "yes",
             "city": museum.city, "division": museum.division, "supervisor": f"{museum.city}科学技术协会",
             "serial": f"{number:04d}"}  # fmt: skip
    questionnaire = compiled(report.questionnaire_id).questionnaire
    drawn = draw_report(questionnaire, place.recipes, facts, 2022, None)
    typed = {address: Change(None, new) for table in drawn.changes() for address, new in table}
    save_answers(report=report, actor=filler, request_id=uuid.uuid4().hex, body=b"1", changes=typed, now=NOW)
    findings = [finding for finding in open_report(report).evaluation.findings if finding.open]
    text = "情况属实无误" if number % 3 else "本年度展厅改造三个月，按实际发生数填报。"
    words = {finding.key: Change(None, text) for finding in findings}
    if words:
        save_answers(report=report, actor=filler, request_id=uuid.uuid4().hex, body=b"2", changes=words, now=NOW)


def _hand_in(report: Any, number: int) -> None:
    """Leave one report in ten with the museum, one with its reviewer, return and approve some, submit the others."""
    from guanshu.portal.access import reports
    from guanshu.portal.domain.reporting.facts import write_facts
    from guanshu.portal.domain.reporting.freezing import freeze
    from guanshu.portal.models import CellComment, Report
    from guanshu.survey.workflow.states import State

    story = {0: State.FILLING, 1: State.IN_REVIEW, 2: State.RETURNED_BY_PROVINCE, 3: State.APPROVED}
    state = story.get(number % 10, State.SUBMITTED)
    since = NOW + timedelta(days=number % 7, minutes=number)
    found = Report.objects.filter(pk=report.pk)
    found.update(state=state.value, state_since=since)
    if state in {State.SUBMITTED, State.APPROVED}:
        found.update(version=freeze(reports().get(pk=report.pk), by="C", now=NOW), first_submitted_at=since)
        write_facts(reports().get(pk=report.pk), state)
    if state is State.RETURNED_BY_PROVINCE:
        found.update(returned_at=since, window_until=date(2023, 2, 17), round=1)
        CellComment.objects.create(
            report=report, address="land_area", text="请核对", by="A", by_role="province", at=NOW, round=1
        )


if __name__ == "__main__":
    sys.exit(main())
