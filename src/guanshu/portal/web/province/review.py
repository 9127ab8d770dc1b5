"""本省已建成科技馆填报审核: the queue, and 查看及审核报表."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from guanshu.portal import clock
from guanshu.portal.access import access_report
from guanshu.portal.models import Account, Report
from guanshu.portal.queries.campaigns import campaign_years, deadlines
from guanshu.portal.queries.lists import cities
from guanshu.portal.queries.review import APPROVED, RETURNED, WAITING, queue
from guanshu.portal.web.province.views import own_province
from guanshu.portal.web.shared.acting import act, action_of
from guanshu.portal.web.shared.filters import read_filter, read_year
from guanshu.portal.web.shared.requests import wants_fragment
from guanshu.portal.web.shared.review_page import review_context

GROUPS = {WAITING: "待审核", RETURNED: "已退回", APPROVED: "已通过"}


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """The queue: what waits longest first, then what was returned, then what is approved."""
    province, campaign, wanted = own_province(request), read_year(request), read_filter(request)
    if campaign is None:
        return render(request, "province/review.html", {"province": province})
    group = request.GET.get("group", "")
    group = group if group in GROUPS else ""
    context = {
        "province": province,
        "campaign": campaign,
        "wanted": wanted,
        "group": group,
        "groups": GROUPS,
        "queue": queue(campaign, province, wanted, group, clock.today()),
    }
    if wants_fragment(request):
        return render(request, "province/review_table.html", context)
    context |= {
        "cities": cities(province),
        "years": campaign_years(),
        "deadlines": deadlines(campaign, clock.today()),
    }
    return render(request, "province/review.html", context)


@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    """查看及审核报表: data, findings, comments, files and the stamped scan of one report."""
    context = review_context(request, own_report(request, number))
    context |= {"comments_url": reverse("province:comments", args=[number]), "talk_template": "province/talk.html"}
    return render(request, "province/review_report.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def action(request: HttpRequest, number: str, word: str) -> HttpResponse:
    """One action on a report, confirmed on a page of its own."""
    found = own_report(request, number)
    page = "province:case" if request.GET.get("from") == "status" else "province:report"
    return act(request, found, action_of(word), reverse(page, args=[number]))


def own_report(request: HttpRequest, number: str) -> Report:
    """Return the report if it is of a museum of the province. Raises Http404."""
    account = request.user
    assert isinstance(account, Account)  # noqa: S101
    return access_report(account, number)
