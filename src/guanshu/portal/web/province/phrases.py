"""常用意见: the province's own sentences for comments and reasons."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guanshu.portal import clock
from guanshu.portal.domain.phrasing import LONGEST, add_phrase, change_phrase, raise_phrase, remove_phrase
from guanshu.portal.problems import OperationProblem, Unusable
from guanshu.portal.queries.phrases import phrases_of
from guanshu.portal.web.province.views import own_province
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of

_UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def phrases(request: HttpRequest) -> HttpResponse:
    """Show the list; add to it, change it (POST)."""
    if request.method != "POST":
        return _page(request)
    try:
        done = _do(request)
    except OperationProblem as problem:
        if problem.status != _UNPROCESSABLE:
            raise
        return _page(request, problem.message)
    messages.success(request, done)
    return see_other(reverse("province:phrases"))


def _do(request: HttpRequest) -> str:
    """Do what the pressed button says and return what was done. Raises what the operations raise, Unusable."""
    province, account, post, now = own_province(request), account_of(request), request.POST, clock.now()
    text, place, was = post.get("text", ""), post.get("place", ""), post.get("was", "")
    number = int(place) if place.isdecimal() and len(place) <= 3 else 0
    match post.get("do"):
        case "add":
            add_phrase(province=province, actor=account, text=text, now=now)
            return "已添加。"
        case "change":
            change_phrase(province=province, actor=account, place=number, was=was, text=text, now=now)
            return "已修改。"
        case "raise":
            raise_phrase(province=province, actor=account, place=number, was=was, now=now)
            return "已上移。"
        case "remove":
            remove_phrase(province=province, actor=account, place=number, was=was, now=now)
            return "已删除。"
    raise Unusable


def _page(request: HttpRequest, problem: str = "") -> HttpResponse:
    province = own_province(request)
    found = phrases_of(province)
    context = {
        "province": province,
        "phrases": found,
        "own": any(phrase.pk for phrase in found),
        "longest": LONGEST,
        "problem": problem,
        "typed": request.POST,
    }
    return render(request, "province/phrases.html", context, status=_UNPROCESSABLE if problem else 200)
