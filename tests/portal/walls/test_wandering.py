"""Somebody who tries numbers: reports, files, jobs, packages and exports of other museums and provinces.

A machine of hypothesis walks about as everybody, changes the world on the way (uploads, submissions, returns) and asks
for whatever there is by any name it has seen. What is not theirs answers as the design says, and never with data.
"""

import uuid
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from guanshu.portal.domain.files import remove_upload, store_upload
from guanshu.portal.domain.filing.files import store_filing_file
from guanshu.portal.domain.jobs import start_job
from guanshu.portal.models import Account, AuditRecord, Museum, Package, Report, Role, StoredFile
from guanshu.portal.problems import OperationProblem
from tests.cast import NOW, Cast, make_cast
from tests.portal.conftest import save_as
from tests.portal.filing.conftest import with_filings
from tests.survey.intake import makers

# What is in everybody's data and nowhere else, so that a leak is seen.
SECRETS = {"baoding": "保密恐龙展", "shijiazhuang": "保密航天展", "haidian": "保密海洋展"}
MUSEUM_PAGES = (
    "/museum/",
    "/museum/tables/1-1/",
    "/museum/tables/3-1/",
    "/museum/review/",
    "/museum/history/",
    "/museum/submit/",
)
BY_REPORT = (
    "/province/review/{}/", "/province/status/{}/", "/province/data/{}/", "/province/review/{}/act/approve/",
    "/province/review/{}/comments/", "/province/review/{}/looked/", "/province/review/{}/reveal/",
    "/province/status/{}/extend/", "/province/status/{}/overdue/", "/national/reports/{}/act/national_return/",
    "/city/reports/{}/", "/free/reports/{}/",
)  # fmt: skip
BY_MUSEUM = ("/national/museums/{}/", "/national/museums/{}/extend/")
BY_FILE = ("/files/{}/", "/files/{}/pages/1/", "/files/{}/pages/2/")
BY_JOB = ("/jobs/{}/",)
BY_FILING = ("/national/submissions/{}/", "/national/submissions/{}/act/accept_filing/")
BY_SERIAL = ("/province/submission/packages/{}/", "/province/submission/packages/{}/assign/", "/province/submission/receipts/{}/", "/museum/history/receipts/{}/", "/museum/versions/{}/pdf/")  # fmt: skip
NATION = {Role.SYSTEM.value, Role.NATIONAL_VIEWER.value}
REFUSED = {302, 401, 403, 404, 405}
PEOPLE = (
    "anonymous", "filler", "reviewer", "other_filler", "haidian_filler", "province", "other_province", "city",
    "system", "viewer", "free_reviewer", "operations", "auditor",
)  # fmt: skip


