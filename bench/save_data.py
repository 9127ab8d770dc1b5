"""Museums with everything filled in, this year and last, and a logged-in filler each."""

import csv
import uuid
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import django

ROOT = Path(__file__).parent.parent
ANSWERS = ROOT / "tests" / "e2e" / "data"
NOW = datetime(2023, 2, 4, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def prepare(*, museums: int) -> list[str]:
    """Make the museums with their reports of two years and return the fillers' session keys."""
    django.setup()
    from guanshu.portal.domain.campaigns import Calendar, open_campaign
    from guanshu.portal.domain.maintenance.database import migrate
    from guanshu.portal.domain.questionnaires import publish_questionnaire
    from guanshu.portal.models import Account, FreeStatus, Museum, Province, Report, Role
    from guanshu.survey.loading import read_folder

    migrate()
    province = Province.objects.create(code="130000", order=3, name="河北省科协", short_name="河北")
    form = publish_questionnaire(files=read_folder(ROOT / "questionnaires" / "museum-2022"), now=NOW)
    fillers = []
    for number in range(museums):
        museum = Museum.objects.create(code=f"13060000{number}", name="示例市科技馆", province=province, level="city")
        fillers.append(Account.objects.create(username=f"B{museum.code}", role=Role.FILLER, museum=museum))
        for year in (2021, 2022):
            FreeStatus.objects.create(museum=museum, year=year)
    Account.objects.update(must_change_password=False)
    for year in (2021, 2022):
        first = date(year + 1, 1, 1)
        campaign = open_campaign(
            year=year, questionnaire=form, calendar=Calendar(first, first, first, first, first), now=NOW
        )
        for filler in fillers:
            _fill(filler, Report.objects.get(museum=filler.museum, campaign=campaign), year)
    return [_log_in(filler) for filler in fillers]


def _value(text: str, year: int) -> str:
    """Return a figure of 2022, or a somewhat smaller one for the year before: the same twice would be a finding."""
    if year == 2022 or not text.replace(".", "", 1).isdigit() or len(text) > 8:
        return text
    return str(int(int(text) * 0.93)) if text.isdigit() else f"{float(text) * 0.93:.{len(text.partition('.')[2])}f}"


def _fill(filler: object, report: object, year: int) -> None:
    """Save the e2e tests' museum, as its filler would."""
    from guanshu.portal.domain.saving import Change, save_answers

    with (ANSWERS / "free_museum.csv").open(encoding="utf-8-sig") as file:
        changes = {line["cell"]: Change("", _value(line["value"], year)) for line in csv.DictReader(file)}
    rows: dict[str, list[str]] = {}
    with (ANSWERS / "free_museum.rows.csv").open(encoding="utf-8-sig") as file:
        for line in csv.DictReader(file):
            ids = rows.setdefault(line["table"], [])
            if f"k{line['row']}" not in ids:
                ids.append(f"k{line['row']}")
            changes[f"{line['table']}[k{line['row']}].{line['cell']}"] = Change("", _value(line["value"], year))
    changes |= {f"{table}.rows": Change([], ids) for table, ids in rows.items()}
    result = save_answers(
        report=report,  # type: ignore[arg-type]
        actor=filler,  # type: ignore[arg-type]
        request_id=str(uuid.uuid4()),
        body=b"bench",
        changes=changes,
        now=NOW,
    )
    wrong = {text: why for text, why in result.problems.items() if "名册" not in why and "文件" not in why}
    if wrong:
        print("not saved:", wrong)


def _log_in(filler: object) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(filler.pk)  # type: ignore[attr-defined]
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = filler.get_session_auth_hash()  # type: ignore[attr-defined]
    session.save()
    return str(session.session_key)
