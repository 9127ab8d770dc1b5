"""Saving: what is written, what is recorded, what comes back."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanshu.portal import audit
from guanshu.portal.access import own_report
from guanshu.portal.models import SaveRecord, TableAnswers
from guanshu.portal.queries.reports import open_report
from guanshu.portal.queries.verification import verify_audit
from guanshu.survey.values.missing import BLANK
from tests.cast import NOW, Cast
from tests.portal.conftest import Save


def test_a_value_is_stored_normalised_and_comes_back(cast: Cast, save: Save) -> None:
    result = save({"land_area": ("", "９,１００.５"), "remark": (None, "第一行\r\n第二行")})
    assert result.saved == {"land_area": "9100.50", "remark": "第一行\n第二行"}
    assert not result.problems
    assert not result.conflicts
    data = TableAnswers.objects.get(report=cast.report(), table="1-1").data
    assert data == {"cells": {"land_area": "9100.50", "remark": "第一行\n第二行"}}
    assert result.opened.answers.cells["land_area"] == Decimal("9100.50")


def test_every_save_appends_one_record_with_old_and_new_values(cast: Cast, save: Save) -> None:
    save({"land_area": ("", "1")})
    save({"land_area": ("1.00", "2"), "opened": ("", "2010-05-01")})
    first, second = SaveRecord.objects.order_by("seq")
    assert first.changes == [["land_area", None, "1.00"]]
    assert second.changes == [["land_area", "1.00", "2.00"], ["opened", None, "2010-05-01"]]
    assert (first.seq, second.seq, second.prev) == (1, 2, first.hash)
    assert (second.report, second.actor, second.at) == ("2022-130600001", "B130600001", NOW)
    assert audit.hash_of(second) == second.hash
    report = cast.report()
    assert (report.saves, report.head, report.saved_at) == (2, second.hash, NOW)
    assert list(verify_audit()) == []


def test_the_first_value_begins_the_report_and_a_blank_one_does_not(cast: Cast, save: Save) -> None:
    save({"land_area": ("", "")})
    assert cast.report().state == "not_started"
    assert SaveRecord.objects.count() == 0
    save({"land_area": ("", "0")})
    assert cast.report().state == "filling"


def test_nothing_changed_writes_no_record(cast: Cast, save: Save) -> None:
    save({"land_area": ("", "1")})
    result = save({"land_area": ("", "1.0")})
    assert result.saved == {"land_area": "1.00"}
    assert SaveRecord.objects.count() == 1


def test_a_value_can_be_cleared(cast: Cast, save: Save) -> None:
    save({"land_area": ("", "1")})
    result = save({"land_area": ("1", None)})
    assert result.saved == {"land_area": None}
    assert result.opened.answers.cells.get("land_area", BLANK) is BLANK
    assert SaveRecord.objects.order_by("seq").last().changes == [["land_area", "1.00", None]]  # type: ignore[union-attr]


def test_what_was_seen_may_be_spelled_as_typed_as_stored_or_as_shown(save: Save) -> None:
    save({"land_area": ("", "1200"), "services": ([], ["park", "cafe"]), "has_shop": (None, True)})
    result = save(
        {"land_area": ("1,200", "1300"), "services": ("cafe|park", ["cafe"]), "has_shop": ("是", False)},
    )
    assert not result.conflicts
    assert result.saved == {"land_area": "1300.00", "services": ["cafe"], "has_shop": False}


def test_what_the_register_says_is_shown_and_never_stored(cast: Cast, save: Save) -> None:
    save({"land_area": ("", "1")})
    opened = open_report(cast.report())
    assert opened.answers.cells["museum_name"] == "保定市科技馆"
    assert opened.answers.cells["level"] == "county"
    assert opened.answers.cells["is_free"] is True
    assert open_report(cast.report(cast.shijiazhuang)).answers.cells["is_free"] is False
    assert set(TableAnswers.objects.get(report=cast.report()).data["cells"]) == {"land_area"}


def test_the_summary_counts_blanks_and_findings_by_table(cast: Cast, save: Save) -> None:
    result = save({"land_area": ("", "10"), "building_area": ("", "20"), "hall_area": ("", "30")})
    summary = cast.report().summary
    states = result.opened.evaluation.states
    assert summary["findings"] == {"mandatory": 1, "quasi": 1}
    assert summary["by_table"]["1-1"]["findings"] == {"mandatory": 1, "quasi": 1}
    assert summary["tables"] == 6
    assert summary["blank"] == sum(len(state.missing) for state in states.values()) > 0
    assert summary["by_table"]["1-1"]["missing"] == len(states["1-1"].missing)


def test_explanations_are_saved_with_the_table_of_their_check(cast: Cast, save: Save) -> None:
    save({"shows.rows": ([], ["k1"]), "shows[k1].title": ("", "恐龙展"), "shows[k1].cost": ("", "200")})
    assert cast.report().summary["findings"] == {"verify": 1, "open": 1}
    result = save({"3-1-01[k1]": ("", "引进国外大型展览，费用较高")})
    assert not result.problems
    assert cast.report().summary["findings"] == {"verify": 1}
    assert result.opened.evaluation.findings[0].explanation == "引进国外大型展览，费用较高"


@pytest.mark.django_db(transaction=True)
def test_a_save_needs_seven_statements_begin_and_commit_included(cast: Cast, save: Save) -> None:
    save({"land_area": ("", "1")})
    report = own_report(cast.filler)
    with CaptureQueriesContext(connection) as captured:
        save({"land_area": ("1", "2"), "shows.rows": ([], ["k1"])}, report=report)
    assert len(captured) <= 7, "\n".join(query["sql"] for query in captured)
