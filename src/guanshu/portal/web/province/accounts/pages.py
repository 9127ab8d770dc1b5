"""The list of accounts, and one museum's: who holds them, contact log, 显示号码, 更换填报人/审核人."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.access import access_museum
from guanshu.portal.domain.contacting import log_contact
from guanshu.portal.domain.wording import LONGEST_NAME, LONGEST_REASON, typed_day, typed_text
from guanshu.portal.models import Account, ContactResult, Museum
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.accountlist import (
    CONTACTED,
    AccountFilter,
    AccountRow,
    account_rows,
    account_view,
    stage_counts,
)
from guanshu.portal.queries.accountstate import Stage
from guanshu.portal.queries.contacts import contacts_with
from guanshu.portal.queries.people import holders
from guanshu.portal.web.province.views import own_province
from guanshu.portal.web.shared.phones import reveal as reveal_in_session
from guanshu.portal.web.shared.phones import shown_numbers
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.replacing import replace_page, said
from guanshu.portal.web.shared.requests import account_of, text_of, wants_fragment

_UNPROCESSABLE = 422


def read_account_filter(request: HttpRequest) -> AccountFilter:
    """Return what the list is to be narrowed to; what is no possible choice is ignored."""
    query = request.GET
    contact = query.get("contact", "")
    return AccountFilter(
        text=text_of(query, "q"),
        stage=next((stage for stage in Stage if stage.value == query.get("stage")), None),
        contact=contact if contact in CONTACTED else "",
    )


def listed(request: HttpRequest) -> list[AccountRow]:
    """Return the rows of the list as the address narrows it."""
    wanted = read_account_filter(request)
    return account_rows(own_province(request), wanted, now=clock.now(), today=clock.today())


@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """本省已建成科技馆账号信息."""
    wanted, rows = read_account_filter(request), listed(request)
    context = {
        "province": own_province(request),
        "wanted": wanted,
        "rows": rows,
        "numbers": shown_numbers(request, [view.account for row in rows for view in row.views]),
        "counts": stage_counts(rows),
    }
    if wants_fragment(request):
        return render(request, "province/account_table.html", context)
    context |= {"stages": list(Stage), "contacted": CONTACTED}
    return render(request, "province/accounts.html", context)


@require_safe
def museum(request: HttpRequest, code: str) -> HttpResponse:
    """One museum's accounts, their holders, and the contact log."""
    return _museum_page(request, _own_museum(request, code))


@require_POST
def contact(request: HttpRequest, code: str) -> HttpResponse:
    """Append a line to the contact log."""
    found, posted = _own_museum(request, code), request.POST
    try:
        log_contact(
            museum=found,
            actor=account_of(request),
            on=typed_day(posted.get("on", ""), "联系日期", today=clock.today()),
            who=typed_text(posted.get("who", ""), "联系人", limit=LONGEST_NAME),
            result=posted.get("result", ""),
            note=typed_text(posted.get("note", ""), "备注", limit=LONGEST_REASON, required=False),
            now=clock.now(),
        )
    except OperationProblem as problem:
        if problem.status != _UNPROCESSABLE:
            raise
        return _museum_page(request, found, problem.message)
    messages.success(request, "已记入联系记录。")
    return _see_other(code, "contacts")


@require_POST
def reveal(request: HttpRequest, code: str, username: str) -> HttpResponse:
    """显示号码: the number for htmx, the museum's page otherwise."""
    account = _own_account(request, code, username)
    return reveal_in_session(request, account, request.path) or _see_other(code, f"p-{username}")


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, code: str, username: str) -> HttpResponse:
    """更换填报人/审核人, by the province."""
    account = _own_account(request, code, username)
    back = reverse("province:account", args=[code])
    shown = replace_page(request, account, template="province/replace.html", back=back)
    if shown is None:
        messages.success(request, said(account))
    return shown or _see_other(code, "accounts")


def _museum_page(request: HttpRequest, found: Museum, problem: str = "") -> HttpResponse:
    rows = list(found.accounts.order_by("username"))
    now = clock.now()
    context: dict[str, Any] = {
        "museum": found,
        "views": [(account_view(account, now), holders(account)) for account in rows],
        "numbers": shown_numbers(request, rows),
        "contacts": contacts_with(found),
        "results": ContactResult.choices,
        "today": clock.today().isoformat(),
        "longest_name": LONGEST_NAME,
        "longest_note": LONGEST_REASON,
        "problem": problem,
        "typed": request.POST if problem else {},
    }
    return render(request, "province/account.html", context, status=_UNPROCESSABLE if problem else 200)


def _own_museum(request: HttpRequest, code: str) -> Museum:
    return access_museum(account_of(request), code)


def _own_account(request: HttpRequest, code: str, username: str) -> Account:
    found = _own_museum(request, code).accounts.select_related("museum").filter(username=username).first()
    if found is None:
        raise Http404
    return found


def _see_other(code: str, anchor: str) -> HttpResponse:
    return see_other(f"{reverse('province:account', args=[code])}#{anchor}")
