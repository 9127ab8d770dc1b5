"""What the home page and the footer show besides the task."""

from dataclasses import dataclass, fields
from datetime import date

from guanshu.portal.models import Campaign, Contact, FooterSetting, Notice

_MOST_NOTICES = 8


def notices(today: date) -> list[Notice]:
    """Return the notices of the home page, newest first."""
    found = Notice.objects.filter(withdrawn_at=None, published_on__lte=today).order_by("-published_on", "-pk")
    return list(found[:_MOST_NOTICES])


def notice_of(pk: int, today: date) -> Notice | None:
    """Return one notice of the home page."""
    return Notice.objects.filter(pk=pk, withdrawn_at=None, published_on__lte=today).first()


def contacts(campaign: Campaign | None) -> list[Contact]:
    """Return whom to ask about what in a campaign."""
    return list(Contact.objects.filter(campaign=campaign)) if campaign is not None else []


@dataclass(frozen=True, slots=True)
class Footer:
    """The lines of the footer that are filled in."""

    organiser: str = ""
    operator: str = ""
    icp: str = ""
    police: str = ""
    mail: str = ""

    @property
    def police_number(self) -> str:
        """Return the digits of 公网安备, for its official link."""
        return "".join(char for char in self.police if char.isdigit())


def footer() -> Footer:
    """Return the footer's lines, in one statement."""
    lines = dict(FooterSetting.objects.values_list("key", "value"))
    return Footer(**{each.name: lines.get(each.name, "") for each in fields(Footer)})
