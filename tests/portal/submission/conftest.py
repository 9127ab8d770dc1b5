"""Hebei's filing of 2022 with everything ready to hand in, and short words for what people do with it."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanshu.portal.access import filings
from guanshu.portal.domain.campaigns import create_filings
from guanshu.portal.domain.filing.confirming import confirm_export, confirm_scan_matches
from guanshu.portal.domain.filing.files import store_filing_file
from guanshu.portal.domain.filing.packing import build_package
from guanshu.portal.domain.filing.performing import perform_filing
from guanshu.portal.domain.filing.saving import Change, save_filing
from guanshu.portal.models import Account, Filing, Package, Report, StoredFile
from guanshu.portal.problems import BadFile
from guanshu.portal.queries.filingbasis import export_basis, scan_basis
from guanshu.portal.queries.filingcheck import Checklist, asked_items, checklist
from guanshu.portal.queries.filings import OpenFiling, open_filing
from guanshu.survey.intake.verdict import Refused
from guanshu.survey.outside import jobs
from guanshu.survey.workflow.filing import FilingAction
from guanshu.survey.workflow.filingstates import FilingState
from guanshu.survey.workflow.states import State
from tests.cast import NOW, Cast, make_cast, publish
from tests.portal.test_kill import environ
from tests.portal.workflow.conftest import Way
from tests.survey.intake import makers

__all__ = ["environ"]

LISTS: Mapping[str, dict[str, Any]] = {
    "0": {"cells": {"has_free": True}},
    "4": {"rows": [{"id": "a", "cells": {"museum": "保定市科技馆", "amount": "120.00"}}]},
    "5": {"rows": [{"id": "p", "cells": {"museum": "唐山市科技馆", "hall_area": "2000.00"}}]},
    "6": {"none": True},
    "7": {"none": True},
}
TITLES = {
    "free": "2022年度河北省全国科技馆免费开放名单",
    "planned": "2023年度河北省拟新增免费开放科技馆名单",
    "construction": "河北省在建（拟建）科技馆名单",
    "conversion": "河北省利用已有场所改建科技馆名单",
    "evaluation": "2022年度河北省补助资金绩效自评报告",
}
PROVINCE = frozenset({FilingAction.SUBMIT, FilingAction.WITHDRAW})
NEEDED: dict[FilingAction, dict[str, Any]] = {
    FilingAction.RETURN: {"reason": "附件5 与上年不符", "until": date(2023, 3, 3)},
    FilingAction.EXTEND: {"reason": "受疫情影响", "until": date(2023, 3, 10)},
}


def flat(table: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table's stored JSON by address."""
    found: dict[str, Any] = {**data.get("cells", {}), **data.get("explanations", {})}
    if data.get("rows"):
        found[f"{table}.rows"] = [row["id"] for row in data["rows"]]
    if data.get("none"):
        found[f"{table}.none"] = True
    for row in data.get("rows", ()):
        found.update({f"{table}[{row['id']}].{name}": value for name, value in row["cells"].items()})
    return found