class Wanderer(RuleBasedStateMachine):
    """Everybody's doings and tryings in one world."""

    @initialize()
    def begin(self) -> None:
        self.cast: Cast = with_filings(make_cast())
        Museum.objects.filter(pk=self.cast.baoding.pk).update(city="保定市")
        Account.objects.filter(pk=self.cast.city.pk).update(city="保定市")
        self.people: dict[str, Account | None] = {name: getattr(self.cast, name, None) for name in PEOPLE}
        self.people["haidian_filler"] = Account.objects.create(
            username="B110108001", role=Role.FILLER.value, museum=self.cast.haidian, must_change_password=False
        )
        self.clients: dict[str, Client] = {}
        self.museums: dict[str, Museum] = {name: getattr(self.cast, name) for name in SECRETS}
        self.fillers = dict(zip(SECRETS, ("filler", "other_filler", "haidian_filler"), strict=True))
        self.files: dict[str, str] = {}
        self.jobs: dict[str, str] = {}
        for name, words in SECRETS.items():
            self._save(name, {"shows.rows": ([], ["k1"]), "shows[k1].title": ("", words)})

    def _save(self, name: str, changes: dict[str, tuple[Any, Any]]) -> None:
        save_as(self._filler(name), self.cast.report(self.museums[name]), changes)

    def _filler(self, name: str) -> Account:
        account = self.people[self.fillers[name]]
        assert account is not None
        return account

    def _client(self, who: str) -> Client:
        if who not in self.clients:
            self.clients[who] = Client(raise_request_exception=False)
            account = self.people[who]
            if account is not None:
                self.clients[who].force_login(account, backend="guanshu.portal.web.accounts.backend.AccountBackend")
        return self.clients[who]

    # What changes the world.

    @rule(name=st.sampled_from(sorted(SECRETS)), serial=st.integers(1, 3))
    def upload(self, name: str, serial: int) -> None:
        upload = SimpleUploadedFile("计划.pdf", makers.pdf(serial))
        try:
            row = store_upload(
                report=self.cast.report(self.museums[name]), purpose="plan", upload=upload, actor=self._filler(name), now=NOW
            )  # fmt: skip
        except OperationProblem:
            return
        self.files[str(row.pk)] = name

    @rule(name=st.sampled_from(sorted(SECRETS)))
    def take_back(self, name: str) -> None:
        report = self.cast.report(self.museums[name])
        remove_upload(report=report, purpose="plan", actor=self._filler(name), now=NOW)

    @rule(whose=st.sampled_from(["province", "other_province"]))
    def start_a_job(self, whose: str) -> None:
        account = self.people[whose]
        job = start_job(kind="test", key=uuid.uuid4().hex, actor=account, arguments={}, now=NOW)
        self.jobs[str(job.pk)] = whose

    @rule(whose=st.sampled_from(["province", "other_province"]), serial=st.integers(1, 2))
    def build_a_package(self, whose: str, serial: int) -> None:
        from guanshu.portal.access import own_filing

        account = self.people[whose]
        assert account is not None
        filing = own_filing(account, None)
        if Package.objects.filter(filing=filing, serial=serial).exists():
            return
        upload = SimpleUploadedFile("名单.docx", makers.word(f"{whose} {serial}"))
        file = store_filing_file(filing=filing, purpose="planned-word", uploads=[upload], actor=account, now=NOW)
        Package.objects.create(
            filing=filing, serial=serial, source="built", file=file, basis="", made_by=account.username, made_at=NOW
        )
        self.files[str(file.pk)] = whose

    # What somebody tries.

    @rule(
        who=st.sampled_from(PEOPLE),
        page=st.sampled_from(MUSEUM_PAGES),
        year=st.sampled_from(["", "2022", "2021", "9999"]),
    )
    def read_a_museums_page(self, who: str, page: str, year: str) -> None:
        self._try(who, "GET", page + (f"?year={year}" if year else ""), set())

    # One draw, all doors: drawing person, door, museum and method one by one would hardly ever meet an open one.
    @rule(who=st.sampled_from(PEOPLE), method=st.sampled_from(["GET", "POST"]))
    def try_all_reports(self, who: str, method: str) -> None:
        self._all_reports(who, method)

    def _all_reports(self, who: str, method: str) -> None:
        for name in SECRETS:
            for page in BY_REPORT + BY_MUSEUM:
                self._try(who, method, page.format(self._key(page, name)), self._readers(name))

    @rule(
        who=st.sampled_from(PEOPLE),
        page=st.sampled_from(BY_REPORT + BY_MUSEUM),
        name=st.sampled_from(sorted(SECRETS)),
        method=st.sampled_from(["GET", "POST"]),
        spoil=st.sampled_from(["0", "-V1", "/..", "%00", " "]),
    )
    def try_a_spoilt_number(self, who: str, page: str, name: str, method: str, spoil: str) -> None:
        self._try(who, method, page.format(self._key(page, name) + spoil), set())

    def _key(self, page: str, name: str) -> str:
        museum = self.museums[name]
        return museum.code if page in BY_MUSEUM else Report.objects.get(museum=museum).number

    @rule(page=st.sampled_from(BY_FILE), data=st.data(), method=st.sampled_from(["GET", "GET", "POST"]))
    def everybody_tries_a_file(self, page: str, data: st.DataObject, method: str) -> None:
        key = data.draw(st.sampled_from([*sorted(self.files), str(uuid.UUID(int=1))]))
        for who in PEOPLE:
            self._try(who, method, page.format(key), self._file_readers(key))

    def _file_readers(self, key: str) -> set[str]:
        owner = self.files.get(key, "")
        return self._readers(owner) if owner in SECRETS else ({owner, "free_reviewer"} | NATION if owner else set())

    @rule(who=st.sampled_from(PEOPLE), data=st.data())
    def try_a_job(self, who: str, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from([*sorted(self.jobs), str(uuid.UUID(int=2))]))
        answer = self._try(who, "GET", BY_JOB[0].format(key), {self.jobs.get(key, "")})
        assert (answer.status_code == 200) == (self.jobs.get(key) == who)

    @rule(who=st.sampled_from(PEOPLE), method=st.sampled_from(["GET", "POST"]))
    def try_all_filings(self, who: str, method: str) -> None:
        for number in ("2022-130000", "2022-110000", "2022-990000", "x"):
            for page in BY_FILING:
                self._try(who, method, page.format(number), NATION)

    @rule(
        who=st.sampled_from(PEOPLE),
        page=st.sampled_from(BY_SERIAL),
        serial=st.sampled_from(["0", "1", "2", "99999999999999999999"]),
    )
    def try_a_serial(self, who: str, page: str, serial: str) -> None:
        self._try(
            who,
            "GET",
            page.format(serial),
            {"filler", "reviewer", "other_filler", "haidian_filler", "province", "other_province"},
        )

    @rule(who=st.sampled_from(PEOPLE), page=st.sampled_from(["/province/data/export/", "/national/data/export/", "/audit/export/", "/national/lists/"]), unit=st.sampled_from(["110000", "130000", "13", ""]))  # fmt: skip
    def try_an_export(self, who: str, page: str, unit: str) -> None:
        answer = self._try(who, "POST", page, set(), {"province": unit, "museum": "110108001", "password": "guess"})
        assert "spreadsheet" not in answer.headers.get("Content-Type", "")

    def _readers(self, name: str) -> set[str]:
        """Return who may read a museum's report: its people, its province, its city, the nation; of free ones their reviewer."""
        own = {
            "baoding": {"filler", "reviewer", "city"},
            "shijiazhuang": {"other_filler"},
            "haidian": {"haidian_filler"},
        }[name]
        free = set() if name == "shijiazhuang" else {"free_reviewer"}
        return own | free | {"other_province" if name == "haidian" else "province"} | NATION

    def _try(self, who: str, method: str, path: str, readers: set[str], data: dict[str, str] | None = None) -> Any:
        client = self._client(who)
        answer = client.post(path, data or {}) if method == "POST" else client.get(path)
        body = b"".join(answer)
        assert answer.status_code < 500, path
        account = self.people[who]
        role = account.role if account is not None else ""
        self._sees_only_its_own(who, role, body, path)
        if readers and who not in readers and role not in readers:
            assert answer.status_code in REFUSED, (who, path, answer.status_code)
            assert "attachment" not in answer.headers.get("Content-Disposition", "")
        return answer

    def _sees_only_its_own(self, who: str, role: str, body: bytes, path: str) -> None:
        for name, words in SECRETS.items():
            if words.encode() in body:
                assert who in self._readers(name) or role in self._readers(name), f"{who} read {name} at {path}"

    def sweep(self, who: str) -> None:
        """Try every report and every file once, in the world the walk has left."""
        self._all_reports(who, "GET")
        for key in self.files:
            self._try(who, "GET", BY_FILE[0].format(key), self._file_readers(key))

    @invariant()
    def nobody_changed_what_is_not_theirs(self) -> None:
        if not hasattr(self, "cast"):
            return
        for name, words in SECRETS.items():
            report = Report.objects.get(museum=self.museums[name])
            table = report.tables.get(table="3-1")
            assert words in str(table.data)
        foreign = AuditRecord.objects.filter(action="download_file", actor="A110000001", object__startswith="2022-13")
        assert not foreign.exists()
        assert StoredFile.objects.count() >= len(self.files)


def test_who_wanders_finds_only_what_is_theirs(db: None, place: Any) -> None:
    from django.db import transaction

    class Rolled(Wanderer):
        """Each walk in a transaction of its own, taken back at its end; each ends with another one's sweep."""

        turn: ClassVar[Iterator[str]] = cycle(PEOPLE)

        def __init__(self) -> None:
            self.walk = transaction.atomic()
            self.walk.__enter__()
            super().__init__()

        def teardown(self) -> None:
            try:
                self.sweep(next(self.turn))
            finally:
                transaction.set_rollback(True)
                self.walk.__exit__(None, None, None)

    run_state_machine_as_test(
        Rolled,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # The message names who and where; making the walk shorter would take minutes and say no more.
            phases=[Phase.generate],
        ),
    )


@pytest.fixture
def place(settings: Any, tmp_path: Path) -> Any:
    options = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": options}
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.GUANSHU_VERSIONS = tmp_path / "versions"
    settings.GUANSHU_TODAY = "2023-02-04"
    return settings
