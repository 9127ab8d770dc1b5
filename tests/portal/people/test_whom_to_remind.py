"""Reminders name the museum, so they go to the number on record and never to one that was given up."""

from datetime import date, timedelta

import pytest

from guanshu.portal.access import reports
from guanshu.portal.domain.handing_over import replace_holder
from guanshu.portal.queries.phones import phones_of
from guanshu.survey.workflow.actions import Actor
from tests.cast import NOW, Cast
from tests.portal.people.conftest import LI, ZHANG, put
from tests.portal.workflow.conftest import Way

pytestmark = pytest.mark.django_db
TYPED = "13722223333"


def number(cast: Cast) -> str:
    report = reports().get(pk=cast.report().pk)
    return phones_of([report])[report.pk][Actor.FILLER].number


def test_an_imported_number_gives_way_to_this_years_answer(cast: Cast, way: Way) -> None:
    put(cast.filler, ZHANG, source="import")
    way.type({"filler_mobile_cell": TYPED})
    assert number(cast) == TYPED


def test_a_number_changed_by_operations_comes_before_this_years_answer(cast: Cast, way: Way) -> None:
    way.type({"filler_mobile_cell": TYPED})
    put(cast.filler, ZHANG, source="operations")
    assert number(cast) == ZHANG.phone


def test_a_successor_is_reminded_and_not_who_left(cast: Cast, way: Way) -> None:
    way.type({"filler_mobile_cell": ZHANG.phone})
    put(cast.filler, ZHANG, source="submission")
    later = NOW + timedelta(minutes=1)
    replace_holder(
        account=cast.filler, actor=cast.province, person=LI, on=date(2023, 2, 3), reason="岗位调整", now=later
    )
    assert number(cast) == LI.phone
