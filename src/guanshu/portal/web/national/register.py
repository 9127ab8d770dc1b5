"""名册变更: one museum's entry of the register, changed by the nation with a reason."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guanshu.portal import clock
from guanshu.portal.domain.offices.register import (
    change_register,
    close_museum,
    read_change,
    read_closing_day,
    reopen_museum,
)
from guanshu.portal.models import Account, Museum, RegisterField, Role
from guanshu.portal.problems import Incomplete, InvalidForm, NotYours
from guanshu.portal.queries.register import museum_of
from guanshu.portal.queries.registerchange import (
    alternatives,
    consequences,
    is_open,
    register_history,
    value_label,
    value_of,
)
from guanshu.portal.web.shared.asking import UNPROCESSABLE
from guanshu.portal.web.shared.errors import refuse
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of

CLOSE, REOPEN = "close", "reopen"
_TITLES = {
    RegisterField.NAME.value: "改名",
    RegisterField.PROVINCE.value: "移至他省",
    RegisterField.LEVEL.value: "更改级别",
    RegisterField.CITY.value: "更改所在地市",
    RegisterField.FREE.value: "更改免费开放状态",
    CLOSE: "关闭",
    REOPEN: "重新开放",
}
_CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Show what would follow from a change (GET), or make it (POST)."""
    museum = museum_of(code)
    if museum is None or what not in _TITLES:
        raise Http404
    if account_of(request).role != Role.SYSTEM.value:
        raise NotYours("名册只能由全国系统管理员更改。")
    if request.method != "POST":
        if what in {CLOSE, REOPEN} and is_open(museum) is (what == REOPEN):
            return refuse(request, _CONFLICT, f"这座科技馆目前为「{museum.get_status_display()}」，不需要办理。")
        return _page(request, museum, what)
    try:
        _do(request, museum, what)
    except InvalidForm as invalid:
        return _page(request, museum, what, invalid.problems["new"])
    except Incomplete as problem:
        return _page(request, museum, what, problem.message)
    messages.success(request, f"{museum.name}：已{_TITLES[what]}，已记入名册变更记录。")
    return see_other(reverse("national:museum", args=[code]))


def _do(request: HttpRequest, museum: Museum, what: str) -> None:
    now, actor, reason = clock.now(), account_of(request), request.POST.get("reason", "")
    if what == CLOSE:
        on = read_closing_day(request.POST.get("on", ""), clock.today())
        close_museum(museum=museum, on=on, actor=actor, reason=reason, now=now)
    elif what == REOPEN:
        reopen_museum(museum=museum, actor=actor, reason=reason, now=now)
    else:
        wanted = read_change(museum, what, {"new": request.POST.get("new", "")})
        change_register(museum=museum, change=wanted, actor=actor, reason=reason, now=now)


def _page(request: HttpRequest, museum: Museum, what: str, problem: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "museum": museum,
        "what": what,
        "title": _TITLES[what],
        "problem": problem,
        "typed": request.POST,
        "closes": what == CLOSE,
    }
    if what in RegisterField.values:
        now = value_of(museum, what)
        flipped = "" if now else "1"
        context |= {
            "label": RegisterField(what).label,
            "now": value_label(what, now),
            "choices": alternatives(museum, what),
            "consequences": consequences(museum, what, flipped if what == RegisterField.FREE.value else ""),
        }
    return render(request, "national/register_change.html", context, status=UNPROCESSABLE if problem else 200)


def register_context(museum: Museum, account: Account) -> dict[str, Any]:
    """Return the card that says what the register holds of a museum, and what the account may change."""
    held = REOPEN if is_open(museum) else CLOSE
    changes = [(what, title) for what, title in _TITLES.items() if what != held]
    return {
        "entries": [(field.label, value_label(field.value, value_of(museum, field.value))) for field in RegisterField],
        "entries_open": is_open(museum),
        "changes": changes if account.role == Role.SYSTEM.value else [],
        "register_history": register_history(museum),
    }
