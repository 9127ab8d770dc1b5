"""The campaign a page is about, and its deadlines as people read them."""

import re
from dataclasses import dataclass
from datetime import date

from guanshu.portal.models import Campaign

DATES = {
    "opens_on": "系统开放",
    "contacts_due": "省级管理员信息反馈截止",
    "museum_due": "馆填报截止",
    "province_review_due": "省级审核截止",
    "province_submit_due": "省级上报截止",
}
# What a campaign's settings are called, on its page and in the trail.
SETTINGS = {
    **DATES,
    "return_days": "退回修改期限",
    "holidays": "放假和调休",
    "params": "审核参数",
    "reminders_off": "短信自动催报",
    "scan_pages": "盖章扫描件需要的页",
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """One inclusive deadline seen from a business day."""

    label: str
    on: date
    days_left: int

    @property
    def passed(self) -> bool:
        """Return whether the day itself is over."""
        return self.days_left < 0

    @property
    def tone(self) -> str:
        """Return the stylesheet's word for how near it is."""
        if self.passed:
            return "passed"
        return "soon" if self.days_left <= 7 else ""

    @property
    def remaining(self) -> str:
        """Return the words after the date."""
        if self.passed:
            return "已截止"
        return "今天截止" if self.days_left == 0 else f"还有 {self.days_left} 天"


def current_campaign() -> Campaign | None:
    """Return the newest year that is being collected, or the newest of all when every year is closed."""
    return Campaign.objects.order_by("closed", "-year").first()


def campaign_years() -> list[int]:
    """Return the years there are reports of, newest first."""
    return list(Campaign.objects.order_by("-year").values_list("year", flat=True))


def campaign_of(year: str) -> Campaign | None:
    """Return the campaign of a year as typed in an address; without one the current campaign."""
    if not year:
        return current_campaign()
    wanted = int(year) if re.fullmatch(r"[0-9]{4}", year) else 0
    return Campaign.objects.filter(year=wanted).first()


def deadlines(campaign: Campaign, today: date) -> dict[str, Deadline]:
    """Return the deadlines of a campaign, in the order they come."""
    dates = {
        "museum": ("馆填报截止", campaign.museum_due),
        "review": ("省级审核截止", campaign.province_review_due),
        "submit": ("省级上报截止", campaign.province_submit_due),
    }
    return {key: Deadline(label, on, (on - today).days) for key, (label, on) in dates.items()}
