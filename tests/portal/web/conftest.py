"""A small country for the web tests: two provinces with museums, one account of each kind."""

from datetime import date

import pytest
from django.test import Client

from guanshu.portal.domain.accounts import create_province_accounts
from guanshu.portal.models import Account, Campaign, Province
from tests.cast import publish
from tests.portal.web.country import ENCODED, NATIONAL, NOW, LogIn, make_museums


@pytest.fixture
def country(db: None) -> list[Campaign]:
    """Two years, the 32 provinces, two museums in 河北 and one in 山西, one account of every role."""
    create_province_accounts(actor="test", now=NOW, encoded=ENCODED, must_change=False)
    for username, role in NATIONAL.items():
        Account.objects.create(username=username, role=role, password=ENCODED, must_change_password=False)
    form = publish("tiny-save")
    campaigns = [
        Campaign.objects.create(
            year=year,
            questionnaire=form,
            opens_on=date(year + 1, 1, 1),
            contacts_due=date(year + 1, 1, 15),
            museum_due=date(year + 1, 2, 10),
            province_review_due=date(year + 1, 2, 20),
            province_submit_due=date(year + 1, 2, 25),
            closed=year < 2022,
        )
        for year in (2021, 2022)
    ]
    make_museums(Province.objects.get(code="130000"), campaigns, 2)
    make_museums(Province.objects.get(code="140000"), campaigns, 1)
    return campaigns


@pytest.fixture
def log_in(country: list[Campaign]) -> LogIn:
    """Return a client logged in as the account with this name."""

    def enter(username: str) -> Client:
        client = Client()
        client.force_login(
            Account.objects.get(username=username), backend="guanshu.portal.web.accounts.backend.AccountBackend"
        )
        return client

    return enter


@pytest.fixture(autouse=True)
def business_day(settings: object) -> None:
    settings.GUANSHU_TODAY = "2023-02-04"  # type: ignore[attr-defined]
