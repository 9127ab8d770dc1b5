"""A province's filing to fill in: Hebei's of 2022, asked with the form tiny-lists."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from guanshu.portal.access import filings
from guanshu.portal.domain.campaigns import create_filings, open_campaign
from guanshu.portal.domain.filing.importing import import_filing
from guanshu.portal.domain.filing.saving import Change, FilingSaved, save_filing
from guanshu.portal.models import Account, Filing
from tests.cast import NOW, Cast, calendar, make_cast, publish


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.GUANSHU_TODAY = "2023-02-04"


BACKEND = "guanshu.portal.web.accounts.backend.AccountBackend"


def client_of(account: Account) -> Client:
    """Return a client of an account."""
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


@pytest.fixture
def province(cast: Cast) -> Client:
    return client_of(cast.province)


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


def save_in(
    cast: Cast,
    changes: Mapping[str, tuple[Any, Any]],
    *,
    actor: Account | None = None,
    request: str = "",
    filing: Filing | None = None,
) -> FilingSaved:
    """Save changes {address: (seen, new)} as Hebei's administrator unless told otherwise."""
    return save_filing(
        filing=filing or filing_of(cast),
        actor=actor or cast.province,
        request_id=request or uuid.uuid4().hex,
        body=json.dumps(changes).encode(),
        changes={address: Change(seen, new) for address, (seen, new) in changes.items()},
        now=NOW,
    )


def typed(table: str, *rows: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the changes that fill an empty rows table."""
    ids = [f"r{number}" for number in range(1, len(rows) + 1)]
    changes: dict[str, tuple[Any, Any]] = {f"{table}.rows": ([], ids)}
    for row_id, row in zip(ids, rows, strict=True):
        changes.update({f"{table}[{row_id}].{column}": ("", value) for column, value in row.items()})
    return changes


def with_last_year(cast: Cast, **tables: Any) -> Filing:
    """Make Hebei's filing of 2021, closed, with these tables (by name: rows of stored cells)."""
    campaign = open_campaign(
        year=2021,
        questionnaire=cast.form,
        calendar=calendar(2021),
        now=NOW,
        closed=True,
        province_form=cast.campaign.province_form,
    )
    filing = Filing.objects.get(province=cast.hebei, campaign=campaign)
    changes: dict[str, Any] = {"any_free": True}
    for name, rows in tables.items():
        changes.update({address: new for address, (_seen, new) in typed(name, *rows).items()})
    import_filing(filing=filing, changes=changes, now=NOW)
    return filing_of(cast, 2021)
