"""A province's filing to fill in: Hebei's of 2022, asked with the form tiny-lists."""

from typing import Any

import pytest

from guanshu.portal.access.filings import filings
from guanshu.portal.domain.campaigns import create_filings
from guanshu.portal.models import Filing
from tests.cast import Cast, make_cast, publish


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.GUANSHU_TODAY = "2023-02-04"


@pytest.fixture
def cast(db: None) -> Cast:
    """Make the cast with a campaign in which provinces file lists."""
    return with_filings(make_cast())


def with_filings(cast: Cast) -> Cast:
    """Give the cast's campaign a form for provinces, and every province its filing."""
    cast.campaign.province_form = publish("tiny-lists")
    cast.campaign.save(update_fields=["province_form"])
    create_filings(campaign=cast.campaign)
    return cast


def filing_of(cast: Cast, year: int = 2022) -> Filing:
    """Return Hebei's filing as it is now."""
    return filings().get(province=cast.hebei, campaign__year=year)
