"""本省已建成科技馆账号信息: a province's museums, both accounts, who holds them, their stage, the last contact."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from guanshu.portal.models import Account, Museum, MuseumStatus, Province, Role
from guanshu.portal.queries.accountstate import Stage, initial_expires, stage_of
from guanshu.portal.queries.contacts import Contact, last_contacts
from guanshu.portal.queries.people import person_of

# Choices of the filter by contact: how many days without one count, None = never any.
CONTACTED = {"never": "从未联系", "week": "7 天内未联系", "month": "30 天内未联系"}
_DAYS = {"week": 7, "month": 30}


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """What the list is narrowed to; empty means everything."""

    text: str = ""
    stage: Stage | None = None
    contact: str = ""

    @property
    def active(self) -> bool:
        """Return whether anything is left out."""
        return self != AccountFilter()


@dataclass(frozen=True, slots=True)
class AccountView:
    """One account; `shown` is its masked number, `expires` when an initial password that nobody used runs out."""

    account: Account
    name: str = field(repr=False)
    shown: str
    stage: Stage
    expires: datetime | None
    expired: bool

    @property
    def username(self) -> str:
        """Return the account's name."""
        return self.account.username

    @property
    def office(self) -> str:
        """Return the name of the museum or province it belongs to."""
        office = self.account.museum or self.account.province
        return office.name if office else ""

    @property
    def role(self) -> str:
        """Return 填报人 or 审核人."""
        return str(self.account.get_role_display())


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One museum with its two accounts; None where an account does not exist."""

    code: str
    name: str
    city: str
    level: str
    filler: AccountView | None
    reviewer: AccountView | None
    contact: Contact | None

    @property
    def views(self) -> tuple[AccountView, ...]:
        """Return the accounts there are."""
        return tuple(view for view in (self.filler, self.reviewer) if view is not None)


def account_rows(province: Province, wanted: AccountFilter, *, now: datetime, today: date) -> list[AccountRow]:
    """Return a province's open museums with their accounts; three statements. `now` is real time, `today` business."""
    museums = Museum.objects.filter(province=province, status=MuseumStatus.OPEN).order_by("code")
    if wanted.text:
        text = wanted.text
        museums = museums.filter(Q(name__icontains=text) | Q(code__icontains=text) | Q(city__icontains=text))
    found = list(museums.prefetch_related("accounts"))
    contacts = last_contacts(museum.pk for museum in found)
    rows = [_row(museum, contacts, now) for museum in found]
    return [row for row in rows if _fits(row, wanted, today)]


def stage_counts(rows: list[AccountRow]) -> dict[str, int]:
    """Return how many accounts are at each stage, by its words."""
    views = [view for row in rows for view in row.views]
    return {stage.label: sum(view.stage is stage for view in views) for stage in Stage}


def account_view(account: Account, now: datetime) -> AccountView:
    """Return one account as pages show it."""
    until = initial_expires(account)
    return AccountView(
        account=account,
        name=person_of(account).name,
        shown=account.phone_shown,
        stage=stage_of(account),
        expires=until,
        expired=until is not None and now >= until,
    )


def _row(museum: Museum, contacts: Mapping[int, Contact], now: datetime) -> AccountRow:
    by_role = {account.role: account_view(account, now) for account in museum.accounts.all()}
    return AccountRow(
        code=museum.code,
        name=museum.name,
        city=museum.city,
        level=museum.get_level_display(),
        filler=by_role.get(Role.FILLER.value),
        reviewer=by_role.get(Role.REVIEWER.value),
        contact=contacts.get(museum.pk),
    )


def _fits(row: AccountRow, wanted: AccountFilter, today: date) -> bool:
    if wanted.stage and all(view.stage is not wanted.stage for view in row.views):
        return False
    if wanted.contact == "never":
        return row.contact is None
    days = _DAYS.get(wanted.contact)
    return days is None or row.contact is None or (today - row.contact.on).days >= days
