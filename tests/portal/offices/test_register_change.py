"""The nation changes the register: closing, opening again, moving; ids stay, everything is on record."""

from datetime import date

import pytest

from guanshu.portal.domain.campaigns import create_reports, open_campaign
from guanshu.portal.domain.offices.register import (
    Change,
    change_register,
    close_museum,
    read_closing_day,
    reopen_museum,
)
from guanshu.portal.models import Museum, Report, ReportFact
from guanshu.portal.problems import Incomplete, NotYours, WrongState
from guanshu.portal.queries.registerchange import register_history
from guanshu.survey.workflow.states import State
from tests.cast import NOW, Cast, calendar
from tests.portal.workflow.conftest import Way

pytestmark = pytest.mark.django_db


def close(cast: Cast) -> Museum:
    return close_museum(museum=cast.baoding, on=date(2023, 1, 31), actor=cast.system, reason="撤销", now=NOW)


def test_a_closed_museum_gets_no_report_next_year_until_it_is_open_again(cast: Cast) -> None:
    close(cast)
    following = open_campaign(year=2023, questionnaire=cast.form, calendar=calendar(2023), now=NOW)
    assert not Report.objects.filter(museum=cast.baoding, campaign=following).exists()
    assert cast.report().number == "2022-130600001"
    reopen_museum(museum=cast.baoding, actor=cast.system, reason="恢复", now=NOW)
    create_reports(campaign=following)
    assert Report.objects.filter(museum=cast.baoding, campaign=following).exists()
    events = register_history(cast.baoding)
    assert [(event.action, event.reason) for event in events] == [("重新开放", "恢复"), ("关闭", "撤销")]


def test_nothing_is_closed_or_opened_twice(cast: Cast) -> None:
    with pytest.raises(WrongState):
        reopen_museum(museum=cast.baoding, actor=cast.system, reason="r", now=NOW)
    close(cast)
    with pytest.raises(WrongState):
        close(cast)


def test_a_day_of_closing_is_a_day_that_has_come() -> None:
    assert read_closing_day("2023-02-04", date(2023, 2, 4)) == date(2023, 2, 4)
    for text in ("", "2023-02-30", "2023-02-05", "\x00", "9" * 50):
        with pytest.raises(Incomplete):
            read_closing_day(text, date(2023, 2, 4))


@pytest.mark.parametrize("who", ["filler", "province", "viewer", "operations", "auditor"])
def test_only_the_system_administrator_changes_the_register(cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    with pytest.raises(NotYours):
        change_register(museum=cast.baoding, change=Change("name", "x"), actor=actor, reason="r", now=NOW)
    with pytest.raises(NotYours):
        close_museum(museum=cast.baoding, on=NOW.date(), actor=actor, reason="r", now=NOW)


def test_a_change_has_a_reason(cast: Cast) -> None:
    with pytest.raises(Incomplete):
        change_register(museum=cast.baoding, change=Change("name", "x"), actor=cast.system, reason=" ", now=NOW)
    assert Museum.objects.get(pk=cast.baoding.pk).name == "保定市科技馆"


def test_a_moved_museum_is_seen_by_its_new_province_and_closed_years_keep_their_sums(cast: Cast) -> None:
    report = Way(cast).to(State.SUBMITTED).report
    old = open_campaign(year=2021, questionnaire=cast.form, calendar=calendar(2021), now=NOW, closed=True)
    last = Report.objects.create(number="2021-130600001", museum=cast.baoding, campaign=old, questionnaire=cast.form)
    ReportFact.objects.create(
        report=last, year=2021, museum=cast.baoding, province=cast.hebei, level="county", free=True, state="approved"
    )
    change = Change("province", "110000")
    change_register(museum=cast.baoding, change=change, actor=cast.system, reason="批复", now=NOW)
    from guanshu.portal.access import access_report

    assert access_report(cast.other_province, report.number) == report
    assert ReportFact.objects.get(report=report).province == cast.beijing
    assert ReportFact.objects.get(report=last).province == cast.hebei
    museum = Museum.objects.get(pk=cast.baoding.pk)
    assert museum.code == "130600001"


def test_a_museum_does_not_move_beside_one_of_the_same_name(cast: Cast) -> None:
    Museum.objects.create(code="110100009", name="保定市科技馆", province=cast.beijing, level="county")
    change = Change("province", "110000")
    with pytest.raises(WrongState, match="同名"):
        change_register(museum=cast.baoding, change=change, actor=cast.system, reason="批复", now=NOW)
