"""/sessions/ 「登录设备」: one's own sessions, ending them, and how long this one lives."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from guanshu.portal import clock, crypto
from guanshu.portal.domain.sessions import end_others, end_session
from guanshu.portal.queries.sessions import sessions_of
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of
from guanshu.portal.web.shared.sessions import seconds_left


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """List the sessions of the account."""
    rows = sessions_of(account_of(request), request.session.session_key, clock.now())
    return render(request, "accounts/sessions.html", {"rows": rows, "others": any(not row.own for row in rows)})


@require_POST
def end(request: HttpRequest, mark: str) -> HttpResponse:
    """End one session; one's own is a log-out. 404 for what is none of one's own."""
    account = account_of(request)
    if mark == crypto.session_mark(request.session.session_key or ""):
        logout(request)
        messages.success(request, "已退出登录。")
        return HttpResponseRedirect("/")
    if not end_session(account=account, mark=mark, now=clock.now()):
        raise Http404
    messages.success(request, "该设备已退出。")
    return _back()


@require_POST
def end_all_others(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one."""
    ended = end_others(account=account_of(request), keep=request.session.session_key or "", now=clock.now())
    messages.success(request, f"其他 {ended} 个设备已退出。" if ended else "没有其他设备在登录。")
    return _back()


@require_safe
def left(request: HttpRequest) -> JsonResponse:
    """Tell the page how many seconds the session lives on, without keeping it alive; and the form token of now."""
    return JsonResponse({"seconds": seconds_left(request.session, clock.now()), "token": get_token(request)})


@require_POST
def stay(request: HttpRequest) -> JsonResponse:
    """Keep the session alive: the gate has noted the request."""
    return JsonResponse({"seconds": seconds_left(request.session, clock.now())})


def _back() -> HttpResponse:
    return see_other("/sessions/")
