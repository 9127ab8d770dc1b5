"""Where an account stands between the province's hands and its holder's: 未分配, 已分配, 已首次登录."""

from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings

from guanshu.portal.models import Account


class Stage(Enum):
    """What the register's column says; the values are words of addresses."""

    NONE = "none"
    GIVEN = "given"
    ENTERED = "entered"

    @property
    def label(self) -> str:
        """Return the words of the register."""
        return {Stage.NONE: "未分配", Stage.GIVEN: "已分配", Stage.ENTERED: "已首次登录"}[self]


def stage_of(account: Account) -> Stage:
    """Return the stage; a new slip after a log-in makes the account 已分配 again until somebody logs in with it."""
    entered = max(filter(None, (account.first_login_at, account.last_login)), default=None)
    if account.first_login_at and entered and (account.given_at is None or entered >= account.given_at):
        return Stage.ENTERED
    return Stage.GIVEN if account.given_at else Stage.NONE


def initial_expires(account: Account) -> datetime | None:
    """Return when the account's initial password runs out; None when it has none, or nobody knows its age."""
    if not account.must_change_password or account.password_at is None:
        return None
    return account.password_at + timedelta(days=settings.GUANSHU_INITIAL_PASSWORD_DAYS)


def initial_expired(account: Account, now: datetime) -> bool:
    """Return whether the account has an initial password that opens nothing any more; `now` is real time."""
    until = initial_expires(account)
    return until is not None and now >= until


def stamp_of(account: Account) -> str:
    """Return what a page remembers of an account's password, so that a slip asked for twice is not made twice."""
    return account.password_at.isoformat() if account.password_at else "-"
