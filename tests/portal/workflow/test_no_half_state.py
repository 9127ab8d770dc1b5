"""A transition that breaks off anywhere leaves nothing behind: neither an error at a write nor a kill -9."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from guanshu.portal.domain.reporting import comment_on_cell, grant_extension, waive_finding
from guanshu.portal.models import (
    AuditRecord,
    AuditStream,
    CellComment,
    Exemption,
    Extension,
    IndicatorFact,
    Report,
    ReportFact,
    ReportVersion,
    ReturnNote,
    StoredFile,
    Waiver,
)
from guanshu.portal.queries.verification import verify_audit
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.cast import NOW, SHANGHAI
from tests.portal.workflow.conftest import Way, keep

EVERYTHING = (
    Report, ReportVersion, ReportFact, IndicatorFact, ReturnNote, CellComment, Exemption, Waiver, Extension,
    AuditRecord, AuditStream,
)  # fmt: skip
WRITES = ("INSERT", "UPDATE", "DELETE")
# After the window of a return.
LATER = datetime(2023, 2, 10, 9, 0, tzinfo=SHANGHAI)


class Broken(Exception):  # noqa: N818 - a case, not an error
    pass


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in EVERYTHING]


@contextmanager
def breaking_at(place: int) -> Iterator[list[str]]:
    """Raise instead of the `place`-th write; yield the writes that were done."""
    done: list[str] = []

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(WRITES):
            if len(done) == place:
                raise Broken
            done.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield done


CASES: list[tuple[State, Action]] = [
    (State.FILLING, Action.SUBMIT_IN_HOUSE),
    (State.IN_REVIEW, Action.WITHDRAW),
    (State.IN_REVIEW, Action.RETURN_TO_FILLER),
    (State.IN_REVIEW, Action.PASS_IN_HOUSE),
    (State.AWAITING_STAMP, Action.SUBMIT),
    (State.SUBMITTED, Action.WITHDRAW_SUBMISSION),
    (State.SUBMITTED, Action.START_REVIEW),
    (State.SUBMITTED, Action.APPROVE),
    (State.SUBMITTED, Action.RETURN),
    (State.APPROVED, Action.REVOKE_APPROVAL),
    (State.APPROVED, Action.NATIONAL_RETURN),
    (State.FILLING, Action.DECLARE_EXEMPT),
    (State.EXEMPT, Action.WITHDRAW_EXEMPT),
    (State.EXEMPT, Action.REFUSE_EXEMPT),
]


@pytest.mark.parametrize(("state", "action"), CASES)
def test_breaking_at_any_write_leaves_everything_as_it_was(way: Way, state: State, action: Action) -> None:
    way.to(state)
    given: dict[str, Any] = {}
    if state is State.AWAITING_STAMP:
        way.stamp()
    if action is Action.DECLARE_EXEMPT:
        given["file"] = keep(way.report, StoredFile.EXEMPTION, NOW)
    if state is State.SUBMITTED:
        comment_on_cell(report=way.report, actor=way.cast.province, address="land_area", text="?", now=NOW)
    before = everything()
    for place in range(100):
        with breaking_at(place) as done:
            try:
                way.do(action, **given)
            except Broken:
                assert everything() == before
                continue
        # Past the last write it goes through.
        break
    assert place == len(done) >= 2
    assert everything() != before
    assert list(verify_audit()) == []


def test_breaking_the_other_operations(way: Way) -> None:
    way.fill()
    way.type({"land_area": "4500"})
    report, province = way.report, way.cast.province
    for work in (
        lambda: waive_finding(report=report, actor=province, key="1-1-01", reason="属实", now=NOW),
        lambda: grant_extension(
            report=report, actor=province, until=NOW.date().replace(day=20), reason="停电", now=NOW
        ),
    ):
        before = everything()
        for place in range(20):
            with breaking_at(place):
                try:
                    work()
                except Broken:
                    assert everything() == before
                    continue
            break
        assert place >= 2
    assert list(verify_audit()) == []


EVERY = [*CASES, (State.NOT_STARTED, Action.BEGIN), (State.RETURNED_BY_PROVINCE, Action.RECORD_UNFINISHED)]


def test_every_transition_is_among_those_that_are_killed() -> None:
    """上传盖章扫描件 is an upload: tests/portal/files/test_kill_everywhere.py."""
    assert {action for _, action in EVERY} == set(Action) - {Action.UPLOAD_STAMP}


@pytest.mark.slow
@pytest.mark.parametrize(("state", "action"), EVERY)
def test_kill_9_before_every_write_of_a_transition(environ: dict[str, str], state: State, action: Action) -> None:
    """What is looked at after each kill stands in dying_transitions."""
    command = [sys.executable, "-m", "tests.portal.workflow.dying_transitions", state.value, action.value]
    # The business day is that of each `now`.
    own = {**environ, "GUANSHU_TODAY": ""}
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    steps = done.stdout.split()
    assert steps[-2:] == ["commit", "committed"]
    assert {"INSERT", "UPDATE"} <= set(steps)


# Goes round and round through the transitions of one report until it is killed.
PERFORM = """
import django; django.setup()
from datetime import timedelta
from guanshu.portal.domain.maintenance.database import migrate
migrate()
from guanshu.portal.models import Report
from tests.cast import Cast, make_cast
from tests.portal.workflow.conftest import STEPS, Way
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
way = Way(make_cast()).to(State.SUBMITTED)
print("ready", flush=True)
def do(action):
    way.do(action)
    print(action.value, flush=True)

