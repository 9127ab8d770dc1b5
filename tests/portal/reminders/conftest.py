"""The cast with a form that asks for both mobile numbers, and what a gateway was given."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import pytest

from guanshu.portal import deployment
from guanshu.portal.domain.questionnaires import publish_questionnaire
from guanshu.portal.models import Campaign, Report
from guanshu.survey.loading import read_folder
from tests.cast import NOW, QUESTIONNAIRES, SHANGHAI, Cast, make_cast
from tests.portal.reminders.gateway import Gateway
from tests.portal.workflow.conftest import Way

__all__ = ["Gateway"]

FILLER, REVIEWER = "13911112222", "13933334444"


def form_with_people() -> Mapping[str, bytes]:
    """Return tiny-save with the mobile numbers of filler and reviewer."""
    files = dict(read_folder(QUESTIONNAIRES / "tiny-save"))
    roles = b'[roles]\nfiller_mobile = "filler_cell"\nreviewer_mobile = "reviewer_cell"'
    files["questionnaire.toml"] = files["questionnaire.toml"].replace(b"[roles]", roles)
    columns = files["tables/1-1.csv"].split(b"\n", 1)[0].decode().strip().lstrip("\ufeff").split(",")
    for code, name in (("98", "filler_cell"), ("99", "reviewer_cell")):
        row = {"code": code, "name": name, "label": name, "type": "mobile", "required": "no", "personal": "yes"}
        line = ",".join(row.get(column, "") for column in columns)
        files["tables/1-1.csv"] = files["tables/1-1.csv"].rstrip() + b"\n" + line.encode() + b"\n"
    return files


def shanghai(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2023, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.GUANSHU_TODAY = ""
    made = make_cast()
    version = publish_questionnaire(files=form_with_people(), now=NOW)
    Campaign.objects.update(
        questionnaire=version,
        holidays={"off": [str(date(2023, 1, n)) for n in range(21, 28)], "worked": ["2023-01-28", "2023-01-29"]},
    )
    Report.objects.update(questionnaire=version)
    made.campaign.refresh_from_db()
    made.form = version
    return made


@pytest.fixture
def way(cast: Cast) -> Way:
    """Baoding's report and its people."""
    return Way(cast)


@pytest.fixture
def gateway(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Gateway]]:
    """Let messages go to a gateway of the test's own."""
    monkeypatch.setitem(deployment.SMS_BACKENDS, "test", "tests.portal.reminders.gateway.Gateway")
    settings.GUANSHU_SMS = "test"
    Gateway.sent.clear()
    Gateway.trouble.clear()
    yield Gateway
    Gateway.sent.clear()
    Gateway.trouble.clear()
