"""A real browser against a real server: Debian's Chromium, the 2022 form, the fixed cast."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from guanshu.portal.domain.campaigns import open_campaign
from guanshu.portal.domain.questionnaires import publish_questionnaire
from guanshu.portal.models import Account, AuditRecord, FreeStatus
from guanshu.survey.loading import read_folder
from tests import cast as cast_module
from tests import logwatch
from tests.cast import NOW, Cast, calendar, make_cast

# Playwright's sync API runs a loop in this thread; Django must not mistake it for an async request.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FOLDER = Path(__file__).parents[2] / "questionnaires" / "museum-2022"
PASSWORD = "demo-demo-1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here drives a browser and commits to its database."""
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    if os.environ.get("ALLOW_MISSING") == "1" and not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed, and ALLOW_MISSING=1 says to go on without")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def quiet_logs() -> Iterator[None]:
    """Listen to every log of the whole run: no telephone number, code or password may stand in one."""
    watch = logwatch.Watch()
    watch.begin()
    yield
    watch.end()
    assert logwatch.leaks(watch.lines, {PASSWORD}) == []


@pytest.fixture(autouse=True)
def quiet_trail(transactional_db: None) -> Iterator[None]:
    """Look through what a test has put on record, before it is emptied: no telephone number, no password."""
    yield
    told = [f"{row.action} {row.object} {row.details}" for row in AuditRecord.objects.all()]
    assert logwatch.leaks(told, {PASSWORD}) == []


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> None:
    """Put files, arriving ones and PDFs below the test's own folder."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.GUANSHU_VERSIONS = tmp_path / "versions"


@pytest.fixture
def cast(transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Cast:
    settings.GUANSHU_TODAY = "2023-02-04"
    files = read_folder(FOLDER)
    monkeypatch.setattr(cast_module, "publish", lambda _name: publish_questionnaire(files=files, now=NOW))
    people = make_cast("museum-2022")
    people.baoding.level = "city"
    people.baoding.save()
    return people


@pytest.fixture
def last_year(cast: Cast) -> Cast:
    """Give Baoding a closed year 2021 to compare with; what it holds is the test's business."""
    open_campaign(year=2021, questionnaire=cast.form, calendar=calendar(2021), now=NOW)
    FreeStatus.objects.create(museum=cast.baoding, year=2021)
    return cast


Open = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser, live_server: Any, cast: Cast) -> Iterator[Open]:
    """Return a function that opens a page as an account, in a browser context of its own."""
    contexts: list[BrowserContext] = []

    def open_as(account: Account | None = None, path: str = "/museum/", **options: Any) -> Page:
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "zh-CN", **options}
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(8000)
        contexts.append(context)
        context.add_cookies([session_cookie(account or cast.filler, live_server.url)])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: "Content Security" in message.text and errors.append(message.text))
        page.goto(path)
        return page

    errors: list[str] = []
    yield open_as
    for context in contexts:
        context.close()
    assert errors == []


def session_cookie(account: Account, url: str) -> Any:
    """Return the cookie of a session of this account, without the cost of the log-in page."""
    client = Client()
    client.force_login(account, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    client.session.set_expiry(timezone.now() + timedelta(hours=1))
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}
