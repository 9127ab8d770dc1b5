"""What a report's past says about what can be done now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State


@dataclass(frozen=True, slots=True)
class Step:
    """One transition that happened: the action and the state that was left."""

    action: Action
    left: State


@dataclass(frozen=True, slots=True)
class Past:
    """What matters of the steps so far.

    before_review, before_exempt: the states left by the last 提交馆内审核 and the last 免报; first_submitted: whether
    the province got the report, by a submission that was not taken back; review_started: whether the province pressed
    开始审核 since the last submission; returned: whether it was ever returned by province or nation; unfinished:
    whether 未按期完成 is on record for the last return.
    """

    before_review: State = State.FILLING
    before_exempt: State = State.NOT_STARTED
    first_submitted: bool = False
    review_started: bool = False
    returned: bool = False
    unfinished: bool = False


def recall(steps: Iterable[Step]) -> Past:
    """Return the past that these steps, oldest first, make."""
    past = Past()
    for step in steps:
        past = after(past, step)
    return past


def after(past: Past, step: Step) -> Past:
    """Return the past with one more step in it."""
    match step.action:
        case Action.SUBMIT_IN_HOUSE:
            return replace(past, before_review=step.left)
        case Action.DECLARE_EXEMPT:
            return replace(past, before_exempt=step.left)
        case Action.SUBMIT:
            return replace(past, first_submitted=True, review_started=False, unfinished=False)
        case Action.WITHDRAW_SUBMISSION:
            # A returned report has been with the province; any other counts as never submitted again.
            return replace(past, first_submitted=past.returned)
        case Action.START_REVIEW:
            return replace(past, review_started=True)
        case Action.RETURN | Action.REVOKE_APPROVAL | Action.NATIONAL_RETURN:
            return replace(past, returned=True, unfinished=False)
        case Action.RECORD_UNFINISHED:
            return replace(past, unfinished=True)
        case _:
            return past
