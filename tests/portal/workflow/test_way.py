"""The way of one report, step by step, and what each step leaves behind."""

import pytest

from guanshu.portal.queries.verification import verify_audit
from guanshu.portal.queries.workflow import history
from guanshu.survey.workflow.states import State
from tests.portal.workflow.conftest import Way


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_reached(way: Way, state: State) -> None:
    way.to(state)
    assert list(verify_audit()) == []
    print([(e.action, e.role, e.before, e.after) for e in history(way.report)])
