"""What the pages of 报送材料 have in common: the filing of the year in the address, its reading, its surroundings."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from guanshu.portal import clock
from guanshu.portal.access import own_filing
from guanshu.portal.domain.filing.locking import refusal
from guanshu.portal.domain.filing.saving import FilingSaved, save_filing
from guanshu.portal.models import Filing
from guanshu.portal.queries.campaigns import Deadline
from guanshu.portal.queries.filings import OpenFiling, open_filing
from guanshu.portal.web.shared.entry.frame import Facts, Frame, Visit, make_frame
from guanshu.portal.web.shared.entry.posting import modules
from guanshu.portal.web.shared.entry.reading import NO_DRAFT, Draft, Pages, Reading
from guanshu.portal.web.shared.entry.wire import SaveRequest
from guanshu.portal.web.shared.requests import account_of
from guanshu.survey.workflow.filingstates import FILING_EDITABLE, FilingState

PAGES = Pages(table="province:materials_table", check="province:materials_check")


def filing_of(request: HttpRequest) -> Filing:
    """Return the province's filing of the year in the address, or of the newest campaign. Raises Http404."""
    year = request.GET.get("year", "")
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        raise Http404
    return own_filing(account_of(request), int(year) if year else None)


def query_of(request: HttpRequest) -> str:
    """Return what keeps a year in every link of its pages."""
    year = request.GET.get("year", "")
    return f"?{urlencode({'year': year})}" if year else ""


def read_filing(opened: OpenFiling, draft: Draft = NO_DRAFT) -> Reading[OpenFiling]:
    """Return the opened filing as its administrator sees it."""
    return Reading(opened, pages=PAGES, editable=not refusal(opened.filing), draft=draft)


def open_page(request: HttpRequest) -> Reading[OpenFiling]:
    """Return the filing the address means, opened for reading. Raises Http404."""
    return read_filing(open_filing(filing_of(request)))


def save(request: HttpRequest, filing: Filing, posted: SaveRequest) -> FilingSaved:
    """Hand a save to the one operation that writes a province's lists."""
    return save_filing(
        filing=filing,
        actor=account_of(request),
        request_id=posted.request,
        body=posted.body,
        changes=posted.changes,
        now=clock.now(),
    )


def filing_frame(request: HttpRequest, reading: Reading[OpenFiling], table: str = "") -> Frame:
    """Return the surroundings of a page."""
    filing, account = reading.opened.filing, account_of(request)
    state = FilingState(filing.state)
    facts = Facts(
        year=filing.campaign.year,
        respondent=filing.province.name,
        province=filing.province.name,
        state=f"filing-{state.value}",
        state_label=state.label,
        closed=filing.campaign.closed,
        refusal=refusal(filing),
        saved_at=filing.saved_at,
        verb="上报",
    )
    visit = Visit(account.username, account.role, clock.today(), query_of(request), table)
    return make_frame(reading, visit, facts)


def deadline_of(filing: Filing) -> Deadline | None:
    """Return the last day of 信息上报; None when nothing is to be done any more."""
    if filing.campaign.closed or FilingState(filing.state) not in FILING_EDITABLE:
        return None
    if filing.window_until is not None:
        label, on = "重新上报截止", filing.window_until
    elif filing.extended_until is not None:
        label, on = "省级上报截止（已延期）", filing.extended_until
    else:
        label, on = "省级上报截止", filing.campaign.province_submit_due
    return Deadline(label, on, (on - clock.today()).days)


def surroundings(request: HttpRequest, reading: Reading[OpenFiling], table: str = "") -> dict[str, Any]:
    """Return what every page shows around its own."""
    filing = reading.opened.filing
    return {
        "frame": filing_frame(request, reading, table),
        "filing": filing,
        "campaign": filing.campaign,
        "deadline": deadline_of(filing),
    }


def page(request: HttpRequest, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    """Return a page of the lists."""
    return render(request, template, {"modules": modules(), **context}, status=status)
