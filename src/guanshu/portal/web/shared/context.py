"""What every page knows: the year and its deadlines, who is logged in, whether this is a demo."""

from datetime import date
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest

from guanshu.portal import clock
from guanshu.portal.domain.factors import has_factor
from guanshu.portal.models import Account, Campaign
from guanshu.portal.permissions import home_of
from guanshu.portal.queries.campaigns import Deadline, current_campaign, deadlines
from guanshu.portal.queries.publishing import Footer, footer
from guanshu.portal.queries.requests import badges
from guanshu.portal.web.shared.navigation import Group, navigation


class Portal:
    """`portal` in templates. Nothing is asked of the database before a template uses it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def demo(self) -> bool:
        """Return whether the data are made up."""
        return settings.DEMO

    @cached_property
    def today(self) -> date:
        """Return the business day."""
        return clock.today()

    @cached_property
    def campaign(self) -> Campaign | None:
        """Return the year being collected."""
        return current_campaign()

    @property
    def year(self) -> int | None:
        """Return the year being collected, for the bar at the top."""
        return self.campaign.year if self.campaign else None

    @cached_property
    def deadlines(self) -> dict[str, Deadline]:
        """Return the deadlines museum, review and submit, with the days left."""
        return deadlines(self.campaign, self.today) if self.campaign else {}

    @cached_property
    def footer(self) -> Footer:
        """Return the lines of the footer that the nation filled in."""
        return footer()

    @cached_property
    def account(self) -> Account | None:
        """Return who is logged in."""
        user = getattr(self._request, "user", None)
        return user if isinstance(user, Account) else None

    @property
    def account_label(self) -> str:
        """Return 「office · role」, or the role alone for national accounts."""
        if self.account is None:
            return ""
        office = self.account.museum or self.account.province
        role = self.account.get_role_display()
        return f"{self.account.city or office.name} · {role}" if office else role

    @property
    def username(self) -> str:
        """Return the account's name."""
        return self.account.username if self.account else ""

    @property
    def home(self) -> str:
        """Return the page the account starts on."""
        return home_of(self.account.role) if self.account else "/"

    @cached_property
    def has_factor(self) -> bool:
        """Return whether asking for the password again also asks for a code."""
        return self.account is not None and has_factor(self.account)

    @property
    def idle(self) -> dict[str, int]:
        """Return after how many minutes an unused session is over, and how long before that the page warns."""
        return {"minutes": settings.GUANSHU_IDLE_MINUTES, "warning": settings.GUANSHU_IDLE_WARNING}

    @cached_property
    def navigation(self) -> list[Group]:
        """Return the links of the top bar."""
        return navigation(self.account.role, self._request.path, badges(self.account)) if self.account else []


def portal(request: HttpRequest) -> dict[str, Portal]:
    """Give every template `portal`."""
    return {"portal": Portal(request)}
