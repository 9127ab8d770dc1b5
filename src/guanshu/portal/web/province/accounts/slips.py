"""发放账号通知单: choose on the list, look at what will happen, then one download that holds the passwords."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from guanshu.portal import clock
from guanshu.portal.access import accounts_within
from guanshu.portal.domain.slips import KINDS, MOST, PDF, give_slips
from guanshu.portal.domain.wording import LONGEST_NAME, typed_text
from guanshu.portal.models import Account
from guanshu.portal.models.accounts import MUSEUM_ROLES
from guanshu.portal.problems import Incomplete, OperationProblem
from guanshu.portal.queries.accountlist import AccountView, account_view
from guanshu.portal.queries.accountstate import Stage, stamp_of
from guanshu.portal.web.province.accounts.pages import listed
from guanshu.portal.web.shared.handing import handed_out
from guanshu.portal.web.shared.reauth import FIELD, confirm, is_confirmed
from guanshu.portal.web.shared.requests import account_of

_SHOWN_AGAIN = frozenset({413, 422, 503})


@require_POST
def prepare(request: HttpRequest) -> HttpResponse:
    """Show which accounts get new passwords, and which of them are in use; nothing is changed yet."""
    problem = "" if _chosen(request) else "还没有选择账号，请返回账号信息页面勾选要发放的账号。"
    return _page(request, problem, 422 if problem else 200)


@sensitive_post_parameters(FIELD)
@require_POST
def give(request: HttpRequest) -> HttpResponse:
    """Change the passwords and answer with the slips; this answer is the only place they are ever in."""
    posted = request.POST
    try:
        chosen = _chosen(request)
        to = typed_text(posted.get("to", ""), "发放给", limit=LONGEST_NAME)
        wrong = confirm(request)
        if wrong:
            raise Incomplete(wrong)
        file = give_slips(
            accounts=chosen,
            seen={account.username: posted.get(f"seen-{account.username}", "") for account in chosen},
            again=frozenset(posted.getlist("again")),
            to=to,
            kind=posted.get("kind", ""),
            site=settings.GUANSHU_SITE_URL or request.build_absolute_uri("/"),
            actor=account_of(request),
            now=clock.now(),
        )
    except OperationProblem as problem:
        if problem.status not in _SHOWN_AGAIN:
            raise
        return _page(request, problem.message, problem.status)
    response = handed_out(file.data, file.name)
    response["Cache-Control"] = "private, no-store"
    return response


@dataclass(frozen=True, slots=True)
class _Line:
    """One account on the page; `stamp`: what its password is known by; `again`: whether 重新发放 was ticked."""

    view: AccountView
    stamp: str
    again: bool

    @property
    def used(self) -> bool:
        """Return whether somebody has logged in with the last password."""
        return self.view.stage is Stage.ENTERED


def _chosen(request: HttpRequest) -> Sequence[Account]:
    """Return the accounts that were ticked, or all of the list that nobody was given. Raises Http404 for strangers."""
    names = set(request.POST.getlist("account"))
    if request.POST.get("all") == "1":
        views = [view for row in listed(request) for view in row.views if view.stage is Stage.NONE]
        names = {view.username for view in views[:MOST]}
    found = Account.objects.select_related("museum__province").filter(
        accounts_within(account_of(request)), role__in=MUSEUM_ROLES, username__in=[n for n in names if "\x00" not in n]
    )
    chosen = list(found.order_by("museum__code", "username"))
    if len(chosen) != len(names):
        raise Http404
    return chosen


def _page(request: HttpRequest, problem: str, status: int) -> HttpResponse:
    posted, now = request.POST, clock.now()
    lines = [
        _Line(
            account_view(account, now),
            posted.get(f"seen-{account.username}", "") or stamp_of(account),
            account.username in posted.getlist("again"),
        )
        for account in _chosen(request)
    ]
    context = {
        "lines": lines,
        "used": sum(line.used for line in lines),
        "museums": len({line.view.account.museum_id for line in lines}),
        "problem": problem,
        "to": posted.get("to", "").replace("\x00", "")[:LONGEST_NAME],
        "kind": posted.get("kind") if posted.get("kind") in KINDS else PDF,
        "longest": LONGEST_NAME,
        "most": MOST,
        "days": settings.GUANSHU_INITIAL_PASSWORD_DAYS,
        "confirmed": is_confirmed(request),
    }
    return render(request, "province/slips.html", context, status=status)
