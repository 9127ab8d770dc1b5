"""Reads a list's filter and year from an address. What is no possible choice is ignored; an unknown year is 404."""

from django.http import Http404, HttpRequest

from guanshu.portal.models import Campaign
from guanshu.portal.queries.campaigns import campaign_of
from guanshu.portal.queries.lists import ListFilter
from guanshu.portal.web.shared.requests import text_of
from guanshu.survey.workflow.states import State


def read_filter(request: HttpRequest) -> ListFilter:
    """Return what the list is to be narrowed to."""
    return ListFilter(
        province=text_of(request, "province"),
        city=text_of(request, "city"),
        state=next((state for state in State if state.value == request.GET.get("state")), None),
        free=request.GET.get("free") == "1",
        text=text_of(request, "q"),
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
