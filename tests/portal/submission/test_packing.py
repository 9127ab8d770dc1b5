"""The built package, file by file, by readers that are not ours; and what becomes of it under load and kills."""

import csv
import hashlib
import io
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from guanshu.portal.domain.filing import packing
from guanshu.portal.domain.filing.packing import ask_for_package, build_package
from guanshu.portal.domain.jobs import run_waiting
from guanshu.portal.domain.reporting import perform
from guanshu.portal.models import FilingVersion, Job, Package
from guanshu.portal.problems import NotReady, NotYours, OperationProblem, WrongState
from guanshu.portal.queries.files import path_of
from guanshu.portal.queries.verification import verify_audit
from guanshu.survey.intake.sevenzip import binary
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.filing import FilingAction
from guanshu.survey.workflow.filingstates import FilingState
from tests.cast import make_cast
from tests.portal.submission.conftest import TITLES, Papers
from tests.portal.workflow.conftest import Way
from tests.portal.workflow.test_races import at_once

EXCEL = "2022年度免费开放科技馆基础信息.xlsx"


def test_its_contents_are_what_the_notice_asks_for(papers: Papers, tmp_path: Path) -> None:
    package = papers.ready().build()
    assert package.file.official_name == "2022年度河北省科技馆信息上报材料.zip"
    # 7-Zip reads names and bytes as zipfile wrote them.
    command = [str(binary()), "x", f"-o{tmp_path / 'out'}", path_of(package.file)]
    subprocess.run(command, check=True, capture_output=True, env={"LC_ALL": "C.UTF-8"})
    inside = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    words = {f"{title}.docx" for title in TITLES.values()}
    scans = {f"{title}（盖章扫描件）.pdf" for title in TITLES.values()}
    assert set(inside) == words | scans | {EXCEL, "manifest.csv", "README.txt"}
    for title in TITLES.values():
        assert docx.Document(io.BytesIO(inside[f"{title}.docx"])).paragraphs[0].text == title
        assert inside[f"{title}（盖章扫描件）.pdf"].startswith(b"%PDF")
    lines = CalamineWorkbook.from_filelike(io.BytesIO(inside[EXCEL])).get_sheet_by_name("基础信息").to_python()
    assert [line[3] for line in lines[4:]] == ["保定市科技馆"]
    told = {line["文件名"]: line for line in csv.DictReader(io.StringIO(inside["manifest.csv"].decode("utf-8-sig")))}
    assert set(told) == words | scans | {EXCEL}
    for name, line in told.items():
        assert line["SHA-256"] == hashlib.sha256(inside[name]).hexdigest()
        assert int(line["大小（字节）"]) == len(inside[name])
    for each in package.manifest:
        assert each["sha256"] == hashlib.sha256(inside[each["name"]]).hexdigest()
    readme = inside["README.txt"].decode("utf-8-sig")
    assert "审核通过 1 座，免报 1 座" in readme
    assert "certutil" in readme
    assert FilingVersion.objects.get().number == papers.filing.version == 1


def test_nothing_is_built_before_everything_is_ready(papers: Papers) -> None:
    papers.lists()
    with pytest.raises(NotReady):
        ask_for_package(filing=papers.filing, actor=papers.cast.province, now=papers.now)
    with pytest.raises(NotYours):
        ask_for_package(filing=papers.filing, actor=papers.cast.other_province, now=papers.now)
    assert not Job.objects.exists()


def test_asked_for_twice_it_is_built_once_and_again_after_a_change(papers: Papers) -> None:
    papers.ready()
    for _ in range(2):
        ask_for_package(filing=papers.filing, actor=papers.cast.province, now=papers.later())
    assert run_waiting() == 1
    assert Package.objects.count() == 1
    papers.type("4", {"rows": [{"id": "a", "cells": {"museum": "保定市科技馆", "amount": "1.00"}}]})
    papers.compare()
    ask_for_package(filing=papers.filing, actor=papers.cast.province, now=papers.later())
    assert run_waiting() == 1
    assert Package.objects.count() == 2
    papers.do(FilingAction.SUBMIT)


def test_a_change_while_it_is_built_leaves_no_package(papers: Papers, monkeypatch: Any, place: Path) -> None:
    papers.ready()
    real = packing._write_zip

    def meanwhile(*given: Any) -> Any:
        made = real(*given)
        Way(papers.cast).do(Action.REVOKE_APPROVAL)
        return made

    monkeypatch.setattr(packing, "_write_zip", meanwhile)
    before = len([path for path in (place / "files").rglob("*") if path.is_file()])
    with pytest.raises(WrongState, match="打包期间内容有变动"):
        papers.build()
    assert not Package.objects.exists()
    assert list((place / "incoming").iterdir()) == []
    assert len([path for path in (place / "files").rglob("*") if path.is_file()]) == before


