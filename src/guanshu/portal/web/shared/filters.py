"""Reads a list's filter and year from an address. What is no possible choice is ignored; an unknown year is 404."""

from django.http import Http404, HttpRequest, QueryDict

from guanshu.portal.models import Campaign
from guanshu.portal.queries.campaigns import campaign_of
from guanshu.portal.queries.lists import ListFilter
from guanshu.portal.web.shared.requests import text_of
from guanshu.survey.workflow.states import State


def read_filter(request: HttpRequest) -> ListFilter:
    """Return what the list is to be narrowed to."""
    return filter_of(request.GET)


def filter_of(query: QueryDict) -> ListFilter:
    """Return the same from the query of a list's address."""
    return ListFilter(
        province=text_of(query, "province"),
        city=text_of(query, "city"),
        state=next((state for state in State if state.value == query.get("state")), None),
        free=query.get("free") == "1",
        text=text_of(query, "q"),
    )


def read_year(request: HttpRequest) -> Campaign | None:
    """Return the campaign of `?year=`, else the current one; None when there is no campaign at all yet."""
    year = request.GET.get("year", "")
    campaign = campaign_of(year)
    if campaign is None and year:
        raise Http404
    return campaign


def state_choices() -> list[tuple[str, str]]:
    """Return the states to choose from, 报表状态 and where there is one 省级审核状态."""
    return [
        (state.value, state.label if state.review_label == "–" else f"{state.label} · {state.review_label}")
        for state in State
    ]
