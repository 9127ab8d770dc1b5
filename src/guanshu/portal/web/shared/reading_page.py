"""A whole report for those who only read it: the nation, a city, 免费开放审核. Names and numbers stay hidden."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guanshu.portal.access import access_report
from guanshu.portal.models import Report
from guanshu.portal.web.shared.requests import account_of
from guanshu.portal.web.shared.review_page import review_context


def readable(request: HttpRequest, number: str) -> Report:
    """Return the report if the account may see it. Raises Http404."""
    return access_report(account_of(request), number)


def read_page(
    request: HttpRequest, report: Report, back: str, *, remarks: bool = False, more: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Show the report; `back` is the address of the list; remarks: whether cells can be remarked upon."""
    context = {
        **review_context(request, report, remarks=remarks),
        "back": f"{back}?year={report.campaign.year}",
        "may_waive": False,
        "talk_template": "shared/read_talk.html",
        **(more or {}),
    }
    return render(request, "shared/read_report.html", context)
