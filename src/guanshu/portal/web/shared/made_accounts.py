"""A page on which accounts are made, closed and given passwords: the nation's viewers, a province's cities.

Every act asks for the password again; an initial password is shown once, on the page that answers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from guanshu.portal import clock
from guanshu.portal.domain.factors import has_factor, remove_factor
from guanshu.portal.domain.officials import close_account, may_manage, renew_password
from guanshu.portal.models import Account
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.people import person_of
from guanshu.portal.web.shared.reauth import confirm, is_confirmed
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of

_UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Kind:
    """What differs between the two pages. choices: what a new account is for, by value; `field` is its name."""

    template: str
    page: str
    accounts: Sequence[Account]
    field: str
    choices: Mapping[str, str]
    make: Callable[[HttpRequest], tuple[Account, str]]


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account as the page lists it; `manageable`: closed and given passwords here."""

    account: Account
    holder: str
    factor: bool
    manageable: bool


def list_page(request: HttpRequest, kind: Kind) -> HttpResponse:
    """List the accounts with the form for a new one (GET), or make one (POST)."""
    if request.method != "POST":
        return _show(request, kind)
    problem = confirm(request)
    if problem:
        return _show(request, kind, problem=problem)
    try:
        account, password = kind.make(request)
    except OperationProblem as error:
        if error.status not in {409, _UNPROCESSABLE}:
            raise
        return _show(request, kind, problem=error.message, status=error.status)
    return _slip(request, kind, account, password)


def act_page(request: HttpRequest, kind: Kind, username: str, word: str) -> HttpResponse:
    """Close an account, give it another initial password, or take its lost second factor away. Raises Http404."""
    actor = account_of(request)
    account = next((each for each in kind.accounts if each.username == username), None)
    if account is None or account.pk == actor.pk or word not in {"close", "password", "factor"}:
        raise Http404
    problem = confirm(request)
    if problem:
        return _show(request, kind, problem=problem)
    now = clock.now()
    if word == "password":
        return _slip(request, kind, account, renew_password(account=account, actor=actor, now=now))
    if word == "close":
        close_account(account=account, actor=actor, now=now)
        messages.success(request, f"账号 {username} 已停用，所有设备均已退出。")
    elif remove_factor(account=account, actor=actor.username, now=now):
        messages.success(request, f"账号 {username} 的动态验证码已重置，下次登录时须重新设置。")
    else:
        messages.warning(request, f"账号 {username} 没有设置动态验证码，不需要重置。")
    return see_other(reverse(kind.page))


def _show(request: HttpRequest, kind: Kind, problem: str = "", status: int = _UNPROCESSABLE) -> HttpResponse:
    actor = account_of(request)
    lines = [
        AccountLine(each, person_of(each).name, has_factor(each), each.pk != actor.pk and may_manage(actor, each))
        for each in kind.accounts
    ]
    context = {
        "kind": kind,
        "lines": lines,
        "problem": problem,
        "confirmed": is_confirmed(request),
        "typed": request.POST,
    }
    return render(request, kind.template, context, status=status if problem else 200)


def _slip(request: HttpRequest, kind: Kind, account: Account, password: str) -> HttpResponse:
    context = {"kind": kind, "account": account, "password": password, "at": clock.now()}
    response = render(request, "shared/made_account.html", context)
    # Shown once: not even the back button brings it again.
    response["Cache-Control"] = "private, no-store"
    return response
