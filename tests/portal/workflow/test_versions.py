"""What 馆内审核通过 freezes: the live content exactly, in a new version only when it differs; people encrypted."""

import json

import pytest

from guanshu.portal import crypto
from guanshu.portal.models import QuestionnaireVersion, ReportVersion, StoredFile
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.frozen import frozen
from guanshu.portal.queries.reports import open_report
from guanshu.portal.queries.stored import decrypt_table
from guanshu.survey.values.missing import BLANK
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.snapshot import content_hash, make_snapshot
from guanshu.survey.workflow.states import State
from tests.portal.workflow.conftest import Way, keep


def live_hash(way: Way) -> str:
    opened = open_report(way.report)
    sha256 = QuestionnaireVersion.objects.get(pk=way.report.questionnaire_id).sha256
    snapshot = make_snapshot(
        opened.compiled.questionnaire, opened.answers, opened.evaluation,
        report=way.report.number, questionnaire_hash=sha256,
    )  # fmt: skip
    return snapshot.content_hash


def again(way: Way, changes: dict[str, object]) -> ReportVersion:
    """Send a submitted report back, let it be changed, and freeze it again."""
    if way.state is State.SUBMITTED:
        way.do(Action.RETURN)
    else:
        way.do(Action.RETURN_TO_FILLER)
    if changes:
        way.type(changes)
    way.do(Action.SUBMIT_IN_HOUSE)
    way.do(Action.PASS_IN_HOUSE)
    return ReportVersion.objects.get(report=way.report, number=way.report.version)


def test_frozen_is_what_is_live(way: Way) -> None:
    way.to(State.AWAITING_STAMP)
    version = ReportVersion.objects.get()
    opened = open_report(way.report)
    told = frozen(way.report, version)
    assert (version.number, version.made_by, version.content_hash) == (1, "C130600001", live_hash(way))
    assert told.answers.cells["leader"] == "赵示例"
    assert {v for address, v in opened.evaluation.values.items() if address not in told.values} == {BLANK}
    assert all(told.values[address] == opened.evaluation.values[address] for address in told.values)


def test_people_are_encrypted_in_a_version_and_the_hash_is_over_the_plaintext(way: Way) -> None:
    way.to(State.AWAITING_STAMP)
    version = ReportVersion.objects.get()
    kept = json.dumps(version.snapshot, ensure_ascii=False)
    assert "赵示例" not in kept
    assert "13800138001" not in kept
    cells = version.snapshot["tables"]["1-1"]["cells"]
    assert crypto.is_encrypted(cells["leader"])
    found = form(way.report.questionnaire_id)
    tables = {n: decrypt_table(d, n, way.report.number, found) for n, d in version.snapshot["tables"].items()}
    plain = {**version.snapshot, "tables": tables}
    assert content_hash(found.compiled.questionnaire, plain) == version.content_hash


def test_a_value_changed_and_changed_back_keeps_version_and_stamp(way: Way) -> None:
    way.to(State.SUBMITTED)
    way.do(Action.RETURN)
    way.type({"land_area": "9000"})
    way.type({"land_area": "9100"})
    way.do(Action.SUBMIT_IN_HOUSE)
    way.do(Action.PASS_IN_HOUSE)
    assert way.report.version == 1
    way.do(Action.SUBMIT)
    assert ReportVersion.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"land_area": "9000"},
        {"leader": "钱示例"},
        {"remark": "另附说明"},
        {"3-1.na": None, "shows.none": True},
    ],
)
def test_anything_else_makes_a_new_version(way: Way, changes: dict[str, object]) -> None:
    way.to(State.SUBMITTED)
    version = again(way, changes)
    assert (version.number, ReportVersion.objects.count()) == (2, 2)
    back = again(way, {"land_area": "9100.0"} if "land_area" in changes else {"remark": "又一说明"})
    assert back.number == 3


def test_files_do_not_make_a_version_but_their_names_are_kept(way: Way) -> None:
    way.to(State.RETURNED_IN_HOUSE)
    keep(way.report, "plan", way.now)
    assert ReportVersion.objects.count() == 0
    way.do(Action.SUBMIT_IN_HOUSE)
    way.do(Action.PASS_IN_HOUSE)
    first = ReportVersion.objects.get()
    assert first.snapshot["tables"]["1-1"]["cells"]["plan"] == "plan.pdf"
    way.do(Action.RETURN_TO_FILLER)
    StoredFile.objects.update(superseded_at=way.now)
    way.do(Action.SUBMIT_IN_HOUSE)
    way.do(Action.PASS_IN_HOUSE)
    assert ReportVersion.objects.get() == first