class Papers:
    """One province's filing and everybody who has to do with it."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.now = cast, NOW
        cast.campaign.province_form = publish("tiny-materials")
        cast.campaign.save()
        create_filings(campaign=cast.campaign)

    @property
    def filing(self) -> Filing:
        return filings().get(province=self.cast.hebei, campaign=self.cast.campaign)

    @property
    def opened(self) -> OpenFiling:
        return open_filing(self.filing)

    @property
    def check(self) -> Checklist:
        return checklist(self.opened)

    @property
    def state(self) -> FilingState:
        return FilingState(self.filing.state)

    def later(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def type(self, number: str, data: Mapping[str, Any]) -> None:
        """Save one table of the lists as it should be, the way the province's page does."""
        opened = self.opened
        table = opened.compiled.questionnaire.by_number[number].name
        before, after = flat(table, opened.stored.plain.get(number, {})), flat(table, data)
        changes = {
            address: Change(before.get(address), after.get(address))
            for address in {**after, **before}
            if before.get(address) != after.get(address) and (address in after or "[" not in address)
        }
        # A row taken off takes its cells along; a new one begins with nothing.
        result = save_filing(
            filing=self.filing,
            actor=self.cast.province,
            request_id=uuid.uuid4().hex,
            body=b"",
            changes=changes,
            now=self.now,
        )
        assert not result.problems, result.problems
        assert not result.conflicts

    def museums(self) -> None:
        """Have Baoding approved the way people do, and the other museum declared 免报."""
        Way(self.cast).to(State.APPROVED)
        Report.objects.filter(museum=self.cast.shijiazhuang).update(state=State.EXEMPT.value)

    def lists(self) -> None:
        for number, data in LISTS.items():
            self.type(number, data)

    def upload(self, purpose: str, data: bytes | None = None, *, name: str = "", **given: Any) -> StoredFile:
        word = purpose.endswith("-word")
        if data is None:
            key = purpose.partition("-")[0]
            data = makers.word(TITLES[key]) if word else makers.pdf(2)
        upload = SimpleUploadedFile(name or ("材料.docx" if word else "扫描.pdf"), data)
        given = {"actor": self.cast.province, "now": self.later(), **given}
        return store_filing_file(filing=self.filing, purpose=purpose, uploads=[upload], **given)

    def files(self) -> None:
        for item in asked_items(self.opened):
            self.upload(item.word)
            self.upload(item.scan)

    def compare(self) -> None:
        for item in asked_items(self.opened):
            basis = scan_basis(self.opened, item).digest
            confirm_scan_matches(
                filing=self.filing, actor=self.cast.province, item=item.key, basis=basis, now=self.later()
            )

    def confirm(self, *, free: bool = True) -> None:
        basis = export_basis(self.filing, free=free).digest
        confirm_export(filing=self.filing, actor=self.cast.province, free=free, basis=basis, now=self.later())

    def ready(self) -> "Papers":
        """Do everything that comes before the package."""
        self.museums()
        self.lists()
        self.files()
        self.compare()
        self.confirm()
        assert self.check.problems == ()
        return self

    def build(self) -> Package:
        return build_package(filing=self.filing, actor=self.cast.province, now=self.later())

    def do(self, action: FilingAction, *, actor: Account | None = None, **given: Any) -> Filing:
        who = actor or (self.cast.province if action in PROVINCE else self.cast.system)
        if action is FilingAction.SUBMIT:
            given.setdefault("package", Package.objects.filter(filing=self.filing).order_by("-serial").first())
        given = {"now": self.later(), **NEEDED.get(action, {}), **given}
        return perform_filing(filing=self.filing, actor=who, action=action, **given)

    def submit(self) -> Filing:
        self.build()
        return self.do(FilingAction.SUBMIT)

    def to(self, state: FilingState) -> "Papers":
        """Bring a ready filing into a state the way people do."""
        steps = {
            FilingState.PREPARING: [],
            FilingState.SUBMITTED: [FilingAction.SUBMIT],
            FilingState.RETURNED: [FilingAction.SUBMIT, FilingAction.RETURN],
            FilingState.ACCEPTED: [FilingAction.SUBMIT, FilingAction.ACCEPT],
        }[state]
        self.ready().build()
        for step in steps:
            self.do(step)
        assert self.state is state
        return self


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> Path:
    """Put files, arriving ones and PDFs below the test's own folder; each `now` is its own business day."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.GUANSHU_VERSIONS = tmp_path / "versions"
    settings.GUANSHU_TODAY = ""
    return tmp_path


@pytest.fixture(autouse=True)
def outside(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do the work of the outside processes in this one: starting Python takes longer than reading two blank pages."""
    if request.node.get_closest_marker("slow"):
        return

    def inside(job: str, given: Mapping[str, Any]) -> bytes:
        try:
            return getattr(jobs, job)(given)
        except Refused as refused:
            raise BadFile(refused.message, reason=refused.code) from refused

    for module in ("files",):
        monkeypatch.setattr(f"guanshu.portal.domain.filing.{module}.run_outside", inside, raising=False)


@pytest.fixture
def papers(db: None) -> Papers:
    return Papers(make_cast())


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    return client
