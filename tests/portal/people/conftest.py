"""The cast with a form that asks who fills in and who reviews, and short ways to look at what was sent."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from guanshu.portal.domain.people import set_person
from guanshu.portal.domain.questionnaires import publish_questionnaire
from guanshu.portal.models import Account, Campaign, Report, SmsMessage
from guanshu.portal.queries.people import Person
from guanshu.portal.sms.sending import unsealed
from guanshu.survey.loading import read_folder
from tests.cast import NOW, QUESTIONNAIRES, Cast, make_cast
from tests.portal.workflow.conftest import Way

PASSWORD = "Correct-horse-22"
ZHANG, LI = Person("张三丰", "13800001234"), Person("李四光", "13900005678")
_CELLS = {"filler_name": "text", "filler_mobile": "mobile", "reviewer_name": "text", "reviewer_mobile": "mobile"}
LogIn = Callable[[Account], Client]


def form_with_people() -> Mapping[str, bytes]:
    """Return tiny-save with names and mobile numbers of filler and reviewer."""
    files = dict(read_folder(QUESTIONNAIRES / "tiny-save"))
    roles = "[roles]\n" + "".join(f'{role} = "{role}_cell"\n' for role in _CELLS)
    files["questionnaire.toml"] = files["questionnaire.toml"].replace(b"[roles]\n", roles.encode())
    table = files["tables/1-1.csv"].rstrip()
    columns = table.split(b"\n", 1)[0].decode().strip().lstrip("\ufeff").split(",")
    for code, (role, kind) in enumerate(_CELLS.items(), 90):
        row = {"code": str(code), "name": f"{role}_cell", "label": role, "type": kind, "required": "no"}
        table += b"\n" + ",".join({**row, "personal": "yes"}.get(column, "") for column in columns).encode()
    files["tables/1-1.csv"] = table + b"\n"
    return files


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.GUANSHU_TODAY = ""
    made = make_cast()
    version = publish_questionnaire(files=form_with_people(), now=NOW)
    Campaign.objects.update(questionnaire=version)
    Report.objects.update(questionnaire=version)
    made.campaign.refresh_from_db()
    made.form = version
    return made


@pytest.fixture
def way(cast: Cast) -> Way:
    """Baoding's report and its people."""
    return Way(cast)


def put(account: Account, person: Person, *, source: str = "test", minutes: int = 0) -> None:
    """Put a person on record."""
    set_person(account=account, person=person, actor="", source=source, now=NOW + timedelta(minutes=minutes))


def sent() -> list[tuple[str, str]]:
    """Return what was put in the queue, number and text, in that order."""
    return [(found.to, found.text) for found in map(unsealed, SmsMessage.objects.order_by("made_at", "template"))]


@pytest.fixture
def log_in(cast: Cast) -> LogIn:
    """Return a client logged in as an account, whose password is PASSWORD."""
    encoded = make_password(PASSWORD)

    def enter(account: Account) -> Client:
        Account.objects.filter(pk=account.pk).update(password=encoded)
        account.refresh_from_db()
        client = Client(raise_request_exception=False)
        client.force_login(account, backend="guanshu.portal.web.accounts.backend.AccountBackend")
        return client

    return enter
