"""信息上报 through the real operations: who, when, with what; what a museum may do meanwhile; drift."""

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from guanshu.portal.domain.reporting import perform
from guanshu.portal.domain.vault import digest
from guanshu.portal.models import AuditRecord, Filing, FilingReturn, Package, Report
from guanshu.portal.problems import Incomplete, NotReady, NotYours, OperationProblem, WrongState
from guanshu.portal.queries.files import path_of
from guanshu.portal.queries.filingstanding import filing_receipts, filing_situation
from guanshu.portal.queries.packages import drift
from guanshu.portal.queries.verification import verify_audit
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.filing import FilingAction
from guanshu.survey.workflow.filingstates import FilingState
from guanshu.survey.workflow.states import State
from tests.cast import SHANGHAI
from tests.portal.submission.conftest import LISTS, Papers
from tests.portal.workflow.conftest import Way
from tests.survey.intake import makers

# PREPARING SUBMITTED RETURNED ACCEPTED, everything being ready
GRID = """
submit_filing    province  x . x .
withdraw_filing  province  . x . .
open_filing      system    . x . .
return_filing    system    . x . x
accept_filing    system    . x . .
extend_filing    system    x . x .
"""
LINES = {(line[0], line[1]): line[2:] for line in map(str.split, GRID.strip().splitlines())}
EVERYBODY = ["province", "other_province", "system", "viewer", "free_reviewer", "filler", "reviewer", "auditor"]


def attempt(papers: Papers, action: FilingAction, who: str) -> type[OperationProblem] | None:
    with transaction.atomic():
        try:
            with transaction.atomic():
                papers.do(action, actor=getattr(papers.cast, who))
        except OperationProblem as problem:
            return type(problem)
        finally:
            transaction.set_rollback(True)
    return None


@pytest.mark.parametrize("state", list(FilingState))
def test_every_action_by_everybody_in_every_state(papers: Papers, state: FilingState) -> None:
    papers.to(state)
    if state is FilingState.RETURNED:
        papers.build()
    column = [FilingState.PREPARING, FilingState.SUBMITTED, FilingState.RETURNED, FilingState.ACCEPTED].index(state)
    for action in FilingAction:
        for who in EVERYBODY:
            marks = LINES.get((action.value, who))
            wanted = NotYours if marks is None else {"x": None, ".": WrongState}[marks[column]]
            assert attempt(papers, action, who) is wanted, f"{action.value} by {who} in {state.value}"
    assert list(verify_audit()) == []


@pytest.mark.parametrize("state", list(FilingState))
def test_a_button_is_there_if_and_only_if_the_grid_says_so(papers: Papers, state: FilingState, settings: Any) -> None:
    papers.to(state)
    settings.GUANSHU_TODAY = "2023-02-10"
    column = [FilingState.PREPARING, FilingState.SUBMITTED, FilingState.RETURNED, FilingState.ACCEPTED].index(state)
    for who in EVERYBODY:
        offered = {action.value for action in filing_situation(papers.filing, getattr(papers.cast, who)).actions}
        assert offered == {name for (name, person), marks in LINES.items() if person == who and marks[column] == "x"}


def test_the_whole_way_with_receipts_and_a_second_round(papers: Papers) -> None:
    papers.ready().submit()
    assert papers.state is FilingState.SUBMITTED
    (receipt,) = filing_receipts(papers.filing)
    assert receipt.package.file.sha256 == digest(Path(path_of(receipt.package.file)))
    assert not receipt.late
    papers.do(FilingAction.OPEN)
    with pytest.raises(WrongState, match="已经开始查看"):
        papers.do(FilingAction.WITHDRAW)
    papers.do(FilingAction.RETURN)
    assert papers.state is FilingState.RETURNED
    assert FilingReturn.objects.get().reason == "附件5 与上年不符"
    papers.type("5", {"rows": [{"id": "p", "cells": {"museum": "唐山市科技馆", "hall_area": "2100.00"}}]})
    papers.upload("planned-word", makers.word("改过的"))
    papers.upload("planned-scan", makers.pdf(3))
    with pytest.raises(NotReady) as refused:
        papers.do(FilingAction.SUBMIT)
    assert "重新核对" in refused.value.sentences[0]
    papers.compare()
    papers.submit()
    assert [each.place for each in filing_receipts(papers.filing)] == [2, 1]
    papers.do(FilingAction.ACCEPT)
    assert papers.state is FilingState.ACCEPTED
    assert papers.filing.first_submitted_at is not None
    assert list(verify_audit()) == []


def test_it_can_be_withdrawn_until_it_is_opened_and_goes_back_where_it_was(papers: Papers) -> None:
    papers.to(FilingState.SUBMITTED)
    papers.do(FilingAction.WITHDRAW)
    assert papers.state is FilingState.PREPARING
    papers.submit()
    papers.do(FilingAction.RETURN)
    papers.submit()
    papers.do(FilingAction.WITHDRAW)
    assert papers.state is FilingState.RETURNED


def test_the_deadline_and_an_extension(papers: Papers) -> None:
    papers.to(FilingState.PREPARING)
    papers.now = datetime(2023, 2, 26, 0, 1, tzinfo=SHANGHAI)
    with pytest.raises(WrongState, match="延期"):
        papers.do(FilingAction.SUBMIT)
    papers.do(FilingAction.EXTEND)
    papers.do(FilingAction.SUBMIT)
    assert not filing_receipts(papers.filing)[0].late
    papers.now = datetime(2023, 3, 1, 9, 0, tzinfo=SHANGHAI)
    papers.do(FilingAction.RETURN)
    papers.now = datetime(2023, 3, 4, 9, 0, tzinfo=SHANGHAI)
    papers.submit()
    assert filing_receipts(papers.filing)[0].late


