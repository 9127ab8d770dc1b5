"""Provinces' filings by who asks for them."""

from django.db.models import Q, QuerySet
from django.http import Http404

from guanshu.portal.models import Account, Filing, Role

_NATIONAL = (Role.SYSTEM.value, Role.NATIONAL_VIEWER.value, Role.FREE_REVIEWER.value)
_NONE = "没有这份上报材料，或者您的账号无权查看。"


def filings() -> QuerySet[Filing]:
    """Return filings with what opening one needs. Not limited to anybody, so never hand it to a view."""
    return Filing.objects.select_related("province", "campaign")


def filings_visible_to(account: Account) -> Q:
    """Return the condition under which an account may see a filing: its province's administrator, and the nation."""
    if account.role == Role.PROVINCE.value:
        return Q(province=account.province_id)
    if account.role in _NATIONAL:
        return Q()
    return Q(pk__in=[])


def access_filing(account: Account, number: str) -> Filing:
    """Return the filing with this number if the account may see it. Raises Http404, for strangers as for none."""
    found = filings().filter(filings_visible_to(account), number=number).first() if account.is_active else None
    if found is None:
        raise Http404(_NONE)
    return found


def own_filing(account: Account, year: int | None = None) -> Filing:
    """Return the province's filing of a year, or of the newest campaign that has one. Raises Http404."""
    if account.role != Role.PROVINCE.value or not account.is_active:
        raise Http404(_NONE)
    found = filings().filter(province=account.province_id).order_by("-campaign__year")
    if year is not None:
        found = found.filter(campaign__year=year)
    filing = found.first()
    if filing is None:
        raise Http404(_NONE)
    return filing
