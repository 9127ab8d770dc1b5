"""采集年度设置: dates, return window, holidays, reminders, parameters of the checks."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guanshu.portal import clock
from guanshu.portal.domain.configuring import InvalidSettings, Settings, configure_campaign
from guanshu.portal.models import Campaign
from guanshu.portal.queries.campaigns import DATES, campaign_years
from guanshu.portal.queries.forms import compiled
from guanshu.portal.web.shared.filters import read_year
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of
from guanshu.survey.definition.model import Param
from guanshu.survey.workflow.calendar import Holidays
from guanshu.survey.workflow.reminders import Rule
from guanshu.survey.workflow.scanning import ScanPages

_SEPARATORS = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class ParamField:
    """One parameter of the checks on the form."""

    param: Param
    text: str
    problem: str

    @property
    def switch(self) -> bool:
        """Return whether it is a tick."""
        return isinstance(self.param.default, bool)

    @property
    def default(self) -> str:
        """Return the questionnaire's own value."""
        return _param_text(self.param.default)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Show the settings of a year (GET), or store them (POST)."""
    campaign = read_year(request)
    if campaign is None:
        raise Http404
    if request.method != "POST":
        return _page(request, campaign, _stored(campaign), {})
    account = account_of(request)
    typed = _posted(request, campaign)
    try:
        configure_campaign(campaign=campaign, actor=account, settings=typed, now=clock.now())
    except InvalidSettings as invalid:
        return _page(request, campaign, typed, invalid.problems)
    messages.success(request, "设置已保存。")
    return see_other(f"{reverse('national:campaign')}?year={campaign.year}")


def _page(request: HttpRequest, campaign: Campaign, typed: Settings, problems: dict[str, str]) -> HttpResponse:
    params = compiled(campaign.questionnaire_id).questionnaire.params
    context = {
        "campaign": campaign,
        "years": campaign_years(),
        "dates": [(name, label, typed.dates.get(name, ""), problems.get(name, "")) for name, label in DATES.items()],
        "return_days": typed.return_days,
        "off": "\n".join(typed.off),
        "worked": "\n".join(typed.worked),
        "params": [
            ParamField(param, typed.params.get(name, ""), problems.get(f"param:{name}", ""))
            for name, param in params.items()
        ],
        "scan_pages": [(each, each.value == typed.scan_pages) for each in ScanPages],
        "rules": [(rule, rule.value not in typed.reminders_off) for rule in Rule],
        "problems": problems,
    }
    return render(request, "national/campaign.html", context, status=422 if problems else 200)


def _stored(campaign: Campaign) -> Settings:
    holidays = Holidays.read(campaign.holidays).write()
    params = compiled(campaign.questionnaire_id).questionnaire.params
    return Settings(
        dates={name: getattr(campaign, name).isoformat() for name in DATES},
        return_days=str(campaign.return_days),
        off=tuple(holidays["off"]),
        worked=tuple(holidays["worked"]),
        params={name: _param_text(campaign.params.get(name, param.default)) for name, param in params.items()},
        reminders_off=tuple(campaign.reminders_off),
        scan_pages=campaign.scan_pages,
    )


def _posted(request: HttpRequest, campaign: Campaign) -> Settings:
    params = compiled(campaign.questionnaire_id).questionnaire.params
    post = request.POST
    return Settings(
        dates={name: post.get(name, "") for name in DATES},
        return_days=post.get("return_days", ""),
        off=tuple(_split(post.get("off", ""))),
        worked=tuple(_split(post.get("worked", ""))),
        params={name: post.get(f"param:{name}", "") for name in params},
        reminders_off=tuple({rule.value for rule in Rule} - set(post.getlist("remind"))),
        scan_pages=post.get("scan_pages", campaign.scan_pages),
    )


def _split(text: str) -> Iterable[str]:
    return (part for part in _SEPARATORS.split(text) if part)


def _param_text(value: object) -> str:
    return {True: "true", False: ""}[value] if isinstance(value, bool) else str(value)