def test_without_a_package_or_with_an_old_one_nothing_is_handed_in(papers: Papers) -> None:
    papers.ready()
    with pytest.raises(Incomplete):
        papers.do(FilingAction.SUBMIT, package=None)
    first = papers.build()
    assert papers.build().pk == first.pk
    papers.upload("free-scan", makers.pdf(4))
    papers.compare()
    papers.build()
    with pytest.raises(WrongState, match="更新的材料包"):
        papers.do(FilingAction.SUBMIT, package=first)


def reopened(papers: Papers) -> None:
    Way(papers.cast).do(Action.REVOKE_APPROVAL)


def changed_list(papers: Papers) -> None:
    papers.type("4", {"rows": [{"id": "a", "cells": {"museum": "保定市科技馆", "amount": "99.00"}}]})


def replaced_scan(papers: Papers) -> None:
    papers.upload("construction-scan", makers.pdf(5))


def changed_version(papers: Papers) -> None:
    """Open a museum again, change a figure, and have it approved again: same state, other data."""
    way = Way(papers.cast)
    way.do(Action.REVOKE_APPROVAL)
    way.type({"land_area": "9200"})
    way.do(Action.SUBMIT_IN_HOUSE)
    way.do(Action.PASS_IN_HOUSE)
    way.stamp()
    way.do(Action.SUBMIT)
    way.do(Action.APPROVE)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (reopened, "保定市科技馆：由「已完成（已通过）」变为「未完成」。"),
        (changed_version, "保定市科技馆：数据由 V1 变为 V2。"),
        (changed_list, "「附件4」的内容有改动。"),
        (replaced_scan, "「附件6 盖章扫描件」已更换。"),
    ],
)
def test_any_change_after_packaging_outdates_the_package_and_is_named(papers: Papers, change: Any, said: str) -> None:
    papers.ready()
    package = papers.build()
    assert not drift(package, papers.opened).outdated
    change(papers)
    found = drift(package, papers.opened)
    assert found.outdated
    assert said in found.changes
    with pytest.raises((WrongState, NotReady)):
        papers.do(FilingAction.SUBMIT, package=package)
    assert papers.state is FilingState.PREPARING


def test_drift_is_found_under_the_lock_even_when_the_checklist_is_complete_again(papers: Papers) -> None:
    papers.ready()
    package = papers.build()
    changed_version(papers)
    papers.confirm()
    assert papers.check.ready
    with pytest.raises(WrongState, match="数据由 V1 变为 V2"):
        papers.do(FilingAction.SUBMIT, package=package)
    papers.submit()
    assert papers.state is FilingState.SUBMITTED


def test_a_value_changed_and_changed_back_outdates_nothing(papers: Papers) -> None:
    papers.ready()
    package = papers.build()
    changed_list(papers)
    papers.type("4", LISTS["4"])
    assert not drift(package, papers.opened).outdated


HELD = [
    (State.APPROVED, Action.REVOKE_APPROVAL, "本省已上报"),
    (State.APPROVED, Action.NATIONAL_RETURN, "该省已上报"),
    (State.SUBMITTED, Action.APPROVE, "本省已上报"),
    (State.AWAITING_STAMP, Action.SUBMIT, "本省已上报"),
    (State.EXEMPT, Action.WITHDRAW_EXEMPT, "本省已上报"),
    (State.EXEMPT, Action.REFUSE_EXEMPT, "该省已上报"),
]


@pytest.mark.parametrize(("state", "action", "said"), HELD)
@pytest.mark.parametrize("filed", [FilingState.SUBMITTED, FilingState.ACCEPTED])
def test_what_was_filed_stands_still(
    papers: Papers, state: State, action: Action, said: str, filed: FilingState
) -> None:
    way = Way(papers.cast).to(state)
    if state is State.AWAITING_STAMP:
        way.stamp()
    Filing.objects.filter(pk=papers.filing.pk).update(state=filed.value)
    with pytest.raises(WrongState, match=said):
        way.do(action)
    Filing.objects.filter(pk=papers.filing.pk).update(state=FilingState.RETURNED.value)
    way.do(action)


def test_an_exemption_is_not_declared_behind_the_back_of_a_filing(papers: Papers) -> None:
    way = Way(papers.cast).to(State.FILLING)
    Filing.objects.filter(pk=papers.filing.pk).update(state=FilingState.SUBMITTED.value)
    with pytest.raises(WrongState, match="本省已上报"):
        way.exempt()
    # Another province's filing is no matter, and what moves no result goes on.
    way.do(Action.SUBMIT_IN_HOUSE)
    assert (
        perform(report=way.report, actor=papers.cast.reviewer, action=Action.PASS_IN_HOUSE, now=papers.now).state
        == State.AWAITING_STAMP.value
    )


def test_a_recorded_museum_does_not_block(papers: Papers) -> None:
    papers.ready()
    Report.objects.filter(museum=papers.cast.shijiazhuang).update(state=State.FILLING.value)
    assert any("石家庄市科技馆" in problem for problem in papers.check.problems)
    Report.objects.filter(museum=papers.cast.shijiazhuang).update(overdue_reason="闭馆装修，多次联系未果")
    assert papers.check.ready
    package = papers.build()
    with zipfile.ZipFile(path_of(package.file)) as pack:
        assert "石家庄市科技馆：闭馆装修" in pack.read("README.txt").decode("utf-8-sig")


def test_history_holds_every_step(papers: Papers) -> None:
    papers.to(FilingState.ACCEPTED)
    actions = list(AuditRecord.objects.filter(stream="filing:2022-130000").values_list("action", flat=True))
    assert actions[-3:] == ["build_package", "submit_filing", "accept_filing"]
    assert Package.objects.get().submitted_at is not None
