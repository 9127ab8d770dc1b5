"""What the pages of 信息上报 share: whose filing, which year, where a line of the checklist is mended."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from guanshu.portal.access import own_filing
from guanshu.portal.models import Filing
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.filingcheck import Checklist, Line, Place
from guanshu.portal.queries.filingstanding import filing_situation
from guanshu.portal.web.shared.filters import read_year
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of, wants_json


def filing_of(request: HttpRequest) -> Filing:
    """Return the province's filing of `?year=`, else of the current year. Raises Http404 when there is none."""
    campaign = read_year(request)
    return own_filing(account_of(request), campaign.year if campaign is not None else None)


def year_query(request: HttpRequest) -> str:
    """Return `?year=…` when the address named a year, to be carried on."""
    year = request.GET.get("year", "")
    return f"?year={int(year)}" if year.isascii() and year.isdigit() and len(year) < 10 else ""


def surroundings(request: HttpRequest, filing: Filing) -> dict[str, Any]:
    """Return what every page of a filing shows."""
    situation = filing_situation(filing, account_of(request))
    return {
        "filing": filing,
        "campaign": filing.campaign,
        "province": filing.province,
        "situation": situation,
        "state": situation.state,
        "editable": situation.standing.editable,
        "facts": situation.standing.facts,
        "query": year_query(request),
    }


def went_on(request: HttpRequest, url: str) -> HttpResponse:
    """Answer a post that was done: the next page for a form, its address for a script."""
    return JsonResponse({"url": url}) if wants_json(request) else see_other(url)


def told(request: HttpRequest, problem: OperationProblem) -> HttpResponse | None:
    """Return a refusal for a script, None for a form, whose page shows it."""
    if not wants_json(request):
        return None
    return JsonResponse({"message": problem.message, "code": problem.code}, status=problem.status)


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the checklist with links to where it is mended."""

    line: Line
    links: tuple[tuple[str, str], ...]


def groups(found: Checklist, query: str) -> list[tuple[str, list[LineView]]]:
    """Return the checklist for a page."""
    return [(name, [LineView(line, _links(line, query)) for line in lines]) for name, lines in found.groups.items()]


def _links(line: Line, query: str) -> tuple[tuple[str, str], ...]:
    return tuple((place.label or "查看", place_url(place, query)) for place in line.places)


def place_url(place: Place, query: str) -> str:
    """Return the address of a page where something is mended."""
    address = reverse(place.page) if place.page == "province:export" or not place.about else ""
    address = address or reverse(place.page, args=[place.about])
    if place.page == "province:export" and place.about == "free":
        return address + (f"{query}&free=1" if query else "?free=1")
    return address + query
