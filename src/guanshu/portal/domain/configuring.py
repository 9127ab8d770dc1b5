"""Changing the settings of a campaign: dates, return window, holidays, parameters of the checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.models import Account, Campaign, Role
from guanshu.portal.problems import NotYours, OperationProblem, WrongState
from guanshu.portal.queries.campaigns import DATES, SETTINGS
from guanshu.portal.queries.forms import compiled
from guanshu.survey.definition.model import Param
from guanshu.survey.workflow.calendar import Holidays
from guanshu.survey.workflow.reminders import Rule
from guanshu.survey.workflow.rules import day
from guanshu.survey.workflow.scanning import ScanPages

# Each must not come after the next.
_ORDER = (
    ("opens_on", "museum_due"),
    ("museum_due", "province_review_due"),
    ("province_review_due", "province_submit_due"),
)
_OTHERS = tuple(name for name in SETTINGS if name not in DATES)
_LONGEST_WINDOW = 30
_MOST = Decimal(10) ** 12


class InvalidSettings(OperationProblem):
    """Settings that cannot be (422); `problems` names each field with a sentence."""

    code: ClassVar[str] = "invalid_settings"
    status: ClassVar[int] = 422
    sentence: ClassVar[str] = "设置有误，没有保存。请按提示修改。"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__()
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the form brings, as typed. `params` by name; a ticked switch is the text "true".

    reminders_off: the rules for reminders that are switched off. scan_pages: a ScanPages."""

    dates: Mapping[str, str]
    return_days: str
    off: tuple[str, ...] = ()
    worked: tuple[str, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict)
    reminders_off: tuple[str, ...] = ()
    scan_pages: str = ScanPages.ALL.value


def configure_campaign(*, campaign: Campaign, actor: Account, settings: Settings, now: datetime) -> Campaign:
    """Store the settings and record what changed. Raises NotYours, WrongState for a closed year, InvalidSettings."""
    if actor.role != Role.SYSTEM.value:
        raise NotYours
    with transaction.atomic():
        locked = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        if locked.closed:
            raise WrongState("本年度的数据采集已经结束，设置不能再改动。")
        before = _state(locked)
        _apply(locked, settings)
        after = _state(locked)
        changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        if changed:
            locked.save(update_fields=[*DATES, *_OTHERS])
            audit.record(
                stream="system",
                actor=actor.username,
                action="configure_campaign",
                object=str(locked.year),
                details=changed,
                now=now,
            )
    return locked


def _state(campaign: Campaign) -> dict[str, Any]:
    dates = {name: getattr(campaign, name).isoformat() for name in DATES}
    return {**dates, **{name: getattr(campaign, name) for name in _OTHERS}}


def _apply(campaign: Campaign, settings: Settings) -> None:
    problems: dict[str, str] = {}
    for name, found in _dates(settings, problems).items():
        setattr(campaign, name, found)
    window = settings.return_days.strip()
    if window.isascii() and window.isdigit() and len(window) < 10 and 1 <= int(window) <= _LONGEST_WINDOW:
        campaign.return_days = int(window)
    else:
        problems["return_days"] = f"请填 1 至 {_LONGEST_WINDOW} 之间的整数。"
    try:
        campaign.holidays = Holidays.read({"off": settings.off, "worked": settings.worked}).write()
    except ValueError as error:
        problems["holidays"] = str(error)
    if settings.scan_pages in {each.value for each in ScanPages}:
        campaign.scan_pages = settings.scan_pages
    else:
        problems["scan_pages"] = "请选择盖章扫描件需要哪些页。"
    campaign.params = _params(campaign, settings, problems)
    campaign.reminders_off = [rule.value for rule in Rule if rule.value in settings.reminders_off]
    if problems:
        raise InvalidSettings(problems)


def _dates(settings: Settings, problems: dict[str, str]) -> dict[str, date]:
    found: dict[str, date] = {}
    for name in DATES:
        try:
            found[name] = date.fromisoformat(settings.dates.get(name, ""))
        except ValueError:
            problems[name] = "请填写日期，如 2023-02-10。"
    for first, then in _ORDER:
        if first in found and then in found and found[first] > found[then]:
            problems[then] = f"「{DATES[then]}」不能早于「{DATES[first]}」（{day(found[first])}）。"
    return found


def _params(campaign: Campaign, settings: Settings, problems: dict[str, str]) -> dict[str, Any]:
    """Return the overrides: what equals the questionnaire's own default is not kept."""
    found: dict[str, Any] = {}
    for name, param in compiled(campaign.questionnaire_id).questionnaire.params.items():
        try:
            value = read_param(param, settings.params.get(name, ""))
        except ValueError as error:
            problems[f"param:{name}"] = str(error)
            continue
        if value != param.default:
            found[name] = value if isinstance(value, bool) else str(value)
    return found


def read_param(param: Param, text: str) -> Decimal | bool:
    """Return the value typed for a parameter. Raises ValueError with a sentence."""
    if isinstance(param.default, bool):
        return text == "true"
    try:
        value = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        raise ValueError("请填数字。") from None
    if not value.is_finite() or abs(value) > _MOST:
        raise ValueError("数字过大，请核对。")
    return value
