"""Every address of the portal × method × visitor: who gets which answer. An address missing from the table fails."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from guanshu.portal.domain.files import store_upload
from guanshu.portal.domain.filing.files import store_filing_file
from guanshu.portal.domain.offices.administrators import enter_card
from guanshu.portal.domain.official_files import put_official
from guanshu.portal.domain.reporting import comment_on_cell
from guanshu.portal.domain.reporting.remarking import remark_on_report
from guanshu.portal.models import Account, Job, Museum, Notice, Package, Role, Waiver
from guanshu.survey.workflow.states import State
from tests.cast import NOW, Cast
from tests.portal.filing.conftest import filing_of, with_filings
from tests.portal.offices.conftest import CARD, apply, ask
from tests.portal.workflow.conftest import Way
from tests.survey.intake import makers

# Baoding's report is submitted; its plan was uploaded, the province has drafted a comment and waived a check, applied
# for a museum and has a correction before it; its 附件1 was entered. Every post is empty. The columns:
#   anonymous · the museum's filler · its reviewer · filler of a museum in another province · the museum's province ·
#   another province · system · national viewer · auditor
# and, where they are answered otherwise than the auditor:
#   a viewer of the museum's city · free-opening reviewer · operations
# 302 to the log-in (401 for JSON and htmx), 403 another role's area, 404 another's object, 405 no such method,
# 303 done, 409 not in this state, 400 and 422 not with an empty form (the viewer's extension gets 403 with a full one).
TABLE = Path(__file__).with_name("every_url.txt").read_text(encoding="utf-8")
WHO = ("anonymous", "filler", "reviewer", "stranger", "province", "other_province", "system", "viewer", "auditor")
MORE = ("city", "free_reviewer", "operations")
EVERYBODY = (*WHO, *MORE)
SCRIPTS: tuple[dict[str, str], ...] = ({"Accept": "application/json"}, {"HX-Request": "true"})


def rows() -> dict[str, dict[str, tuple[int, ...]]]:
    """Return path -> method -> expected statuses, one for each of EVERYBODY; a line for WHO alone is filled up."""
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    for line in TABLE.strip().splitlines():
        method, path, *expected = line.split()
        statuses = tuple(map(int, expected))
        if len(statuses) == len(WHO):
            statuses += statuses[-1:] * len(MORE)
        found.setdefault(path, {})[method] = statuses
    return found


def sample(path: str, names: dict[str, object] | None = None) -> str:
    """Return an address of a row: with the names of real objects, or with any that fit the patterns."""
    return path.format_map(names or dict.fromkeys(KINDS, 1) | dict.fromkeys(FILES, NOTHING))


NOTHING = uuid.UUID(int=0)
FILES = ("file", "word", "job", "nothing", "evidence", "proof", "official")
KINDS = (
    "report",
    "museum",
    "comment",
    "waiver",
    "notice",
    "filing",
    "package",
    "application",
    "correction",
    "session",
    "remark",
)


@dataclass
class World:
    """Who knocks, and what the addresses name."""

    people: dict[str, Account]
    names: dict[str, object]

    def ask(self, who: str, method: str, path: str, headers: dict[str, str] | None = None) -> int:
        """Return the status of a request, and take back whatever it did."""
        with transaction.atomic():
            client = Client(raise_request_exception=False)
            if who != "anonymous":
                client.force_login(self.people[who], backend="guanshu.portal.web.accounts.backend.AccountBackend")
            answer = client.generic(method, sample(path, self.names), headers=headers)
            # To the end: the file is closed then.
            b"".join(answer)
            transaction.set_rollback(True)
        return answer.status_code


@pytest.fixture
def world(cast: Cast, settings: Any, tmp_path: Path) -> World:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.GUANSHU_VERSIONS = tmp_path / "versions"
    with_filings(cast)
    filing = filing_of(cast)
    upload = SimpleUploadedFile("list.docx", makers.word())
    given = {"filing": filing, "purpose": "planned-word", "uploads": [upload], "actor": cast.province, "now": NOW}
    word = store_filing_file(**given)
    package = Package.objects.create(
        filing=filing, serial=1, source="built", file=word, basis="", made_by=cast.province.username, made_at=NOW
    )
    stranger = Account.objects.create(
        username="B110108001", role=Role.FILLER.value, museum=cast.haidian, must_change_password=False
    )
    upload = SimpleUploadedFile("plan.pdf", makers.pdf(1))
    file = store_upload(report=cast.report(), purpose="plan", upload=upload, actor=cast.filler, now=NOW)
    report = Way(cast).to(State.SUBMITTED).report
    comment = comment_on_cell(report=report, actor=cast.province, address="land_area", text="?", now=NOW)
    waiver = Waiver.objects.create(report=report, key="1-1-01", reason="属实", by=cast.province.username, at=NOW)
    notice = Notice.objects.create(title="通知", body="请按时填报", published_on=NOW.date())
    application, correction = apply(cast), ask(cast, "name", "保定科学中心")
    enter_card(province=cast.hebei, campaign=cast.campaign, actor=cast.system, typed=CARD, now=NOW)
    Museum.objects.filter(pk=cast.baoding.pk).update(city="保定市")
    Account.objects.filter(pk=cast.city.pk).update(city="保定市")
    people = {who: getattr(cast, who) for who in EVERYBODY if who not in {"anonymous", "stranger"}}
    names: dict[str, object] = {"report": report.number, "museum": cast.baoding.code, "comment": comment.pk}
    job = Job.objects.create(kind="test", key="1", owner=cast.province.username, asked_at=NOW)
    names |= {"filing": filing.number, "package": package.serial, "word": word.pk}
    remark = remark_on_report(report=report, actor=cast.free_reviewer, address="", text="?", now=NOW)
    names |= {"remark": remark.pk, "session": "0" * 40}
    names |= {"job": job.pk, "waiver": waiver.pk, "notice": notice.pk, "file": file.pk, "nothing": NOTHING}
    names |= {"application": application.number, "evidence": application.files.get().pk}
    names |= {"correction": correction.number, "proof": correction.files.get().pk}
    upload = SimpleUploadedFile("guide.pdf", makers.pdf(1))
    asked = {"campaign": cast.campaign, "kind": "guide", "suffix": "pdf", "upload": upload}
    names |= {"official": put_official(**asked, actor=cast.system, now=NOW).pk}
    return World({**people, "stranger": stranger}, names)


# One state of the database for all rows: making it takes longer than asking, and every request is taken back.
def test_who_gets_which_answer(world: World) -> None:
    found = {
        path: {method: tuple(world.ask(who, method, path) for who in EVERYBODY) for method in ("GET", "POST")}
        for path in rows()
    }
    wrong = {path: (answers, rows()[path]) for path, answers in found.items() if answers != rows()[path]}
    assert wrong == {}


def test_scripts_of_the_logged_out_are_told_so(world: World) -> None:
    guarded = [path for path, row in rows().items() if row["GET"][0] == 302 and path != "/login/code/"]
    found = {
        (path, method): [world.ask("anonymous", method, path, headers) for headers in SCRIPTS]
        for path in guarded
        for method in ("GET", "POST")
    }
    assert {where: answers for where, answers in found.items() if answers != [401, 401]} == {}


def test_the_auditor_writes_nothing_else() -> None:
    own = ("/password/", "/password-reset/", "/second-factor/", "/sessions/", "/login/", "/logout/", "/audit/")
    auditor = EVERYBODY.index("auditor")
    posts = {path: row["POST"][auditor] for path, row in rows().items() if not path.startswith(own)}
    assert {path: status for path, status in posts.items() if status not in {403, 404, 405}} == {}


def test_no_page_of_the_system_reaches_the_trail() -> None:
    routes_of_all = set(routes(get_resolver()))
    assert not [route for route in routes_of_all if "arm" in re.split(r"\W", route) or "disarm" in route]
    system = EVERYBODY.index("system")
    audit = {path: row for path, row in rows().items() if path.startswith("/audit/")}
    assert all(row[method][system] == 403 for row in audit.values() for method in row)


def test_no_address_is_missing_from_the_table() -> None:
    covered = {resolve(sample(path)).route for path in rows()}
    everything = set(routes(get_resolver()))
    assert everything - covered == set()
    assert len(everything) > 50


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern, route)
