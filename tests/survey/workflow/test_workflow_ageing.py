"""Who has a report in hand, and by when it should be reviewed."""

from datetime import date

import pytest

from guanshu.survey.workflow.ageing import holder, review_by
from guanshu.survey.workflow.calendar import Holidays
from guanshu.survey.workflow.report import TRANSITIONS
from guanshu.survey.workflow.states import State

NONE = Holidays()
DUE = date(2023, 2, 20)


@pytest.mark.parametrize(
    ("submitted", "expected"),
    [
        (date(2023, 2, 3), date(2023, 2, 8)),
        (date(2023, 2, 16), date(2023, 2, 20)),
        (date(2023, 2, 19), date(2023, 2, 20)),
        (date(2023, 2, 22), date(2023, 2, 27)),
    ],
)
def test_three_working_days_and_never_beyond_the_deadline(submitted: date, expected: date) -> None:
    assert review_by(submitted, DUE, NONE) == expected


def test_whoever_holds_a_report_can_move_it_on() -> None:
    who = {"filler": "填报人", "reviewer": "审核人", "province": "省级"}
    for state in State:
        movers = {who[actor.value] for line in TRANSITIONS.values() if state in line.sources for actor in line.actors
                  if actor.value in who}  # fmt: skip
        assert holder(state) in movers | {""}, state
    assert [state for state in State if not holder(state)] == [State.APPROVED, State.EXEMPT]
