"""Whose number is on record: this year's answer, else last year's report; nobody's when there is none."""

from datetime import date

import pytest
from django.test.utils import CaptureQueriesContext

from guanshu.portal.access import reports
from guanshu.portal.domain.campaigns import open_campaign
from guanshu.portal.models import Report, SaveRecord, TableAnswers
from guanshu.portal.queries.phones import phones_of
from guanshu.survey.workflow.actions import Actor
from tests.cast import NOW, Cast, calendar
from tests.portal.conftest import save_as
from tests.portal.reminders.conftest import FILLER, REVIEWER


def numbers(report: Report) -> dict[Actor, tuple[str, int]]:
    found = phones_of([reports().get(pk=report.pk)]).get(report.pk, {})
    return {person: (phone.number, phone.year) for person, phone in found.items()}


def last_year(cast: Cast, number: str) -> Report:
    campaign = open_campaign(year=2021, questionnaire=cast.form, calendar=calendar(2021), now=NOW)
    report = Report.objects.get(museum=cast.baoding, campaign=campaign)
    save_as(cast.filler, report, {"filler_cell": ("", number)})
    type(campaign).objects.filter(pk=campaign.pk).update(closed=True)
    return report


def test_nobody_is_on_record_at_first(cast: Cast) -> None:
    assert numbers(cast.report()) == {}


def test_last_years_number_serves_until_this_years_is_given(cast: Cast) -> None:
    last_year(cast, "13700000000")
    assert numbers(cast.report()) == {Actor.FILLER: ("13700000000", 2021)}
    save_as(cast.filler, cast.report(), {"filler_cell": ("", FILLER), "reviewer_cell": ("", REVIEWER)})
    assert numbers(cast.report()) == {Actor.FILLER: (FILLER, 2022), Actor.REVIEWER: (REVIEWER, 2022)}
    save_as(cast.filler, cast.report(), {"filler_cell": (FILLER, "")})
    assert numbers(cast.report())[Actor.FILLER] == ("13700000000", 2021)


def test_a_number_of_another_museum_is_not_taken(cast: Cast) -> None:
    save_as(cast.filler, cast.report(), {"filler_cell": ("", FILLER)})
    assert numbers(cast.report(cast.shijiazhuang)) == {}


def test_a_form_without_the_roles_has_no_numbers(cast: Cast) -> None:
    from tests.cast import publish

    Report.objects.update(questionnaire=publish("tiny-save"))
    assert numbers(cast.report()) == {}


def test_an_altered_ciphertext_is_no_number(cast: Cast) -> None:
    save_as(cast.filler, cast.report(), {"filler_cell": ("", FILLER)})
    row = TableAnswers.objects.get(report=cast.report(), data__cells__has_key="filler_cell")
    # Copied from one cell to another: it was encrypted for its own place.
    row.data["cells"]["reviewer_cell"] = row.data["cells"]["filler_cell"]
    row.save()
    assert numbers(cast.report()) == {Actor.FILLER: (FILLER, 2022)}


def test_a_number_does_not_show_itself(cast: Cast) -> None:
    save_as(cast.filler, cast.report(), {"filler_cell": ("", FILLER)})
    phone = phones_of([reports().get(pk=cast.report().pk)])[cast.report().pk][Actor.FILLER]
    assert phone.shown == "139****2222"
    assert FILLER not in repr(phone)
    assert FILLER not in repr(list(SaveRecord.objects.values()))


@pytest.mark.parametrize("count", [1, 3])
def test_many_cost_as_much_as_one(cast: Cast, count: int) -> None:
    from django.db import connection

    found = list(reports().filter(campaign__year=2022)[:count])
    phones_of(found)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        phones_of(found)
    assert len(asked) == 3
    assert found[0].campaign.museum_due == date(2023, 2, 10)
