"""The log of reminders as province and nation see it; numbers are masked."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest

from guanshu.portal.models import Campaign, Province
from guanshu.portal.queries.campaigns import campaign_years
from guanshu.portal.queries.reminders import RULES, STATES, LogFilter, log_row, reminders
from guanshu.portal.sms import backend
from guanshu.portal.web.shared.requests import text_of

PAGE = 50


def read_log_filter(request: HttpRequest) -> LogFilter:
    """Return what the log is to be narrowed to; what is no possible choice is ignored."""
    rule, state = request.GET.get("rule", ""), request.GET.get("state", "")
    return LogFilter(
        province=text_of(request.GET, "province"),
        text=text_of(request.GET, "q"),
        rule=rule if rule in RULES else "",
        state=state if state in STATES else "",
    )


def log_context(
    request: HttpRequest, campaign: Campaign, province: Province | None = None, city: str = ""
) -> dict[str, object]:
    """Return what the log's template shows: a page of lines, and the choices of its filter."""
    wanted = read_log_filter(request)
    page = Paginator(reminders(campaign, wanted, province, city), PAGE).get_page(request.GET.get("page"))
    return {
        "campaign": campaign,
        "province": province,
        "wanted": wanted,
        "page": page,
        "rows": [log_row(reminder) for reminder in page],
        "rules": RULES,
        "states": {name: label for name, (label, _) in STATES.items()},
        "years": campaign_years(),
        **channel(),
    }


def channel() -> dict[str, object]:
    """Return what pages say of the way messages go: its name where they reach no telephone."""
    used = backend()
    return {"channel": "" if used.reaches_phones else used.label, "outbox": settings.DEMO}
