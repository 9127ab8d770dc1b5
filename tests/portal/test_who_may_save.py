"""Nobody but the filler's account can change a value; nobody at all outside the states for typing."""

from datetime import date
from typing import Any

import pytest
from django.http import Http404

from guanshu.portal.access import access_report, own_report
from guanshu.portal.models import FreeStatus, SaveRecord
from guanshu.portal.problems import NotYours, OperationProblem, WrongState
from guanshu.survey.workflow.states import EDITABLE, State
from tests.cast import Cast
from tests.portal.conftest import Save

EVERYBODY = [
    "filler", "reviewer", "other_filler", "province", "city", "other_province", "system", "viewer", "free_reviewer",
    "operations", "auditor",
]  # fmt: skip


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("who", EVERYBODY)
def test_a_value_is_changed_by_the_filler_in_a_state_for_typing_only(
    cast: Cast, save: Save, who: str, state: State
) -> None:
    report = cast.report()
    report.state = state.value
    report.save()
    expected: type[OperationProblem] | None = None if state in EDITABLE else WrongState
    if who != "filler":
        expected = NotYours
    if expected is None:
        assert save({"land_area": ("", "1")}).saved == {"land_area": "1.00"}
        return
    with pytest.raises(expected):
        save({"land_area": ("", "1")}, actor=getattr(cast, who))
    assert SaveRecord.objects.count() == 0
    assert cast.report().state == state.value


def test_a_blocked_filler_cannot_save(cast: Cast, save: Save) -> None:
    cast.filler.is_active = False
    with pytest.raises(NotYours):
        save({"land_area": ("", "1")})


def test_nothing_is_saved_in_a_closed_year_or_before_the_first_day(cast: Cast, save: Save, settings: Any) -> None:
    settings.GUANSHU_TODAY = "2022-12-31"
    with pytest.raises(WrongState, match="2023年1月1日"):
        save({"land_area": ("", "1")})
    settings.GUANSHU_TODAY = "2023-01-01"
    assert save({"land_area": ("", "1")}).saved
    cast.campaign.closed = True
    cast.campaign.save()
    with pytest.raises(WrongState, match="已经结束"):
        save({"land_area": ("1", "2")})


def test_after_the_deadline_work_can_still_be_saved(cast: Cast, save: Save, settings: Any) -> None:
    # A deadline holds back the first submission only.
    settings.GUANSHU_TODAY = "2023-02-20"
    assert save({"land_area": ("", "1")}).saved


MAY_SEE = {
    "filler": {"baoding"},
    "reviewer": {"baoding"},
    "other_filler": {"shijiazhuang"},
    "province": {"baoding", "shijiazhuang"},
    "city": set(),
    "other_province": {"haidian"},
    "system": {"baoding", "shijiazhuang", "haidian"},
    "viewer": {"baoding", "shijiazhuang", "haidian"},
    "free_reviewer": {"baoding", "haidian"},
    "operations": set(),
    "auditor": set(),
}


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_opens_the_reports_they_may_see_and_no_other(cast: Cast, who: str) -> None:
    seen = set()
    for name in ("baoding", "shijiazhuang", "haidian"):
        report = cast.report(getattr(cast, name))
        try:
            assert access_report(getattr(cast, who), report.number) == report
            seen.add(name)
        except Http404:
            pass
    assert seen == MAY_SEE[who]


def test_a_number_that_does_not_exist_is_not_told_from_a_strangers(cast: Cast) -> None:
    said = set()
    for number in ("2022-130600001", "2022-999999999"):
        with pytest.raises(Http404) as refused:
            access_report(cast.other_filler, number)
        said.add(str(refused.value))
    assert len(said) == 1


def test_free_status_counts_in_the_year_of_the_report(cast: Cast) -> None:
    FreeStatus.objects.create(museum=cast.shijiazhuang, year=date(2021, 1, 1).year)
    with pytest.raises(Http404):
        access_report(cast.free_reviewer, cast.report(cast.shijiazhuang).number)


def test_own_report_is_the_museums_own(cast: Cast) -> None:
    assert own_report(cast.filler) == cast.report()
    assert own_report(cast.reviewer, 2022) == cast.report()
    with pytest.raises(Http404):
        own_report(cast.filler, 2021)
    with pytest.raises(Http404):
        own_report(cast.province)
