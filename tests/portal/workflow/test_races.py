"""Two at once: what is frozen is what is live, one of two equal actions wins, and no chain is torn."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection

from guanshu.portal.domain.reporting import perform
from guanshu.portal.models import AuditRecord, Report, ReportVersion
from guanshu.portal.problems import OperationProblem, WrongState
from guanshu.portal.queries.comparison import changes_between
from guanshu.portal.queries.stored import memory
from guanshu.portal.queries.verification import verify_audit
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.cast import NOW, make_cast
from tests.portal.conftest import save_as
from tests.portal.workflow.conftest import Way

ROUNDS = 12


@pytest.fixture
def racing(transactional_db: None) -> Way:
    return Way(make_cast())


def at_once(*works: Callable[[], object]) -> list[BaseException | None]:
    """Run these in threads that start together; return what each raised."""
    raised: list[BaseException | None] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def run(place: int) -> None:
        try:
            gate.wait()
            works[place]()
        except BaseException as error:
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def save(way: Way, seen: str, new: str) -> Callable[[], object]:
    report = way.report
    return lambda: save_as(way.cast.filler, report, {"land_area": (seen, new)})


def step(way: Way, action: Action, who: str, pause: float = 0) -> Callable[[], object]:
    report = way.report

    def run() -> None:
        time.sleep(pause)
        perform(report=report, actor=way.who(who), action=action, now=NOW)

    return run


def test_a_save_and_a_submission_at_once_never_freeze_what_is_not_live(racing: Way) -> None:
    racing.to(State.FILLING)
    value, late = 9100, 0
    for turn in range(ROUNDS):
        saved, submitted = at_once(
            save(racing, f"{value}.00", str(value + 1)),
            # Spread over the time a save takes, so that each comes first now and then.
            step(racing, Action.SUBMIT_IN_HOUSE, "filler", turn % 4 * 0.004),
        )
        assert submitted is None
        assert saved is None or isinstance(saved, WrongState)
        late += saved is not None
        value += saved is None
        perform(report=racing.report, actor=racing.cast.reviewer, action=Action.PASS_IN_HOUSE, now=NOW)
        memory.clear()
        version = ReportVersion.objects.get(report=racing.report, number=racing.report.version)
        assert version.snapshot["tables"]["1-1"]["cells"]["land_area"] == f"{value}.00"
        assert changes_between(version) == {}
        racing.do(Action.RETURN_TO_FILLER)
    assert late < ROUNDS
    assert list(verify_audit()) == []


def test_nothing_slips_in_while_a_report_is_frozen(racing: Way) -> None:
    racing.to(State.IN_REVIEW)
    for turn in range(ROUNDS):
        value = f"{9100 + turn}.00"
        passed, withdrawn, saved = at_once(
            step(racing, Action.PASS_IN_HOUSE, "reviewer"),
            step(racing, Action.WITHDRAW, "filler", turn % 3 * 0.003),
            save(racing, value, str(9101 + turn)),
        )
        # Exactly one of reviewer and filler is first; a save fits after the filler only.
        assert [type(error) for error in (passed, withdrawn) if error] == [WrongState]
        assert saved is None or (isinstance(saved, OperationProblem) and saved.status == 409)
        if racing.state is State.AWAITING_STAMP:
            assert saved is not None
            version = ReportVersion.objects.get(report=racing.report, number=racing.report.version)
            assert changes_between(version) == {}
            racing.do(Action.RETURN_TO_FILLER)
        if saved is not None:
            racing.type({"land_area": str(9101 + turn)})
        racing.do(Action.SUBMIT_IN_HOUSE)
    assert list(verify_audit()) == []


@pytest.mark.parametrize(
    ("state", "action", "who"),
    [
        (State.FILLING, Action.SUBMIT_IN_HOUSE, "filler"),
        (State.IN_REVIEW, Action.PASS_IN_HOUSE, "reviewer"),
        (State.AWAITING_STAMP, Action.SUBMIT, "reviewer"),
        (State.SUBMITTED, Action.START_REVIEW, "province"),
        (State.SUBMITTED, Action.APPROVE, "province"),
    ],
)
def test_of_equal_actions_at_once_one_is_done(racing: Way, state: State, action: Action, who: str) -> None:
    racing.to(state)
    if state is State.AWAITING_STAMP:
        racing.stamp()
    raised = at_once(*(step(racing, action, who) for _ in range(6)))
    assert sorted(type(error).__name__ for error in raised if error) == ["WrongState"] * 5
    assert AuditRecord.objects.filter(action=action.value).count() == 1
    assert list(verify_audit()) == []


def test_withdrawing_and_starting_the_review_exclude_each_other(racing: Way) -> None:
    racing.to(State.SUBMITTED)
    raised = at_once(
        step(racing, Action.WITHDRAW_SUBMISSION, "reviewer"), step(racing, Action.START_REVIEW, "province")
    )
    assert [type(error) for error in raised if error] == [WrongState]
    report = Report.objects.get(pk=racing.report.pk)
    assert (report.state == "submitted") is (report.review_started_at is not None)
