"""The beginning and the end of every step of a request: its row locked, who acts, where it stands; then the record."""

from datetime import datetime
from typing import TypeVar

from guanshu.portal import audit
from guanshu.portal.domain.reporting.locking import clean, required
from guanshu.portal.models import Account, Application, Campaign, Correction, Role
from guanshu.portal.problems import NotYours, WrongState
from guanshu.portal.queries.requests import stream_of
from guanshu.portal.queries.standing import actor_of
from guanshu.survey.workflow.requests import APPLICATION, CORRECTION, Move, RequestAction, RequestState

Asked = TypeVar("Asked", Application, Correction)


def take(asked: Asked, action: RequestAction, *, actor: Account) -> tuple[Asked, Move]:
    """Lock a request for a step, the campaign before it; return it with the line of its table.

    Whoever comes second waits here and finds that it was decided. Raises NotYours, WrongState.
    """
    move = (APPLICATION if isinstance(asked, Application) else CORRECTION)[action]
    if actor_of(actor) is not move.actor or not _concerns(actor, asked):
        raise NotYours
    hold_register(asked.campaign_id)
    kind = type(asked)
    found = kind.objects.select_for_update(no_key=True, of=("self",)).select_related("province", "campaign", "museum")
    locked = found.get(pk=asked.pk)
    if locked.standing not in move.sources:
        raise WrongState(_why(locked))
    return locked, move


def hold_register(campaign: int) -> Campaign:
    """Lock the campaign's row: whatever changes the register waits for what changes it already."""
    return Campaign.objects.select_for_update(no_key=True).get(pk=campaign)


def reason_of(move: Move, text: str, what: str) -> str:
    """Return the reason given. Raises Incomplete where one must be given and none is."""
    return required(text, what) if move.needs_reason else clean(text, what)


def note(asked: Application | Correction, action: RequestAction, *, actor: Account, before: str, now: datetime) -> None:
    """Append a step to the request's history; the caller has written its new state."""
    reason = asked.decision
    if action in {RequestAction.FORWARD, RequestAction.SEND_BACK} and isinstance(asked, Correction):
        reason = asked.opinion
    audit.record(
        stream=stream_of(asked),
        actor=actor.username,
        action=action.value,
        object=asked.number,
        details={"role": actor.role, "from": before, "to": asked.state, "reason": reason},
        now=now,
    )


def settle(asked: Asked, move: Move, action: RequestAction, *, actor: Account, reason: str, now: datetime) -> Asked:
    """Write the end of a request and record it."""
    before, asked.state = asked.state, move.target.value
    asked.decided_by, asked.decided_at, asked.decision = actor.username, now, reason
    asked.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    note(asked, action, actor=actor, before=before, now=now)
    return asked


def _concerns(actor: Account, asked: Application | Correction) -> bool:
    if actor.role == Role.PROVINCE.value:
        return actor.province_id == asked.province_id
    return actor.museum_id is None or actor.museum_id == asked.museum_id


def _why(asked: Application | Correction) -> str:
    state = RequestState(asked.state)
    if asked.decided_by:
        return (
            f"申请 {asked.number} 已由 {asked.decided_by} 办理，结果为「{state.label}」，不能再次办理。请刷新页面查看。"
        )
    return f"申请 {asked.number} 目前为「{state.label}」，不能进行此操作。请刷新页面查看。"
