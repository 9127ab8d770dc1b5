"""Every action × state × role through the real operation, as a grid to read.

Columns are the states in the order of the product: not started, filling, in review, returned in house, awaiting stamp,
submitted, returned by province, approved, exempt. `x` it is done, `.` WrongState (409), `?` something must be given
first (422), `!` blocked (422), `_` it happens by itself (400). Everybody else gets NotYours (403) everywhere.
"""

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from guanshu.portal.models import AuditRecord, Report, SaveRecord, StoredFile, TableAnswers
from guanshu.portal.problems import Blocked, Incomplete, NotYours, OperationProblem, Unusable, WrongState
from guanshu.portal.queries.workflow import situation
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.cast import SHANGHAI
from tests.portal.workflow.conftest import Way, keep

EVERYBODY = [
    "filler", "reviewer", "other_filler", "province", "city", "other_province", "system", "viewer", "free_reviewer",
    "operations", "auditor",
]  # fmt: skip

# NS FI IR RH AS SU RP AP EX
GRID = """
begin                filler              _ . . . . . . . .
submit_in_house      filler              . x . x . . x . .
withdraw             filler              . . x . . . . . .
return_to_filler     reviewer            . . x . x . . . .
pass_in_house        reviewer            . . x . . . . . .
upload_stamp         filler              . . . . ? . . . .
upload_stamp         reviewer            . . . . ? . . . .
submit               reviewer            . . . . x . . . .
withdraw_submission  reviewer            . . . . . x . . .
start_review         province            . . . . . x . . .
approve              province            . . . . . x . . .
return               province            . . . . . x . . .
revoke_approval      province            . . . . . . . x .
record_unfinished    province            . . . . . . x . .
declare_exempt       province            x x x x x . . . .
withdraw_exempt      province            . . . . . . . . x
refuse_exempt        system              . . . . . . . . x
national_return      system              . . . . . . . x .
"""
LINES = [line.split() for line in GRID.strip().splitlines()]
KINDS: dict[str, type[OperationProblem]] = {".": WrongState, "?": Incomplete, "!": Blocked, "_": Unusable}
# After the window of a return (02-09), before the deadline: 记为未按期完成 is possible where it makes sense.
LATER = datetime(2023, 2, 10, 23, 0, tzinfo=SHANGHAI)


def attempt(way: Way, action: Action, who: str) -> type[OperationProblem] | None:
    """Try the action with everything it needs, and undo it; return how it was refused."""
    given: dict[str, Any] = {"now": LATER}
    with transaction.atomic():
        if action is Action.DECLARE_EXEMPT:
            given["file"] = keep(way.report, StoredFile.EXEMPTION, LATER)
        values = answers()
        try:
            with transaction.atomic():
                way.do(action, who, **given)
            # Nobody changes a value by moving a report on.
            assert answers() == values
        except OperationProblem as problem:
            return type(problem) if problem.message.endswith("。") else None
        finally:
            transaction.set_rollback(True)
    return None


def answers() -> list[Any]:
    return [*TableAnswers.objects.order_by("pk").values(), SaveRecord.objects.count()]


@pytest.mark.parametrize("state", list(State))
def test_every_action_by_everybody_in_every_state(way: Way, state: State) -> None:
    way.to(state)
    if state is State.AWAITING_STAMP:
        way.stamp()
    before = Report.objects.values().get(pk=way.report.pk), AuditRecord.objects.count()
    column = list(State).index(state)
    expected = {(action, who): KINDS.get(marks[column]) for action, who, *marks in LINES}
    for action in Action:
        for who in EVERYBODY:
            found = attempt(way, action, who)
            wanted = expected.get((action.value, who), NotYours)
            assert found is wanted, f"{action.value} by {who} in {state.value}: {found}"
    assert (Report.objects.values().get(pk=way.report.pk), AuditRecord.objects.count()) == before


def test_the_grid_names_every_action_once_a_role() -> None:
    assert {line[0] for line in LINES} == {action.value for action in Action}
    assert len({tuple(line[:2]) for line in LINES}) == len(LINES)
    assert all(len(line) == 2 + len(State) for line in LINES)


@pytest.mark.parametrize("state", list(State))
def test_a_button_is_there_if_and_only_if_the_grid_says_so(way: Way, state: State, settings: Any) -> None:
    way.to(state)
    settings.GUANSHU_TODAY = "2023-02-10"
    if state is State.AWAITING_STAMP:
        way.stamp()
    column = list(State).index(state)
    for who in EVERYBODY:
        offered = {action.value for action in situation(report(way), way.who(who)).actions}
        assert offered == {action for action, name, *marks in LINES if name == who and marks[column] in "x?"}


def report(way: Way) -> Report:
    from guanshu.portal.access import reports

    return reports().get(pk=way.report.pk)


def test_a_stranger_or_a_blocked_account_can_do_nothing(way: Way) -> None:
    way.to(State.FILLING)
    way.cast.filler.is_active = False
    assert attempt(way, Action.SUBMIT_IN_HOUSE, "filler") is NotYours
    way.cast.campaign.closed = True
    way.cast.campaign.save()
    way.cast.filler.is_active = True
    assert attempt(way, Action.SUBMIT_IN_HOUSE, "filler") is WrongState
