"""The number that a code for a new password goes to."""

from guanshu.portal.models import Account
from guanshu.portal.queries.campaigns import current_campaign
from guanshu.portal.queries.people import person_of
from guanshu.portal.queries.phones import know_forms, last_years_number


def reset_phone(account: Account) -> str:
    """Return the number on record for an account; while a museum has none, last year's report's; "" without any.

    This year's report does not count before it is submitted (which puts its numbers on record): whoever can type in it
    could else send themselves the codes of the other account.
    """
    phone = person_of(account).phone
    if phone:
        return phone
    campaign = current_campaign()
    return last_years_number(account, campaign.year) if campaign is not None else ""


def be_ready() -> None:
    """Do what the first number looked up would otherwise wait for, whoever is asked about."""
    campaign = current_campaign()
    if campaign is not None:
        know_forms(campaign.year)
