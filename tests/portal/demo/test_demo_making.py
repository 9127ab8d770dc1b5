"""The demo as a whole: who wrote what, and that it is made once or not at all."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from guanshu.portal.access import filings
from guanshu.portal.domain.demo import making
from guanshu.portal.domain.demo.making import make_demo
from guanshu.portal.domain.demo.members import DemoProblem
from guanshu.portal.domain.demo.password import DEMO_PASSWORD, refused_as_demo
from guanshu.portal.domain.maintenance.database import is_demo
from guanshu.portal.models import (
    Account,
    AdministratorCard,
    Application,
    Campaign,
    Correction,
    Museum,
    Province,
    Report,
    SaveRecord,
)
from guanshu.portal.queries.continuity import asked
from guanshu.portal.queries.filings import open_filing
from guanshu.portal.queries.verification import verify_audit
from guanshu.survey.checks.findings import CheckClass
from tests.cast import NOW
from tests.portal.files.conftest import place

__all__ = ["place"]


@pytest.fixture(autouse=True)
def _demo_mode(db: None, settings: Any) -> None:
    settings.DEMO = True
    settings.GUANSHU_TODAY = "2023-02-04"


def test_everything_the_guides_name_is_there() -> None:
    assert make_demo(museums=3, now=NOW) == 3
    assert Province.objects.count() == 32
    assert Account.objects.filter(role="province").count() == 32
    assert [(c.year, c.closed) for c in Campaign.objects.all()] == [(2022, False), (2021, True)]
    for username in ("B130600001", "C130600001", "A130000001", "national", "auditor"):
        account = Account.objects.get(username=username)
        assert account.check_password(DEMO_PASSWORD)
        assert not account.must_change_password
    summary = Report.objects.get(number="2022-130600001").summary
    assert 8 <= summary["complete"] <= 20


def test_values_are_saved_by_each_museums_own_filler() -> None:
    make_demo(museums=3, now=NOW)
    for record in SaveRecord.objects.filter(report__startswith="2022-"):
        number = record.report.removeprefix("2022-")
        # Nine digits are a museum's, six a province's.
        assert record.actor == (f"B{number}" if len(number) == 9 else f"A{number}001")
    assert {record.actor for record in SaveRecord.objects.filter(report__startswith="2021-")} == {"import"}
    assert list(verify_audit()) == []


def test_provinces_have_lists_of_last_year_and_hebei_some_of_this_year() -> None:
    make_demo(museums=45, now=NOW)
    for filing in filings().filter(campaign__year=2021):
        assert filing.saves == 1
        evaluation = open_filing(filing).evaluation
        assert not [state.missing for state in evaluation.states.values() if state.missing], filing.number
        assert not [finding.message for finding in evaluation.findings if finding.cls is CheckClass.MANDATORY]
    hebei = filings().get(number="2022-130000")
    opened = open_filing(hebei)
    lists = opened.compiled.questionnaire.lists
    free = opened.answers.rows[lists["free"].table]
    assert any(isinstance(row.cells.get(lists["free"].columns["amount"]), Decimal) for row in free)
    assert len(opened.answers.rows[lists["planned"].table]) == 2
    assert any(each.open for each in asked(opened))
    assert filings().filter(campaign__year=2022, saves__gt=0).count() == 1


def test_applications_corrections_and_cards_are_in_the_states_of_the_season() -> None:
    make_demo(museums=2, now=NOW)
    states = Counter(AdministratorCard.objects.values_list("state", flat=True))
    assert states == {"confirmed": 25, "filled": 4}
    provinces = list(Account.objects.filter(role="province"))
    assert all(account.is_active and account.check_password(DEMO_PASSWORD) for account in provinces[:2])
    assert sum(bool(account.phone_shown) for account in provinces) == 26
    assert [each.state for each in Application.objects.order_by("pk")] == ["refused", "at_nation"]
    assert Application.objects.get(state="at_nation").distinct
    assert Correction.objects.get().state == "at_province"
    assert list(verify_audit()) == []


def test_a_second_time_does_nothing() -> None:
    make_demo(museums=2, now=NOW)
    before = SaveRecord.objects.count()
    assert make_demo(museums=5, now=NOW) == 0
    assert (Museum.objects.count(), SaveRecord.objects.count()) == (2, before)


def test_before_the_opening_nobody_has_filled_anything(settings: Any) -> None:
    settings.GUANSHU_TODAY = "2022-12-30"
    make_demo(museums=2, now=NOW)
    assert not SaveRecord.objects.filter(report__startswith="2022-").exists()


def test_it_is_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise DemoProblem("!")

    monkeypatch.setattr(making, "_play", fail)
    with pytest.raises(DemoProblem):
        make_demo(museums=2, now=NOW)
    assert not is_demo()
    assert not Account.objects.exists()


def test_outside_demo_mode_it_is_refused(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(DemoProblem, match="演示模式"):
        make_demo(museums=2, now=NOW)
    assert refused_as_demo(DEMO_PASSWORD)
    assert not refused_as_demo("something-else")


def test_a_database_with_accounts_is_left_alone() -> None:
    Account.objects.create(username="national", role="system")
    with pytest.raises(DemoProblem, match="不是空的"):
        make_demo(museums=2, now=NOW)
