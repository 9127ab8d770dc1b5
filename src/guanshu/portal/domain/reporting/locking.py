"""The beginning of every operation: the report's row locked, then who acts and where the report stands."""

from dataclasses import dataclass
from datetime import date, datetime

from guanshu.portal import clock
from guanshu.portal.access import reports
from guanshu.portal.domain.reporting.noting import business_moment, note
from guanshu.portal.models import Account, Filing, Report
from guanshu.portal.problems import Incomplete, NotYours, WrongState
from guanshu.portal.queries.standing import Operation, Standing, actor_of, concerns, may_ever, stand
from guanshu.survey.values.base import ValueProblem
from guanshu.survey.values.missing import BLANK
from guanshu.survey.values.texts import TextType
from guanshu.survey.workflow.actions import Action, Actor
from guanshu.survey.workflow.rules import HELD_WHILE_FILED, LONGEST_REASON

_TEXT = TextType(limit=LONGEST_REASON, lines=True)


@dataclass(frozen=True)
class Locked:
    """A report whose row this transaction holds. `now` is real time, `moment` the same on the business calendar."""

    standing: Standing
    account: Account
    actor: Actor
    now: datetime
    moment: datetime

    @property
    def report(self) -> Report:
        """Return the report as the locked row has it."""
        return self.standing.report

    def require(self, operation: Operation) -> None:
        """Raise NotYours when the operation is never for this actor, WrongState when it is not possible now."""
        refused = self.standing.operation_refusal(operation, self.actor)
        if refused:
            raise WrongState(refused) if may_ever(operation, self.actor) else NotYours(refused)

    def note(self, action: str, **details: object) -> None:
        """Append an event to the report's history."""
        note(self.report, actor=self.account.username, role=self.actor.value, action=action, now=self.now, **details)


def lock(
    report: Report, account: Account, *, now: datetime, today: date | None = None, action: Action | None = None
) -> Locked:
    """Lock the report's row until the end of the caller's transaction.

    For an action that waits while the province has filed, the filing's row is locked as well, always after the
    report's (handing a filing in locks no reports, so the two cannot wait for each other). Raises NotYours when the
    account has no part in the workflow, or none in this report.
    """
    locked = reports().select_for_update(of=("self",), no_key=True).get(pk=report.pk)
    actor = actor_of(account)
    if actor is None or not concerns(account, locked):
        raise NotYours
    if action in HELD_WHILE_FILED:
        found = Filing.objects.filter(province=locked.museum.province_id, campaign=locked.campaign_id)
        found.select_for_update(no_key=True).first()
    day = today or clock.today(now)
    return Locked(stand(locked, day), account, actor, now, business_moment(now, day))


def clean(text: str, what: str = "内容") -> str:
    """Return what a person wrote, without what cannot be printed; "" for nothing. Raises Incomplete when it is no text.

    Text like 不适用 is an answer like any other here.
    """
    try:
        value = _TEXT.parse(text)
    except ValueProblem as problem:
        raise Incomplete(f"{what}：{problem.message}") from None
    if value is BLANK:
        return ""
    return value if isinstance(value, str) else text.strip()


def required(text: str, what: str) -> str:
    """Return the same. Raises Incomplete when nothing is left."""
    cleaned = clean(text, what)
    if not cleaned:
        raise Incomplete(f"请填写{what}。")
    return cleaned
