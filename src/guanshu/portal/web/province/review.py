"""本省已建成科技馆填报审核: the queue, and 查看及审核报表."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.access import access_report
from guanshu.portal.domain.reporting import mark_looked
from guanshu.portal.models import Report
from guanshu.portal.queries.campaigns import campaign_years, deadlines
from guanshu.portal.queries.lists import city_counts
from guanshu.portal.queries.phrases import phrases_of
from guanshu.portal.queries.ranking import Sort
from guanshu.portal.queries.remarks import remarks_of
from guanshu.portal.queries.review import queue
from guanshu.portal.queries.workflow import Operation
from guanshu.portal.web.province.queueing import GROUPS, keeping, place_of, read_from, read_wanted
from guanshu.portal.web.province.views import own_province
from guanshu.portal.web.shared.acting import act, action_of
from guanshu.portal.web.shared.filters import read_year
from guanshu.portal.web.shared.paging import Section, by_city, page_of, sections
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of, wants_fragment
from guanshu.portal.web.shared.review_page import review_context


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """The queue: what waits in the order asked for, then what was returned, then what is approved."""
    province, campaign, wanted = own_province(request), read_year(request), read_wanted(request.GET)
    if campaign is None:
        return render(request, "province/review.html", {"province": province})
    found = queue(campaign, province, wanted.filter, wanted.group, clock.today(), sort=wanted.sort)
    keep = keeping(wanted)
    rows = by_city(found.rows) if wanted.by_city else found.rows
    page = page_of(request, rows)
    context = {
        "province": province,
        "campaign": campaign,
        "wanted": wanted,
        "keep": f"?{keep}" if keep else "",
        "queue": found,
        "page": page,
        "sections": sections(list(page), rows) if wanted.by_city else [Section("", list(page), rows)],
        "base": reverse("province:review"),
    }
    if wants_fragment(request):
        return render(request, "province/review_table.html", context)
    context |= {
        "groups": GROUPS,
        "sorts": list(Sort),
        "cities": city_counts(campaign, province),
        "years": campaign_years(),
        "deadlines": deadlines(campaign, clock.today()),
    }
    return render(request, "province/review.html", context)


@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    """查看及审核报表: data, findings, comments, files and the stamped scan of one report."""
    found, wanted = own_report(request, number), read_from(request)
    context = review_context(request, found)
    keep = keeping(wanted)
    context |= {
        "comments_url": reverse("province:comments", args=[number]),
        "talk_template": "province/talk.html",
        "account_url": reverse("province:account", args=[found.museum.code]),
        "place": place_of(found, found.museum.province, wanted),
        "queue_query": wanted.query,
        "keep": f"?{keep}" if keep else "",
        "keep_more": f"{keep}&" if keep else "",
        "may_look": Operation.LOOK in context["situation"].operations and not context["looked"],
        "phrases": phrases_of(found.museum.province),
        "remarks": remarks_of(found),
    }
    return render(request, "province/review_report.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def action(request: HttpRequest, number: str, word: str) -> HttpResponse:
    """One action on a report, confirmed on a page of its own."""
    found = own_report(request, number)
    page = "province:case" if request.GET.get("from") == "status" else "province:report"
    keep = keeping(read_from(request))
    back = reverse(page, args=[number]) + (f"?{keep}" if keep else "")
    return act(request, found, action_of(word), back, phrases_of(found.museum.province))


@require_POST
def looked(request: HttpRequest, number: str) -> HttpResponse:
    """标为已阅: the report as it is now has been looked at."""
    found, keep = own_report(request, number), keeping(read_from(request))
    mark_looked(report=found, actor=account_of(request), now=clock.now())
    messages.success(request, f"{found.museum.name}：已标为已阅，以后的变动从这里算起。")
    return see_other(reverse("province:report", args=[number]) + (f"?{keep}" if keep else ""))


def own_report(request: HttpRequest, number: str) -> Report:
    """Return the report if it is of a museum of the province. Raises Http404."""
    account = account_of(request)
    return access_report(account, number)
