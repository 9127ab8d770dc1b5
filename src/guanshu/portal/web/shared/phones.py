"""Masked numbers with 「显示号码」: one click, recorded, and seen in this session for ten minutes."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guanshu.portal import clock
from guanshu.portal.domain.revealing import reveal_phone
from guanshu.portal.models import Account
from guanshu.portal.queries.people import person_of
from guanshu.portal.web.shared.requests import account_of, is_htmx
from guanshu.portal.web.shared.review_page import REVEALED_FOR

_KEY = "revealed_phones"


def shown_numbers(request: HttpRequest, accounts: Iterable[Account]) -> dict[str, str]:
    """Return the full numbers of those accounts whose numbers this session asked to see a moment ago, by account."""
    noted = request.session.get(_KEY) or {}
    now = clock.now().timestamp()
    return {
        account.username: person_of(account).phone
        for account in accounts
        if isinstance(given := noted.get(account.username), int | float)
        and 0 <= now - given <= REVEALED_FOR.total_seconds()
    }


def reveal(request: HttpRequest, account: Account, url: str) -> HttpResponse | None:
    """Record the look and remember it in the session; return the number for htmx, None where a page is to follow.

    url: where the button of this account posts to.
    """
    actor = account_of(request)
    now = clock.now()
    number = reveal_phone(account=account, actor=actor, now=now)
    noted = request.session.get(_KEY) or {}
    fresh = {name: at for name, at in noted.items() if now.timestamp() - at <= REVEALED_FOR.total_seconds()}
    request.session[_KEY] = {**fresh, account.username: now.timestamp()}
    if not is_htmx(request):
        return None
    context = {"username": account.username, "shown": account.phone_shown, "number": number, "url": url}
    return render(request, "shared/phone.html", context)
