"""What museums and provinces ask of the nation's register: 科技馆账号申请 and 信息更正申请, each way as one table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from guanshu.survey.workflow.actions import Actor


class RequestState(Enum):
    """Where an application or a correction stands; `label` is what pages say."""

    AT_PROVINCE = "at_province"
    AT_NATION = "at_nation"
    APPROVED = "approved"
    REFUSED = "refused"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """Return the state as pages print it."""
        return _STATES[self]

    @property
    def tone(self) -> str:
        """Return the stylesheet's word for its pill."""
        return _TONES.get(self, "")


_STATES = {
    RequestState.AT_PROVINCE: "待省级意见",
    RequestState.AT_NATION: "待全国审批",
    RequestState.APPROVED: "已同意",
    RequestState.REFUSED: "未同意",
    RequestState.RETURNED: "省级退回",
    RequestState.WITHDRAWN: "已撤回",
}
_TONES = {
    RequestState.AT_PROVINCE: "blue",
    RequestState.AT_NATION: "blue",
    RequestState.APPROVED: "ok",
    RequestState.REFUSED: "late",
    RequestState.RETURNED: "late",
}
# Somebody still has to decide.
OPEN = (RequestState.AT_PROVINCE, RequestState.AT_NATION)


class RequestAction(Enum):
    """What can be done to one; the values are kept in its history. `label` is the words on the button."""

    SUBMIT = "submit_request"
    WITHDRAW = "withdraw_request"
    FORWARD = "forward_request"
    SEND_BACK = "send_back_request"
    APPROVE = "approve_request"
    REFUSE = "refuse_request"

    @property
    def label(self) -> str:
        """Return the words on the button and in the history."""
        return _ACTIONS[self]


_ACTIONS = {
    RequestAction.SUBMIT: "提交申请",
    RequestAction.WITHDRAW: "撤回申请",
    RequestAction.FORWARD: "同意转报",
    RequestAction.SEND_BACK: "退回",
    RequestAction.APPROVE: "同意",
    RequestAction.REFUSE: "不同意",
}


@dataclass(frozen=True, slots=True)
class Move:
    """One line of a table: from where, to where, by whom, and whether a reason must be given."""

    sources: frozenset[RequestState]
    target: RequestState
    actor: Actor
    needs_reason: bool = False


Moves = Mapping[RequestAction, Move]


def _move(sources: Iterable[RequestState], target: RequestState, actor: Actor, *, reason: bool = False) -> Move:
    return Move(frozenset(sources), target, actor, reason)


_AT_PROVINCE, _AT_NATION = (RequestState.AT_PROVINCE,), (RequestState.AT_NATION,)
_DECISIONS: Moves = {
    RequestAction.APPROVE: _move(_AT_NATION, RequestState.APPROVED, Actor.NATION),
    RequestAction.REFUSE: _move(_AT_NATION, RequestState.REFUSED, Actor.NATION, reason=True),
}
# 科技馆账号申请: the province asks, the nation decides.
APPLICATION: Moves = {
    RequestAction.WITHDRAW: _move(_AT_NATION, RequestState.WITHDRAWN, Actor.PROVINCE),
    **_DECISIONS,
}
# 信息更正申请: the museum's filler asks, the province gives its opinion, the nation decides.
CORRECTION: Moves = {
    RequestAction.WITHDRAW: _move(OPEN, RequestState.WITHDRAWN, Actor.FILLER),
    RequestAction.FORWARD: _move(_AT_PROVINCE, RequestState.AT_NATION, Actor.PROVINCE),
    RequestAction.SEND_BACK: _move(_AT_PROVINCE, RequestState.RETURNED, Actor.PROVINCE, reason=True),
    **_DECISIONS,
}


def possible(moves: Moves, state: RequestState, actor: Actor | None) -> tuple[RequestAction, ...]:
    """Return what this actor may do now: the buttons of a page."""
    return tuple(action for action, move in moves.items() if move.actor is actor and state in move.sources)
