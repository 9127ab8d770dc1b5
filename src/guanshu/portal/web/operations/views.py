"""Searching accounts, and one account's page."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.access import access_account
from guanshu.portal.domain.phonechanges import recall_refusal
from guanshu.portal.domain.revealing import record_phone_search
from guanshu.portal.domain.unlocking import unlock_account
from guanshu.portal.domain.wording import LONGEST_REASON
from guanshu.portal.models import Account
from guanshu.portal.queries.accountlist import account_view
from guanshu.portal.queries.accountsearch import MOST, find_accounts
from guanshu.portal.queries.lockouts import lockout_of
from guanshu.portal.queries.people import holders
from guanshu.portal.queries.phonechanges import changes_of, recent_changes, waiting_changes
from guanshu.portal.web.shared.phones import reveal as reveal_in_session
from guanshu.portal.web.shared.phones import shown_numbers
from guanshu.portal.web.shared.reauth import is_confirmed
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of, text_of

_UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """What waits, and the search. It is posted: a number must not stand in an address, which logs keep."""
    context: dict[str, Any] = {"waiting": waiting_changes(), "recent": recent_changes(), "own": account_of(request)}
    if request.method == "POST":
        text = text_of(request.POST, "q")
        found = find_accounts(account_of(request), text)
        if found.by_phone:
            record_phone_search(actor=account_of(request), found=len(found.accounts), now=clock.now())
        now = clock.now()
        context |= {
            "searched": True,
            "text": text,
            "views": [account_view(each, now) for each in found.accounts],
            "more": found.more,
            "most": MOST,
            "numbers": shown_numbers(request, found.accounts),
        }
    return render(request, "operations/home.html", context)


@require_safe
def account(request: HttpRequest, username: str) -> HttpResponse:
    """One account: its holder, state, and what may be done for it."""
    return account_page(request, found_account(request, username))


@require_POST
def reveal(request: HttpRequest, username: str) -> HttpResponse:
    """显示号码."""
    found = found_account(request, username)
    return reveal_in_session(request, found, request.path) or see_account(found, f"p-{found.username}")


@require_POST
def unlock(request: HttpRequest, username: str) -> HttpResponse:
    """解除锁定."""
    found = found_account(request, username)
    unlock_account(account=found, actor=account_of(request), now=clock.now())
    messages.success(request, f"{found.username}：已解除锁定，可以立即登录。")
    return see_account(found)


def account_page(request: HttpRequest, found: Account, problem: str = "") -> HttpResponse:
    """Return the account's page, with what is wrong with a posted change."""
    now = clock.now()
    context = {
        "account": found,
        "view": account_view(found, now),
        "office": found.museum or found.province,
        "numbers": shown_numbers(request, [found]),
        "lockout": lockout_of(found, now),
        "holders": holders(found),
        "changes": [(change, not recall_refusal(change, found, now)) for change in changes_of(found)],
        "own": account_of(request),
        "second": settings.GUANSHU_PHONE_SECOND_PERSON,
        "problem": problem,
        "typed": request.POST if problem else {},
        "longest": LONGEST_REASON,
        "confirmed": is_confirmed(request),
    }
    return render(request, "operations/account.html", context, status=_UNPROCESSABLE if problem else 200)


def found_account(request: HttpRequest, username: str) -> Account:
    """Return the account of the address. Raises Http404 for what is not operations' business."""
    return access_account(account_of(request), username)


def see_account(found: Account, anchor: str = "") -> HttpResponse:
    """Return the way to the account's page after something was done."""
    address = reverse("operations:account", args=[found.username])
    return see_other(f"{address}#{anchor}" if anchor else address)
