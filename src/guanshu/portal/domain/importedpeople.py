"""Last year's report says who fills in and reviews: their numbers open the accounts on day one."""

from collections.abc import Mapping
from datetime import datetime

from guanshu.portal.domain.people import set_person
from guanshu.portal.models import Campaign, Museum
from guanshu.portal.queries.forms import Form
from guanshu.portal.queries.people import IMPORTED, last_source
from guanshu.portal.queries.reportpeople import updates
from guanshu.survey.definition.storage import Data


def gives_people(campaign: Campaign) -> bool:
    """Return whether a closed year is the newest one: what earlier reports say of people is out of date."""
    return campaign.closed and not Campaign.objects.filter(closed=True, year__gt=campaign.year).exists()


def take_people(*, museum: Museum, found: Form, plain: Mapping[str, Data], actor: str, now: datetime) -> int:
    """Put the people of an imported report on record and return how many accounts that changed.

    An account whose person is known from anything newer (a submission, the province, operations) keeps it.
    """
    changed = 0
    for each in updates(museum, found, plain):
        known = bool(each.before.name or each.before.phone)
        if not known or last_source(each.account) == IMPORTED:
            changed += set_person(account=each.account, person=each.after, actor=actor, source=IMPORTED, now=now)
    return changed