@pytest.fixture
def racing(transactional_db: None) -> Papers:
    return Papers(make_cast())


def test_a_museum_is_never_opened_again_behind_a_submission(racing: Papers) -> None:
    """Handing in and revoking at once: one is refused, and what was handed in is what there is."""
    racing.ready()
    won = set()
    for turn in range(6):
        if not racing.check.ready:
            way = Way(racing.cast)
            way.do(Action.SUBMIT_IN_HOUSE)
            way.do(Action.PASS_IN_HOUSE)
            way.stamp()
            way.do(Action.SUBMIT)
            way.do(Action.APPROVE)
        if not racing.check.ready:
            racing.confirm()
        package = racing.build()
        filing, report, now = racing.filing, Way(racing.cast).report, racing.later()

        def revoke(report: Any = report, now: Any = now, pause: float = turn % 3 * 0.03) -> None:
            time.sleep(pause)
            given = {"report": report, "actor": racing.cast.province, "now": now, "reason": "发现漏报"}
            perform(action=Action.REVOKE_APPROVAL, **given)

        def submit(package: Package = package) -> None:
            racing.do(FilingAction.SUBMIT, package=package)

        raised = at_once(submit, revoke)
        assert sum(error is None for error in raised) == 1, raised
        assert all(error is None or isinstance(error, OperationProblem) for error in raised), raised
        won.add(raised[0] is None)
        assert (racing.state is FilingState.SUBMITTED) is (raised[0] is None)
        assert (Way(racing.cast).report.state == "approved") is (raised[0] is None)
        assert filing.pk == racing.filing.pk
        if raised[0] is None:
            racing.do(FilingAction.WITHDRAW)
    assert list(verify_audit()) == []
    assert connection.vendor in {"sqlite", "postgresql"}


# Builds one package after the other until it is killed.
PACK = """
import django; django.setup()
from guanshu.portal.domain.maintenance.database import migrate
migrate()
from django.test.utils import override_settings
from tests.cast import make_cast
from tests.portal.submission.conftest import Papers
from tests.survey.intake import makers
papers = Papers(make_cast()).ready()
print("ready", flush=True)
turn = 0
while True:
    turn += 1
    papers.type("4", {"rows": [{"id": "a", "cells": {"museum": "保定市科技馆", "amount": f"{turn}.00"}}]})
    papers.compare()
    papers.build()
    print(turn, flush=True)
"""
LOOK = """
import django; django.setup()
import hashlib, zipfile
from django.core.files.storage import default_storage
from guanshu.portal.models import AuditRecord, Package, StoredFile
from guanshu.portal.queries.files import key_of, path_of
from guanshu.portal.queries.verification import verify_audit
packages = list(Package.objects.order_by("serial").select_related("file"))
assert [p.serial for p in packages] == list(range(1, len(packages) + 1))
assert StoredFile.objects.filter(purpose="package").count() == len(packages)
assert AuditRecord.objects.filter(action="build_package").count() == len(packages)
assert sum(p.file.superseded_at is None for p in packages) == min(len(packages), 1)
for package in packages:
    with open(path_of(package.file), "rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == package.file.sha256
    with zipfile.ZipFile(path_of(package.file)) as pack:
        assert pack.testzip() is None
        assert sorted(pack.namelist()) == sorted(line["name"] for line in package.manifest)
assert list(verify_audit()) == []
print("whole", len(packages))
"""


@pytest.mark.slow
@pytest.mark.parametrize("steps", [1, 2, 4])
def test_kill_9_in_the_middle_of_packing(environ: dict[str, str], steps: int) -> None:
    process = subprocess.Popen([sys.executable, "-c", PACK], env=environ, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(steps):
        assert process.stdout.readline()
    time.sleep(random.random() * 0.4)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    told = steps - 1 + len(process.stdout.read().split())
    seen = subprocess.run([sys.executable, "-c", LOOK], env=environ, capture_output=True, text=True, check=False)
    assert seen.stdout.startswith("whole"), seen.stderr
    assert told <= int(seen.stdout.split()[1]) <= told + 1


def test_the_package_is_the_one_that_was_asked_for(papers: Papers) -> None:
    papers.ready()
    first = build_package(filing=papers.filing, actor=papers.cast.province, now=papers.later())
    with zipfile.ZipFile(path_of(first.file)) as pack:
        assert pack.testzip() is None
    papers.do(FilingAction.SUBMIT)
    papers.do(FilingAction.RETURN)
    again = papers.build()
    assert (again.serial, again.basis) == (2, first.basis)
