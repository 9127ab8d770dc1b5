"""通知、联系方式与页脚: what the nation puts on the public home page."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.domain.publishing import (
    CONTACT_FIELDS,
    FOOTER,
    keep_contact,
    publish_notice,
    remove_contact,
    set_footer,
    withdraw_notice,
)
from guanshu.portal.models import Campaign, FooterSetting, Notice
from guanshu.portal.problems import Incomplete
from guanshu.portal.queries.campaigns import campaign_years
from guanshu.portal.queries.publishing import contacts
from guanshu.portal.web.shared.acting import read_day
from guanshu.portal.web.shared.filters import read_year
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of

_UNPROCESSABLE = 422


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show notices, contacts and footer, each with its form."""
    return _page(request)


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Publish a notice."""

    def do() -> None:
        publish_notice(
            actor=account_of(request),
            title=request.POST.get("title", "").strip(),
            body=request.POST.get("body", "").replace("\r\n", "\n").strip(),
            published_on=read_day(request.POST.get("published_on", "")),
            now=clock.now(),
        )

    return _done(request, do, "notice", "通知已发布。")


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a notice off the home page."""
    return _done(
        request,
        lambda: withdraw_notice(actor=account_of(request), notice=pk, now=clock.now()),
        "notice",
        "通知已撤下。",
    )


@require_POST
def contact(request: HttpRequest) -> HttpResponse:
    """Add a contact, change one (`id`), or take it off the list (`remove`)."""
    post, pk = request.POST, request.POST.get("id", "")
    wanted = int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
    campaign = _campaign(request)

    def do() -> None:
        account, now = account_of(request), clock.now()
        if post.get("remove") and wanted is not None:
            remove_contact(actor=account, campaign=campaign, contact=wanted, now=now)
        else:
            fields = {name: post.get(name, "") for name in CONTACT_FIELDS}
            keep_contact(actor=account, campaign=campaign, contact=wanted, fields=fields, now=now)

    return _done(request, do, "contact", "联系方式已删除。" if post.get("remove") else "联系方式已保存。")


@require_POST
def footer(request: HttpRequest) -> HttpResponse:
    """Store the lines of the footer."""
    lines = {key: request.POST.get(key, "") for key in FOOTER}
    return _done(
        request,
        lambda: set_footer(actor=account_of(request), lines=lines, now=clock.now()),
        "footer",
        "页脚已保存。",
    )


def _done(request: HttpRequest, do: Callable[[], None], form: str, sentence: str) -> HttpResponse:
    try:
        do()
    except Incomplete as problem:
        return _page(request, form, problem.message)
    messages.success(request, sentence)
    year = f"?year={request.GET['year']}" if request.GET.get("year") else ""
    return see_other(f"{reverse('national:notices')}{year}#{form}")


def _page(request: HttpRequest, form: str = "", problem: str = "") -> HttpResponse:
    campaign = read_year(request)
    stored = dict(FooterSetting.objects.values_list("key", "value"))
    typed = request.POST
    context = {
        "campaign": campaign,
        "years": campaign_years(),
        "notices": Notice.objects.order_by("-published_on", "-pk")[:50],
        "contacts": contacts(campaign),
        "footer": [(key, label, (typed if form == "footer" else stored).get(key, "")) for key, label in FOOTER.items()],
        "failed": form,
        "problem": problem,
        "typed": typed,
        "today": clock.today(),
    }
    return render(request, "national/notices.html", context, status=_UNPROCESSABLE if problem else 200)


def _campaign(request: HttpRequest) -> Campaign:
    campaign = read_year(request)
    if campaign is None:
        raise Http404
    return campaign
