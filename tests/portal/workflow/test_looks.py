"""What the province has looked at, and what is different since."""

import pytest

from guanshu.portal.domain.reporting import mark_looked
from guanshu.portal.models import AuditRecord, ReportFact, ReportLook
from guanshu.portal.problems import NotYours, WrongState
from guanshu.portal.queries.lists import ListFilter
from guanshu.portal.queries.ranking import Sort
from guanshu.portal.queries.review import QueueRow, has_looked, last_look, queue
from guanshu.portal.queries.signs import Signs
from guanshu.portal.queries.workflow import history
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.cast import NOW
from tests.portal.workflow.conftest import Way


def rows(way: Way, sort: Sort = Sort.DUE) -> tuple[QueueRow, ...]:
    return queue(way.cast.campaign, way.cast.hebei, ListFilter(), "", NOW.date(), sort=sort).rows


def resubmit(way: Way) -> None:
    way.do(Action.SUBMIT_IN_HOUSE)
    way.do(Action.PASS_IN_HOUSE)
    way.stamp()
    way.do(Action.SUBMIT)


def test_a_return_is_a_look_and_the_next_submission_says_what_changed(way: Way) -> None:
    way.to(State.RETURNED_BY_PROVINCE)
    look = ReportLook.objects.get()
    assert (look.version, look.side, look.by) == (1, "province", way.cast.province.username)
    way.type({"land_area": "9200", "goods": "4"})
    assert not has_looked(way.report, "province")
    resubmit(way)
    # Both cells and the sum that one of them is in.
    assert rows(way)[0].weight.unseen == 3
    assert "退回后重报，有 3 处变动" in rows(way)[0].why
    assert last_look(way.report, "province") == look


def test_a_look_settles_the_badge_and_keeps_what_it_is_compared_with(way: Way) -> None:
    way.to(State.RETURNED_BY_PROVINCE)
    way.type({"land_area": "9200"})
    resubmit(way)
    mark_looked(report=way.report, actor=way.cast.province, now=way.now)
    assert rows(way)[0].weight.unseen == 0
    assert has_looked(way.report, "province")
    found = last_look(way.report, "province")
    assert found is not None
    assert found.version == 1
    # Begun, but by nobody's word looked at.
    assert ReportLook.objects.count() == 2


def test_beginning_a_review_is_no_look_yet(way: Way) -> None:
    way.to(State.SUBMITTED)
    way.do(Action.START_REVIEW)
    assert not ReportLook.objects.exists()
    way.do(Action.APPROVE)
    assert ReportLook.objects.get().version == 1


def test_who_may_look_and_when(way: Way) -> None:
    with pytest.raises(WrongState):
        mark_looked(report=way.report, actor=way.cast.province, now=way.now)
    way.to(State.SUBMITTED)
    for stranger in (way.cast.filler, way.cast.reviewer, way.cast.other_province, way.cast.system):
        with pytest.raises(NotYours):
            mark_looked(report=way.report, actor=stranger, now=way.now)
    mark_looked(report=way.report, actor=way.cast.province, now=way.now)
    mark_looked(report=way.report, actor=way.cast.province, now=way.now)
    assert ReportLook.objects.count() == 1
    assert AuditRecord.objects.filter(action="mark_looked", object=way.report.number).count() == 2
    assert "标为已阅" not in [event.action for event in history(way.report)]


def test_facts_from_before_there_were_signs_are_read_from_the_version(way: Way) -> None:
    way.to(State.SUBMITTED)
    kept = Signs.read(ReportFact.objects.get().signs)
    assert [figure.name for figure in kept.figures] == ["building_area", "hall_area"]
    ReportFact.objects.update(signs=None)
    assert rows(way)[0].weight.signs == kept
