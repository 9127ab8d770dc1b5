"""Every transition of a report: one transaction, decided under the lock on the report's row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from guanshu.portal.domain.reporting.facts import remove_facts, write_facts
from guanshu.portal.domain.reporting.freezing import freeze, open_locked
from guanshu.portal.domain.reporting.holders import update_holders
from guanshu.portal.domain.reporting.locking import Locked, clean, lock
from guanshu.portal.domain.reporting.looking import keep_look
from guanshu.portal.domain.reporting.returning import publish_return
from guanshu.portal.models import Account, AuditRecord, Exemption, Report, StoredFile
from guanshu.portal.problems import Blocked, Incomplete, NotYours, Unusable, WrongState
from guanshu.portal.queries.standing import find_blockers
from guanshu.survey.workflow.actions import Action, Category, Effect, Need
from guanshu.survey.workflow.calendar import add_working_days, working_days_late
from guanshu.survey.workflow.history import Step, after
from guanshu.survey.workflow.report import TRANSITIONS, Transition, destination, performs
from guanshu.survey.workflow.rules import Given, lacking
from guanshu.survey.workflow.states import State

_RETURNS = frozenset({Action.RETURN_TO_FILLER, Action.RETURN, Action.REVOKE_APPROVAL, Action.NATIONAL_RETURN})
_ENDS_EXEMPTION = frozenset({Action.WITHDRAW_EXEMPT, Action.REFUSE_EXEMPT})
# Nobody decides on what they have not looked at.
_LOOKS = frozenset({Action.APPROVE, Action.RETURN, Action.REVOKE_APPROVAL})
# These can be taken back, so the state they left is kept.
_REMEMBERED = frozenset({Action.SUBMIT_IN_HOUSE, Action.DECLARE_EXEMPT})


def perform(
    *,
    report: Report,
    actor: Account,
    action: Action,
    now: datetime,
    reason: str = "",
    category: str = "",
    until: date | None = None,
    file: StoredFile | None = None,
    confirmed: bool = False,
    today: date | None = None,
) -> Report:
    """Do one transition and return the report as it is then, or raise and change nothing.

    category: the label of one of the transition's categories; file: what 申报免报 is proved with; confirmed: whether
    the person ticked the warning of a late withdrawal; today: the business day, for whoever writes the past of a
    demonstration. Raises NotYours (403) for anybody but the table's actors of this report, WrongState (409) with the
    table's sentence, Incomplete (422) when something must be given, Blocked (422) with everything to mend, Unusable
    (400) for what happens by itself.
    """
    line = TRANSITIONS[action]
    with transaction.atomic():
        locked = lock(report, actor, now=now, today=today, action=action)
        check_allowed(locked, action)
        if line.automatic:
            raise Unusable("这一步由系统自动完成，不需要操作。")
        if file is not None and (file.report_id != locked.report.pk or file.superseded_at is not None):
            raise Unusable
        given = read_given(
            locked,
            action,
            reason=reason,
            category=category,
            until=until,
            has_file=file is not None,
            confirmed=confirmed,
        )
        if Need.CLEAN in line.needs:
            _check_clean(locked.report)
        _carry_out(_Step(locked, line, given, file))
    return locked.report


def check_allowed(locked: Locked, action: Action) -> None:
    """Raise NotYours or WrongState with the table's sentence unless the action can be done."""
    refused = locked.standing.refusal(action, locked.actor)
    if refused:
        raise WrongState(refused) if performs(locked.actor, action) else NotYours(refused)


def read_given(
    locked: Locked,
    action: Action,
    *,
    reason: str = "",
    category: str = "",
    until: date | None = None,
    has_file: bool = False,
    confirmed: bool = False,
) -> Given:
    """Return what the person gave with an action, cleaned. Raises Incomplete when that is not what it needs."""
    line, facts = TRANSITIONS[action], locked.standing.facts
    known: dict[str, Category] = {each.value: each for each in line.categories or ()}
    given = Given(
        reason=clean(reason, "原因"),
        category=known.get(category),
        has_file=has_file,
        until=until if Effect.OPEN_WINDOW in line.effects else None,
        confirmed=confirmed,
    )
    lack = lacking(action, given, facts)
    if lack:
        raise Incomplete(lack)
    return given


def _check_clean(report: Report) -> None:
    found = find_blockers(open_locked(report))
    if found:
        raise Blocked(found)


@dataclass(frozen=True)
class _Step:
    """One transition that may be done, on its way."""

    locked: Locked
    line: Transition
    given: Given
    file: StoredFile | None

    @property
    def action(self) -> Action:
        return self.line.action

    @property
    def category(self) -> str:
        return self.given.category.value if self.given.category else ""


