"""本省概况 with 300 museums of two years, against the same province with one museum.

Every museum has all figures of the form as facts in both years, findings in thirty tables, and a state. Baseline: the
same page and process with one museum, so what is left is what a museum costs. Server time of the whole request
(middleware, session, queries, template), Django's test client, by turns; the median counts. Also the page of the
自评报告 of the same province.

    python tools/with_sqlite.py python bench/dashboard.py [MUSEUMS] [ROUNDS]
    python tools/with_postgres.py python bench/dashboard.py
"""

import os
import statistics
import sys
from datetime import date, datetime
from pathlib import Path
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
os.environ.setdefault("GUANSHU_DEMO", "1")
os.environ["GUANSHU_TODAY"] = "2023-02-18"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanshu.portal.settings")

import django  # noqa: E402

NOW = datetime(2023, 2, 18, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
TARGET = 150.0
PAGES = ("/province/dashboard/", "/province/materials/evaluation/")


def prepare(museums: int) -> None:
    """Make two provinces: 河北 with so many museums, 山西 with one; facts of both years."""
    from guanshu.portal.domain.campaigns import Calendar, open_campaign
    from guanshu.portal.domain.maintenance.database import migrate
    from guanshu.portal.domain.questionnaires import publish_questionnaire
    from guanshu.portal.models import Account, Museum, Province, Role
    from guanshu.survey.loading import read_folder

    migrate()
    form = publish_questionnaire(files=read_folder(ROOT / "questionnaires" / "museum-2022"), now=NOW)
    lists = publish_questionnaire(files=read_folder(ROOT / "questionnaires" / "province-2022"), now=NOW)
    for order, (code, name, many) in enumerate((("130000", "河北省科协", museums), ("140000", "山西省科协", 1)), 3):
        province = Province.objects.create(code=code, order=order, name=name, short_name=name[:2])
        Account.objects.create(
            username=f"A{code}001", role=Role.PROVINCE.value, province=province, must_change_password=False
        )
        Museum.objects.bulk_create(
            Museum(
                code=f"{code[:2]}{place % 11:02}{place:05}",
                name=f"{name[:2]}第{place}科技馆",
                province=province,
                city=f"第{place % 11}市",
                level=("province", "city", "county")[place % 3],
            )
            for place in range(many)
        )
    for year in (2021, 2022):
        first = date(year + 1, 1, 1)
        days = Calendar(first, first, *[date(year + 1, 2, 25)] * 3)
        open_campaign(year=year, questionnaire=form, calendar=days, now=NOW, province_form=lists)
        fill(year)


def fill(year: int) -> None:
    """Give every report its facts, a version and a summary."""
    from guanshu.portal.models import IndicatorFact, Report, ReportFact, ReportVersion
    from guanshu.portal.queries.forms import compiled
    from guanshu.survey.values.numbers import NumberType

    reports = list(Report.objects.filter(campaign__year=year).select_related("museum"))
    form = compiled(reports[0].questionnaire_id).questionnaire
    numbers = [(cell.name, cell.type.scale) for cell in form.cells.values() if isinstance(cell.type, NumberType)]
    counts = {"mandatory": 1, "verify": 3, "hint": 2, "open": 2}
    summary = {
        "tables": 30,
        "complete": 28,
        "findings": counts,
        "by_table": {table.number: {"findings": counts} for table in form.tables},
    }
    for place, report in enumerate(reports):
        museum = report.museum
        report.state, report.version, report.state_since = ("approved", "submitted")[place % 2], 1, NOW
        report.summary, report.saved_at = summary, NOW
        ReportFact.objects.create(
            report=report,
            year=year,
            museum=museum,
            province_id=museum.province_id,
            city=museum.city,
            level=museum.level,
            size=("huge", "large", "medium", "small")[place % 4],
            free=place % 5 != 0,
            state=report.state,
        )
        IndicatorFact.objects.bulk_create(
            IndicatorFact(report=report, year=year, indicator=name, value=1000 + place + year, scale=scale)
            for name, scale in numbers
        )
    Report.objects.bulk_update(reports, ["state", "version", "state_since", "summary", "saved_at"], batch_size=100)
    ReportVersion.objects.bulk_create(
        ReportVersion(report=each, number=1, content_hash=f"{each.pk:064}", snapshot={}, made_at=NOW)
        for each in reports
    )


def main(museums: int, rounds: int) -> int:
    """Print the figures; return 0 when the target is met."""
    django.setup()
    prepare(museums)
    from django.test import Client

    from guanshu.portal.models import Account

    clients = []
    for username in ("A130000001", "A140000001"):
        client = Client(SERVER_NAME="127.0.0.1")
        account = Account.objects.get(username=username)
        client.force_login(account, backend="guanshu.portal.web.accounts.backend.AccountBackend")
        clients.append(client)
    met = True
    for page in PAGES:
        times: list[list[float]] = [[], []]
        work: list[list[float]] = [[], []]
        for turn in range(rounds + 2):
            for client, found, used in zip(clients, times, work, strict=True):
                began, started = perf_counter(), process_time()
                answer = client.get(page)
                took = (perf_counter() - began) * 1000
                if answer.status_code != 200:
                    raise RuntimeError(f"{page}: {answer.status_code}")
                if turn > 1:
                    found.append(took)
                    used.append((process_time() - started) * 1000)
        many, one = (statistics.median(found) for found in times)
        busy, busy_one = (statistics.median(used) for used in work)
        met = met and many <= TARGET
        print(f"{page} {museums} museums: {many:.0f} ms (best {min(times[0]):.0f}, processor {busy:.0f})")
        print(f"    one museum {one:.0f} ms (processor {busy_one:.0f})")
    print(f"target {TARGET:.0f} ms: {'met' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(*(int(text) for text in (sys.argv[1:] + ["300", "15"][len(sys.argv) - 1 :]))))
