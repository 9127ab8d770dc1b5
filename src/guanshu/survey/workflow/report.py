"""The workflow of a museum's report as one table (product §3). Buttons and operations both read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guanshu.survey.workflow.actions import (
    Action,
    Actor,
    Category,
    Effect,
    ExemptCategory,
    Need,
    ReturnCategory,
    Target,
)
from guanshu.survey.workflow.history import Past
from guanshu.survey.workflow.states import State

_FILLER = frozenset({Actor.FILLER})
_REVIEWER = frozenset({Actor.REVIEWER})
_PROVINCE = frozenset({Actor.PROVINCE})
_NATION = frozenset({Actor.NATION})

# Where a report can be before its first submission.
UNSUBMITTED = frozenset(
    {State.NOT_STARTED, State.FILLING, State.IN_REVIEW, State.RETURNED_IN_HOUSE, State.AWAITING_STAMP}
)
# Where a returned report can be until it is submitted again.
_RETURNED = frozenset({State.RETURNED_BY_PROVINCE, State.IN_REVIEW, State.RETURNED_IN_HOUSE, State.AWAITING_STAMP})


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table.

    `categories` is the list the person chooses from, where one is needed. An `automatic` transition happens by itself
    with another operation (the first save) and has no button.
    """

    action: Action
    sources: frozenset[State]
    target: State | Target
    actors: frozenset[Actor]
    needs: frozenset[Need] = frozenset()
    effects: frozenset[Effect] = frozenset()
    categories: type[Category] | None = None
    automatic: bool = False

    @property
    def needs_reason(self) -> bool:
        """Return whether a reason must be given."""
        return Need.REASON in self.needs

    @property
    def needs_category(self) -> bool:
        """Return whether one of `categories` must be chosen."""
        return Need.CATEGORY in self.needs


def _line(
    action: Action,
    sources: Iterable[State],
    target: State | Target,
    actors: frozenset[Actor],
    *more: Need | Effect,
    categories: type[Category] | None = None,
    automatic: bool = False,
) -> Transition:
    return Transition(
        action=action,
        sources=frozenset(sources),
        target=target,
        actors=actors,
        needs=frozenset(item for item in more if isinstance(item, Need)),
        effects=frozenset(item for item in more if isinstance(item, Effect)),
        categories=categories,
        automatic=automatic,
    )


# fmt: off
_LINES = (
    # The museum.
    _line(Action.BEGIN, [State.NOT_STARTED], State.FILLING, _FILLER, automatic=True),
    _line(Action.SUBMIT_IN_HOUSE, [State.FILLING, State.RETURNED_IN_HOUSE, State.RETURNED_BY_PROVINCE],
          State.IN_REVIEW, _FILLER, Need.CLEAN),
    _line(Action.WITHDRAW, [State.IN_REVIEW], Target.BEFORE_REVIEW, _FILLER),
    _line(Action.RETURN_TO_FILLER, [State.IN_REVIEW, State.AWAITING_STAMP], State.RETURNED_IN_HOUSE, _REVIEWER,
          Need.REASON),
    _line(Action.PASS_IN_HOUSE, [State.IN_REVIEW], State.AWAITING_STAMP, _REVIEWER, Effect.FREEZE_VERSION),
    _line(Action.UPLOAD_STAMP, [State.AWAITING_STAMP], Target.SAME, _FILLER | _REVIEWER, Need.FILE),
    _line(Action.SUBMIT, [State.AWAITING_STAMP], State.SUBMITTED, _REVIEWER, Need.STAMP,
          Effect.WRITE_FACTS, Effect.ISSUE_RECEIPT, Effect.CLEAR_REVIEW_STARTED),
    _line(Action.WITHDRAW_SUBMISSION, [State.SUBMITTED], State.AWAITING_STAMP, _REVIEWER, Effect.REMOVE_FACTS),
    # The province.
    _line(Action.START_REVIEW, [State.SUBMITTED], Target.SAME, _PROVINCE, Effect.MARK_REVIEW_STARTED),
    _line(Action.APPROVE, [State.SUBMITTED], State.APPROVED, _PROVINCE, Effect.WRITE_FACTS),
    _line(Action.RETURN, [State.SUBMITTED], State.RETURNED_BY_PROVINCE, _PROVINCE, Need.REASON, Need.CATEGORY,
          Effect.OPEN_WINDOW, Effect.REMOVE_FACTS, categories=ReturnCategory),
    _line(Action.REVOKE_APPROVAL, [State.APPROVED], State.RETURNED_BY_PROVINCE, _PROVINCE, Need.REASON,
          Effect.OPEN_WINDOW, Effect.REMOVE_FACTS),
    _line(Action.RECORD_UNFINISHED, _RETURNED, Target.SAME, _PROVINCE, Need.REASON),
    _line(Action.DECLARE_EXEMPT, UNSUBMITTED, State.EXEMPT, _PROVINCE, Need.CATEGORY, Need.FILE,
          categories=ExemptCategory),
    _line(Action.WITHDRAW_EXEMPT, [State.EXEMPT], Target.BEFORE_EXEMPT, _PROVINCE),
    # The nation.
    _line(Action.REFUSE_EXEMPT, [State.EXEMPT], Target.BEFORE_EXEMPT, _NATION, Need.REASON),
    _line(Action.NATIONAL_RETURN, [State.APPROVED], State.RETURNED_BY_PROVINCE, _NATION, Need.REASON, Need.DATE,
          Effect.OPEN_WINDOW, Effect.REMOVE_FACTS),
)
# fmt: on

TRANSITIONS: Mapping[Action, Transition] = {line.action: line for line in _LINES}


def destination(action: Action, state: State, past: Past) -> State:
    """Return the state that an action leads to. Whether it may be done is for `rules.refusal` to say."""
    target = TRANSITIONS[action].target
    if isinstance(target, State):
        return target
    return {Target.SAME: state, Target.BEFORE_REVIEW: past.before_review, Target.BEFORE_EXEMPT: past.before_exempt}[
        target
    ]


def performs(actor: Actor, action: Action) -> bool:
    """Return whether this is ever for that actor to do; if not, it is a matter of rights (403), not of state (409)."""
    return actor in TRANSITIONS[action].actors