turn = 0
while True:
    do(Action.RETURN)
    turn += 1
    way.type({"land_area": str(9000 + turn)})
    do(Action.SUBMIT_IN_HOUSE)
    do(Action.PASS_IN_HOUSE)
    way.stamp()
    do(Action.SUBMIT)
    do(Action.APPROVE)
    do(Action.REVOKE_APPROVAL)
    do(Action.SUBMIT_IN_HOUSE)
    do(Action.PASS_IN_HOUSE)
    do(Action.SUBMIT)
"""
LOOK = """
import django; django.setup()
from guanshu.portal.models import AuditRecord, IndicatorFact, Report, ReportFact, ReportVersion, ReturnNote
from guanshu.portal.queries.comparison import changes_between
from guanshu.portal.queries.verification import verify_audit
report = Report.objects.get(number="2022-130600001")
last = AuditRecord.objects.filter(stream="report:2022-130600001").order_by("-seq").first()
assert last.details["to"] == report.state, (last.details, report.state)
assert ReturnNote.objects.count() == report.round == AuditRecord.objects.filter(
    action__in=["return", "revoke_approval"]).count()
submitted = report.state in ("submitted", "approved")
assert ReportFact.objects.count() == submitted
assert IndicatorFact.objects.count() == (9 if submitted else 0)
versions = ReportVersion.objects.order_by("number")
assert [v.number for v in versions] == list(range(1, report.version + 1))
if submitted or report.state == "awaiting_stamp":
    assert changes_between(versions.last()) == {}
assert list(verify_audit()) == []
print("whole", last.seq)
"""


@pytest.mark.slow
@pytest.mark.parametrize("steps", [1, 3, 6, 11, 16])
def test_kill_9_in_the_middle_of_transitions(environ: dict[str, str], steps: int) -> None:
    """Kill a process that does nothing but transitions a moment after one of them, and look at what is there."""
    process = subprocess.Popen([sys.executable, "-c", PERFORM], env=environ, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = [process.stdout.readline().strip() for _ in range(steps + 1)]
    time.sleep(random.random() * 0.03)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    told += process.stdout.read().split()
    seen = subprocess.run([sys.executable, "-c", LOOK], env=environ, capture_output=True, text=True, check=False)
    assert seen.stdout.startswith("whole"), seen.stderr
    # Four steps led to the first submission; what was told is there, and at most the one that was being done.
    done = 4 + len(told) - 1
    assert done <= int(seen.stdout.split()[1]) <= done + 1
