"""Facts appear with the submission and are gone with it, figure by figure."""

from decimal import Decimal

import pytest

from guanshu.portal.models import IndicatorFact, ReportFact
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.portal.workflow.conftest import Way


@pytest.mark.parametrize("state", list(State))
def test_facts_are_there_exactly_while_a_report_is_submitted(way: Way, state: State) -> None:
    way.to(state)
    submitted = state in {State.SUBMITTED, State.APPROVED}
    assert [fact.state for fact in ReportFact.objects.all()] == ([state.value] if submitted else [])
    assert IndicatorFact.objects.exists() is submitted


def test_what_the_facts_say(way: Way) -> None:
    way.to(State.SUBMITTED)
    fact = ReportFact.objects.get()
    assert (fact.year, fact.museum.code, fact.province.code, fact.level, fact.free) == (
        2022, "130600001", "130000", "county", True
    )  # fmt: skip
    figures = {f.indicator: (f.value, f.scale) for f in IndicatorFact.objects.all()}
    # Every number, computed ones included; nothing for what is blank, 不适用 or no number.
    assert figures == {
        "land_area": (910000, 2),
        "building_area": (500000, 2),
        "hall_area": (400000, 2),
        "both_areas": (1410000, 2),
        "free_days": (300, 0),
        "staff_total__own": (10, 0),
        "staff_total__hired": (4, 0),
        "staff_female__own": (5, 0),
        "goods": (3, 0),
    }
    assert all(isinstance(Decimal(value).scaleb(-scale), Decimal) for value, scale in figures.values())


def test_facts_follow_every_way_out_and_in(way: Way) -> None:
    way.to(State.SUBMITTED)
    rounds = [
        (Action.WITHDRAW_SUBMISSION, 0), (Action.SUBMIT, 9), (Action.RETURN, 0), (Action.SUBMIT_IN_HOUSE, 0),
        (Action.PASS_IN_HOUSE, 0), (Action.SUBMIT, 9), (Action.START_REVIEW, 9), (Action.APPROVE, 9),
        (Action.REVOKE_APPROVAL, 0), (Action.SUBMIT_IN_HOUSE, 0), (Action.PASS_IN_HOUSE, 0), (Action.SUBMIT, 9),
        (Action.APPROVE, 9), (Action.NATIONAL_RETURN, 0),
    ]  # fmt: skip
    for action, count in rounds:
        way.do(action)
        assert (IndicatorFact.objects.count(), ReportFact.objects.count()) == (count, bool(count)), action


def test_facts_are_those_of_the_version(way: Way) -> None:
    way.to(State.RETURNED_BY_PROVINCE)
    way.type({"land_area": "9200"})
    way.do(Action.SUBMIT_IN_HOUSE)
    way.do(Action.PASS_IN_HOUSE)
    way.stamp()
    way.do(Action.SUBMIT)
    assert IndicatorFact.objects.get(indicator="land_area").value == 920000
