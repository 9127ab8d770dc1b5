"""A filing opened: what is typed, what is computed from it, and what the checks say."""

from decimal import Decimal

from guanshu.portal.models import FilingAnswers
from guanshu.portal.queries.filings import open_filing
from tests.cast import Cast
from tests.portal.filing.conftest import filing_of


def test_an_untouched_filing_is_blank_and_has_no_last_year(cast: Cast) -> None:
    opened = open_filing(filing_of(cast))
    assert (opened.number, opened.saves, opened.last) == ("2022-130000", 0, None)
    assert opened.answers.cells == {}
    assert "any_free" in opened.evaluation.states["0"].missing


def test_lists_are_read_totals_computed_and_rows_checked(cast: Cast) -> None:
    filing = filing_of(cast)
    rows = [{"id": "r1", "cells": {"title": "一馆", "money": "12.50", "fresh": True}}]
    FilingAnswers.objects.create(filing=filing, table="0", data={"cells": {"any_free": True}})
    FilingAnswers.objects.create(filing=filing, table="A", data={"rows": rows})
    small = [{"id": "r1", "cells": {"title": "二馆", "rank": "county", "hall": "800.00", "due": "2023-06"}}]
    FilingAnswers.objects.create(filing=filing, table="B", data={"rows": small})
    opened = open_filing(filing)
    assert opened.evaluation.values["money_total"] == Decimal("12.50")
    assert [finding.check for finding in opened.evaluation.findings] == ["B-01"]


def test_a_parameter_of_the_campaign_counts(cast: Cast) -> None:
    cast.campaign.params = {"least_hall": "700"}
    cast.campaign.save()
    small = [{"id": "r1", "cells": {"title": "二馆", "hall": "800.00"}}]
    FilingAnswers.objects.create(filing=filing_of(cast), table="B", data={"rows": small})
    assert not open_filing(filing_of(cast)).evaluation.findings
