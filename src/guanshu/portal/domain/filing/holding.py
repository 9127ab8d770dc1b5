"""The beginning of every operation on a filing: its row locked, then who acts and where it stands."""

from dataclasses import dataclass
from datetime import date, datetime

from guanshu.portal import audit, clock
from guanshu.portal.access import filings
from guanshu.portal.domain.reporting.noting import business_moment
from guanshu.portal.models import Account, AuditRecord, Filing
from guanshu.portal.problems import NotYours, WrongState
from guanshu.portal.queries.filingstanding import FilingStanding, filing_actor, filing_stream, stand_filing
from guanshu.survey.workflow.actions import Actor

_NOT_HERS = "上报材料由本省的省级科协管理员办理。"


@dataclass(frozen=True)
class LockedFiling:
    """A filing whose row this transaction holds. `now` is real time, `moment` the same on the business calendar."""

    standing: FilingStanding
    account: Account
    actor: Actor
    now: datetime
    moment: datetime

    @property
    def filing(self) -> Filing:
        """Return the filing as the locked row has it."""
        return self.standing.filing

    def note(self, action: str, **details: object) -> AuditRecord:
        """Append an event to the filing's history."""
        return audit.record(
            stream=filing_stream(self.filing),
            actor=self.account.username,
            action=action,
            object=self.filing.number,
            details={"role": self.actor.value, **details},
            now=self.now,
        )

    def require_editable(self) -> None:
        """Raise NotYours for anybody but the province, WrongState while nothing can be changed."""
        if self.actor is not Actor.PROVINCE:
            raise NotYours(_NOT_HERS)
        if not self.standing.editable:
            raise WrongState(self.standing.edit_refusal)


def hold_filing(filing: Filing, account: Account, *, now: datetime, today: date | None = None) -> LockedFiling:
    """Lock the filing's row until the end of the caller's transaction. Raises NotYours for who has no part in it."""
    locked = filings().select_for_update(of=("self",), no_key=True).get(pk=filing.pk)
    actor = filing_actor(account, locked)
    if actor is None:
        raise NotYours(_NOT_HERS)
    day = today or clock.today(now)
    return LockedFiling(stand_filing(locked, day), account, actor, now, business_moment(now, day))


def check_editable(filing: Filing, account: Account, now: datetime) -> None:
    """Raise NotYours or WrongState unless the account may change the materials now; without a lock, to ask early."""
    actor = filing_actor(account, filing)
    if actor is not Actor.PROVINCE:
        raise NotYours(_NOT_HERS)
    standing = stand_filing(filings().get(pk=filing.pk), clock.today(now))
    if not standing.editable:
        raise WrongState(standing.edit_refusal)