def _carry_out(step: _Step) -> None:
    locked, report, action = step.locked, step.locked.report, step.action
    left = locked.standing.state
    to = destination(action, left, locked.standing.facts.past)
    changed = {**_state_fields(step, left, to), **_effect_fields(step)}
    if action in _RETURNS:
        changed["round"] = publish_return(
            report,
            by=locked.account.username,
            actor=locked.actor,
            category=step.category,
            reason=step.given.reason,
            at=locked.moment,
            until=changed.get("window_until"),
        )
    _exempt(step)
    if action in _LOOKS:
        keep_look(locked)
    moved = update_holders(locked) if action is Action.SUBMIT_IN_HOUSE else []
    for name, value in changed.items():
        setattr(report, name, value)
    if changed:
        Report.objects.filter(pk=report.pk).update(**changed)
    if Effect.WRITE_FACTS in step.line.effects:
        write_facts(report, to)
    if Effect.REMOVE_FACTS in step.line.effects:
        remove_facts(report)
    _note(step, left, to, moved)


def _state_fields(step: _Step, left: State, to: State) -> dict[str, Any]:
    """Return what changes of the row with the state."""
    changed: dict[str, Any] = {}
    past = step.locked.standing.facts.past
    if to is not left:
        changed.update(state=to.value, state_since=step.locked.moment, left_state="")
    if step.action in _REMEMBERED:
        changed["left_state"] = left.value
    if step.action in _ENDS_EXEMPTION and to is State.IN_REVIEW:
        changed["left_state"] = _left_for_review(step.locked.report)
    if step.action is Action.SUBMIT:
        changed["first_submitted_at"] = step.locked.report.first_submitted_at or step.locked.moment
        changed.update(overdue_reason="", late_days=_late_days(step))
    if step.action is Action.WITHDRAW_SUBMISSION:
        changed["late_days"] = 0
        if not after(past, Step(step.action, left)).first_submitted:
            changed["first_submitted_at"] = None
    if step.action is Action.RECORD_UNFINISHED:
        changed["overdue_reason"] = step.given.reason
    return changed


def _late_days(step: _Step) -> int:
    """Return by how many working days a returned report is submitted again after its window, 0 when in time."""
    standing = step.locked.standing
    facts = standing.facts
    if not facts.past.returned or facts.window_until is None:
        return 0
    return working_days_late(facts.window_until, facts.today, standing.holidays)


def _left_for_review(report: Report) -> str:
    """Return the state that the last 提交馆内审核 left: 免报 has taken its place in the row meanwhile."""
    records = AuditRecord.objects.filter(stream=f"report:{report.number}", action=Action.SUBMIT_IN_HOUSE.value)
    last = records.order_by("-seq").first()
    return str(last.details["from"]) if last else State.FILLING.value


def _effect_fields(step: _Step) -> dict[str, Any]:
    """Return what changes of the row by the transition's effects, and freeze the version when it is one of them."""
    locked, effects = step.locked, step.line.effects
    changed: dict[str, Any] = {}
    if Effect.FREEZE_VERSION in effects:
        changed["version"] = freeze(locked.report, by=locked.account.username, now=locked.now)
    if Effect.MARK_REVIEW_STARTED in effects:
        changed["review_started_at"] = locked.moment
    if Effect.CLEAR_REVIEW_STARTED in effects:
        changed["review_started_at"] = None
    if Effect.OPEN_WINDOW in effects:
        days = locked.report.campaign.return_days
        standing = locked.standing
        window = step.given.until or add_working_days(standing.facts.today, days, standing.holidays)
        changed.update(returned_at=locked.moment, window_until=window, overdue_reason="", late_days=0)
    return changed


def _exempt(step: _Step) -> None:
    """Write or end the declaration that 免报 rests on."""
    locked = step.locked
    if step.action is Action.DECLARE_EXEMPT:
        Exemption.objects.create(
            report=locked.report,
            category=step.category,
            reason=step.given.reason,
            file=step.file,
            by=locked.account.username,
            at=locked.moment,
        )
    elif step.action in _ENDS_EXEMPTION:
        Exemption.objects.filter(report=locked.report, ended_at=None).update(
            ended_by=locked.account.username, ended_at=locked.moment, ended_reason=step.given.reason
        )


def _note(step: _Step, left: State, to: State, moved: Sequence[str]) -> None:
    report = step.locked.report
    details: dict[str, object] = {
        "from": left.value,
        "to": to.value,
        "version": report.version,
        "reason": step.given.reason,
        "category": step.category,
    }
    if Effect.OPEN_WINDOW in step.line.effects and report.window_until is not None:
        details["until"] = report.window_until.isoformat()
    if step.action is Action.SUBMIT and report.late_days:
        details["late"] = report.late_days
    if moved:
        details["phones"] = list(moved)
    step.locked.note(step.action.value, **details)
