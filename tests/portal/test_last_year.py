"""Last year's figures: read with last year's form, told under this year's names."""

from decimal import Decimal

import pytest

from guanshu.portal.domain.campaigns import open_campaign
from guanshu.portal.models import Report
from guanshu.portal.queries.reports import open_report
from guanshu.survey.values.missing import BLANK
from tests.cast import NOW, Cast, calendar, publish
from tests.portal.conftest import Save, save_as


@pytest.fixture
def last(cast: Cast) -> Report:
    """Fill last year's report of Baoding on last year's form and close that year."""
    campaign = open_campaign(year=2021, questionnaire=publish("tiny-save-2021"), calendar=calendar(2021), now=NOW)
    report = cast.report(year=2021)
    save_as(
        cast.filler,
        report,
        {
            "plot": ("", "80"),
            "building_area": ("", "40"),
            "nature": ("", "old_science"),
            "kind": ("", "另一个意思"),
            "opened": ("", "两千年"),
            "leader": ("", "欧阳修竹"),
            "shows.rows": ([], ["z1"]),
            "shows[z1].cost": ("", "3"),
        },
    )
    campaign.closed = True
    campaign.save()
    return cast.report(year=2021)


def test_cells_that_were_renamed_are_found(cast: Cast, last: Report) -> None:
    values = open_report(cast.report()).last_values
    assert values["land_area"] == Decimal("80.00")
    assert values["building_area"] == Decimal("40.00")


def test_options_that_were_renamed_are_translated_and_names_taken_over_by_others_are_not_mixed_up(
    cast: Cast, last: Report
) -> None:
    # `kind` of last year was another cell; this year's is last year's `nature`.
    assert open_report(cast.report()).last_values["kind"] == "science"


def test_a_value_of_another_kind_is_left_out(cast: Cast, last: Report) -> None:
    assert open_report(cast.report()).last_values.get("opened", BLANK) is BLANK


def test_calculated_cells_personal_cells_and_rows_are_there(cast: Cast, last: Report) -> None:
    opened = open_report(cast.report())
    assert opened.last_values["both_areas"] == Decimal("120.00")
    assert opened.last_values["leader"] == "欧阳修竹"
    assert opened.last is not None
    assert opened.last.rows["shows"][0].cells["cost"] == Decimal("3.00")


def test_checks_compare_with_last_year(cast: Cast, last: Report, save: Save) -> None:
    result = save({"land_area": ("", "1000")})
    assert "1-1-02" in {finding.check for finding in result.opened.evaluation.findings}


def test_without_last_year_there_is_nothing_to_compare_with(cast: Cast, last: Report) -> None:
    report = cast.report(cast.haidian)
    Report.objects.filter(museum=cast.haidian, campaign__year=2021).delete()
    opened = open_report(report)
    assert opened.last is None
    assert opened.last_values == {}


def test_a_correction_of_last_year_is_seen_at_once(cast: Cast, last: Report) -> None:
    assert open_report(cast.report()).last_values["land_area"] == Decimal("80.00")
    last.campaign.closed = False
    last.campaign.save()
    save_as(cast.filler, last, {"plot": ("80", "90")})
    assert open_report(cast.report()).last_values["land_area"] == Decimal("90.00")
