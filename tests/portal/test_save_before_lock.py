"""A save is worked out before the lock: what others store in between must count all the same."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from guanshu.portal.access import own_report
from guanshu.portal.domain import saving
from guanshu.portal.models import Campaign, Report, SaveRecord
from guanshu.portal.problems import WrongState
from guanshu.portal.queries.reports import open_report
from guanshu.portal.queries.verification import verify_audit
from tests.cast import Cast
from tests.portal.conftest import Save

Meanwhile = Callable[[Callable[[], object]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Return a function that lets something happen once, between the work and the lock of the next save."""

    def arrange(happens: Callable[[], object]) -> None:
        lock = saving.lock_for_save

        def locking(*args: Any) -> Any:
            monkeypatch.setattr(saving, "lock_for_save", lock)
            happens()
            return lock(*args)

        monkeypatch.setattr(saving, "lock_for_save", locking)

    return arrange


def test_another_value_stored_meanwhile_is_a_conflict(save: Save, meanwhile: Meanwhile) -> None:
    save({"land_area": ("", "1")})
    meanwhile(lambda: save({"land_area": ("1", "2")}))
    result = save({"land_area": ("1", "3")})
    assert result.conflicts["land_area"].stored == "2.00"
    assert not result.saved
    assert SaveRecord.objects.count() == 2


def test_other_cells_stored_meanwhile_stay_and_are_in_the_answer(cast: Cast, save: Save, meanwhile: Meanwhile) -> None:
    meanwhile(lambda: save({"land_area": ("", "9")}))
    result = save({"remark": ("", "好")})
    assert result.saved == {"remark": "好"}
    assert result.opened.evaluation.values["land_area"] == Decimal(9)
    assert open_report(cast.report()).stored.plain["1-1"]["cells"] == {"land_area": "9.00", "remark": "好"}
    assert (result.opened.report.saves, cast.report().saves) == (2, 2)
    assert cast.report().state == "filling"
    assert list(verify_audit()) == []


def test_the_same_request_stored_meanwhile_is_a_replay(save: Save, meanwhile: Meanwhile) -> None:
    def twin() -> object:
        return save({"land_area": ("", "5")}, request="a-request-of-mine", body=b"same")

    meanwhile(twin)
    result = twin()
    assert isinstance(result, saving.SaveResult)
    assert result.saved == {"land_area": "5.00"}
    assert SaveRecord.objects.count() == 1


def test_a_report_handed_in_or_a_year_closed_meanwhile_takes_nothing(
    cast: Cast, save: Save, meanwhile: Meanwhile
) -> None:
    save({"land_area": ("", "1")})
    meanwhile(lambda: Report.objects.update(state="in_review"))
    with pytest.raises(WrongState):
        save({"land_area": ("1", "2")})
    Report.objects.update(state="filling")
    meanwhile(lambda: Campaign.objects.update(closed=True))
    with pytest.raises(WrongState):
        save({"land_area": ("1", "2")}, report=own_report(cast.filler))
    assert open_report(cast.report()).stored.plain["1-1"]["cells"] == {"land_area": "1.00"}
