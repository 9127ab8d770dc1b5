"""信息上报: every action × state × actor against a grid written by hand from product §6, and the machine at random."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanshu.survey.workflow.actions import Actor
from guanshu.survey.workflow.filing import (
    FILED,
    FILING_TRANSITIONS,
    FilingAction,
    FilingFacts,
    FilingGiven,
    filing_allowed,
    filing_destination,
    filing_lacking,
    filing_refusal,
)
from guanshu.survey.workflow.filingstates import FILING_EDITABLE, FilingState

DUE = date(2023, 2, 25)
FACTS = FilingFacts(today=date(2023, 2, 24), deadline=DUE)
COLUMNS = [FilingState.PREPARING, FilingState.SUBMITTED, FilingState.RETURNED, FilingState.ACCEPTED]
# preparing submitted returned accepted: who may, and where it leads (= no change, < back to where it came from)
GRID = """
submit_filing    P:submitted  .             P:submitted  .
withdraw_filing  .            P:<           .            .
open_filing      .            N:=           .            .
return_filing    .            N:returned    .            N:returned
accept_filing    .            N:accepted    .            .
extend_filing    N:=          .             N:=          .
"""
ACTORS = {"P": Actor.PROVINCE, "N": Actor.NATION}


def cells() -> list[tuple[FilingAction, FilingState, str]]:
    return [
        (FilingAction(name), state, cell)
        for name, *line in map(str.split, GRID.strip().splitlines())
        for state, cell in zip(COLUMNS, line, strict=True)
    ]


@pytest.mark.parametrize(("action", "state", "cell"), cells())
def test_the_grid(action: FilingAction, state: FilingState, cell: str) -> None:
    for actor in Actor:
        refused = filing_refusal(action, state, actor, FACTS)
        assert (refused == "") == (cell != "." and ACTORS[cell[0]] is actor)
        assert refused == "" or refused.endswith("。")
    if cell == ".":
        return
    where = cell[2:]
    for returned in (False, True):
        to = filing_destination(action, state, replace(FACTS, returned=returned))
        before = FilingState.RETURNED if returned else FilingState.PREPARING
        assert to is {"=": state, "<": before}.get(where) or to.value == where


def test_the_grid_names_every_action() -> None:
    assert {action for action, _, _ in cells()} == set(FilingAction) == set(FILING_TRANSITIONS)
    assert set(FilingState) - FILED == FILING_EDITABLE


def test_the_first_submission_is_held_back_by_the_deadline_and_let_go_by_an_extension() -> None:
    def refused(**facts: object) -> str:
        return filing_refusal(
            FilingAction.SUBMIT,
            FilingState.PREPARING,
            Actor.PROVINCE,
            replace(FACTS, **facts),  # type: ignore[arg-type]
        )

    assert refused(today=DUE) == ""
    assert "2023年2月25日" in refused(today=DUE + timedelta(days=1))
    assert refused(today=date(2023, 3, 1), deadline=date(2023, 3, 1)) == ""
    # It was handed in once and taken back: the deadline was met.
    assert refused(today=date(2023, 3, 1), submitted_before=True) == ""


def test_a_return_opens_a_window_after_which_it_is_late_but_taken() -> None:
    facts = replace(
        FACTS, today=date(2023, 3, 11), returned=True, submitted_before=True, window_until=date(2023, 3, 10)
    )
    assert filing_refusal(FilingAction.SUBMIT, FilingState.RETURNED, Actor.PROVINCE, facts) == ""
    assert facts.late
    assert not replace(facts, today=date(2023, 3, 10)).late


def test_what_the_nation_has_opened_cannot_be_withdrawn() -> None:
    assert filing_allowed(FilingState.SUBMITTED, Actor.PROVINCE, FACTS) == (FilingAction.WITHDRAW,)
    opened = replace(FACTS, opened=True)
    assert filing_allowed(FilingState.SUBMITTED, Actor.PROVINCE, opened) == ()
    assert filing_allowed(FilingState.SUBMITTED, Actor.NATION, opened) == (FilingAction.RETURN, FilingAction.ACCEPT)


def test_a_closed_year_does_not_move() -> None:
    closed = replace(FACTS, closed=True)
    assert not any(filing_allowed(state, actor, closed) for state in FilingState for actor in Actor)


@pytest.mark.parametrize(
    ("action", "given_", "says"),
    [
        (FilingAction.SUBMIT, FilingGiven(), "还没有上报材料包"),
        (FilingAction.SUBMIT, FilingGiven(has_package=True), ""),
        (FilingAction.RETURN, FilingGiven(until=DUE), "原因"),
        (FilingAction.RETURN, FilingGiven("缺附件"), "截止日期"),
        (FilingAction.RETURN, FilingGiven("缺附件", date(2023, 2, 23)), "不能早于今天"),
        (FilingAction.RETURN, FilingGiven("缺附件", date(2023, 2, 24)), ""),
        (FilingAction.RETURN, FilingGiven("多" * 501, DUE), "最多 500 个字"),
        (FilingAction.EXTEND, FilingGiven("", date(2023, 3, 1)), "理由"),
        (FilingAction.EXTEND, FilingGiven("疫情", DUE), "应晚于这一天"),
        (FilingAction.EXTEND, FilingGiven("疫情", date(2023, 3, 1)), ""),
        (FilingAction.ACCEPT, FilingGiven(), ""),
    ],
)
def test_what_must_be_given(action: FilingAction, given_: FilingGiven, says: str) -> None:
    lack = filing_lacking(action, given_, FACTS)
    assert says in lack
    assert bool(lack) == bool(says)


@given(st.lists(st.tuples(st.sampled_from(list(FilingAction)), st.sampled_from(list(Actor)), st.integers(0, 3))))
def test_at_random_nothing_is_lost_and_nothing_gets_stuck(steps: list[tuple[FilingAction, Actor, int]]) -> None:
    state, facts = FilingState.PREPARING, FACTS
    for action, actor, days in steps:
        facts = replace(facts, today=facts.today + timedelta(days=days))
        if filing_refusal(action, state, actor, facts):
            continue
        before, state = state, filing_destination(action, state, facts)
        if action is FilingAction.SUBMIT:
            facts = replace(facts, submitted_before=True, opened=False)
        if action in {FilingAction.OPEN, FilingAction.ACCEPT}:
            facts = replace(facts, opened=True)
        if action is FilingAction.RETURN:
            facts = replace(facts, returned=True, window_until=facts.today + timedelta(days=3))
        if action is FilingAction.EXTEND and not facts.returned:
            facts = replace(facts, deadline=facts.today + timedelta(days=5))
        # Only the province hands in, only the nation takes or gives back; the province takes back what nobody opened.
        if state in FILED and before not in FILED:
            assert actor is Actor.PROVINCE
        if before is FilingState.ACCEPTED:
            assert (actor, state) == (Actor.NATION, FilingState.RETURNED)
        if action is FilingAction.WITHDRAW:
            assert not facts.opened
            assert state is (FilingState.RETURNED if facts.returned else FilingState.PREPARING)
        assert any(filing_allowed(state, one, facts) for one in (Actor.PROVINCE, Actor.NATION))
