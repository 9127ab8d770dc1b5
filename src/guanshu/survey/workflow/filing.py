"""The workflow of a province's submission (信息上报) as one table (product §6). Buttons and operations both read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from guanshu.survey.workflow.actions import Actor
from guanshu.survey.workflow.filingstates import FilingState
from guanshu.survey.workflow.rules import LONGEST_REASON, day


class FilingAction(Enum):
    """What can be done to a filing; the values are kept in its history. `label` is the words on the button."""

    SUBMIT = "submit_filing"
    WITHDRAW = "withdraw_filing"
    OPEN = "open_filing"
    RETURN = "return_filing"
    ACCEPT = "accept_filing"
    EXTEND = "extend_filing"

    @property
    def label(self) -> str:
        """Return the words on the button and in the history."""
        return _LABELS[self]


_LABELS = {
    FilingAction.SUBMIT: "信息上报",
    FilingAction.WITHDRAW: "撤回上报",
    FilingAction.OPEN: "开始查看",
    FilingAction.RETURN: "全国退回",
    FilingAction.ACCEPT: "接收",
    FilingAction.EXTEND: "准予延期",
}


class FilingNeed(Enum):
    """What an action asks for besides the right state."""

    REASON = "reason"
    DATE = "date"
    PACKAGE = "package"


class FilingEffect(Enum):
    """What the operation does besides writing state and history."""

    ISSUE_RECEIPT = "issue_receipt"
    MARK_OPENED = "mark_opened"
    CLEAR_OPENED = "clear_opened"
    OPEN_WINDOW = "open_window"
    MOVE_DEADLINE = "move_deadline"


class FilingTarget(Enum):
    """Where an action leads when that is no fixed state."""

    SAME = "same"
    BEFORE_SUBMISSION = "before_submission"


@dataclass(frozen=True, slots=True)
class FilingTransition:
    """One line of the table."""

    action: FilingAction
    sources: frozenset[FilingState]
    target: FilingState | FilingTarget
    actors: frozenset[Actor]
    needs: frozenset[FilingNeed] = frozenset()
    effects: frozenset[FilingEffect] = frozenset()


def _line(
    action: FilingAction,
    sources: Iterable[FilingState],
    target: FilingState | FilingTarget,
    actor: Actor,
    *more: FilingNeed | FilingEffect,
) -> FilingTransition:
    return FilingTransition(
        action=action,
        sources=frozenset(sources),
        target=target,
        actors=frozenset({actor}),
        needs=frozenset(item for item in more if isinstance(item, FilingNeed)),
        effects=frozenset(item for item in more if isinstance(item, FilingEffect)),
    )


# fmt: off
_LINES = (
    # The province.
    _line(FilingAction.SUBMIT, [FilingState.PREPARING, FilingState.RETURNED], FilingState.SUBMITTED, Actor.PROVINCE,
          FilingNeed.PACKAGE, FilingEffect.ISSUE_RECEIPT, FilingEffect.CLEAR_OPENED),
    _line(FilingAction.WITHDRAW, [FilingState.SUBMITTED], FilingTarget.BEFORE_SUBMISSION, Actor.PROVINCE),
    # The nation.
    _line(FilingAction.OPEN, [FilingState.SUBMITTED], FilingTarget.SAME, Actor.NATION, FilingEffect.MARK_OPENED),
    _line(FilingAction.RETURN, [FilingState.SUBMITTED, FilingState.ACCEPTED], FilingState.RETURNED, Actor.NATION,
          FilingNeed.REASON, FilingNeed.DATE, FilingEffect.OPEN_WINDOW),
    _line(FilingAction.ACCEPT, [FilingState.SUBMITTED], FilingState.ACCEPTED, Actor.NATION, FilingEffect.MARK_OPENED),
    _line(FilingAction.EXTEND, [FilingState.PREPARING, FilingState.RETURNED], FilingTarget.SAME, Actor.NATION,
          FilingNeed.REASON, FilingNeed.DATE, FilingEffect.MOVE_DEADLINE),
)
# fmt: on

FILING_TRANSITIONS: Mapping[FilingAction, FilingTransition] = {line.action: line for line in _LINES}

# What a province has handed in stands still until it comes back.
FILED = frozenset({FilingState.SUBMITTED, FilingState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """What the rules read besides the state.

    today: the business day; deadline: the last day for the first submission, extension included; returned: the nation
    has returned it at least once; window_until: last day of the window of the last return; submitted_before: it was
    handed in at least once; opened: the nation has begun to look at it; closed: the year is history.
    """

    today: date
    deadline: date
    returned: bool = False
    window_until: date | None = None
    submitted_before: bool = False
    opened: bool = False
    closed: bool = False

    @property
    def due(self) -> date:
        """Return the day in force now: the window of a return, else the deadline."""
        return self.window_until if self.returned and self.window_until is not None else self.deadline

    @property
    def late(self) -> bool:
        """Return whether handing in today is (or would be) late."""
        return self.today > self.due


def filing_destination(action: FilingAction, state: FilingState, facts: FilingFacts) -> FilingState:
    """Return the state that an action leads to. Whether it may be done is for `filing_refusal` to say."""
    target = FILING_TRANSITIONS[action].target
    if isinstance(target, FilingState):
        return target
    if target is FilingTarget.SAME:
        return state
    return FilingState.RETURNED if facts.returned else FilingState.PREPARING


def filing_performs(actor: Actor, action: FilingAction) -> bool:
    """Return whether this is ever for that actor to do; if not, it is a matter of rights (403), not of state (409)."""
    return actor in FILING_TRANSITIONS[action].actors


def filing_allowed(state: FilingState, actor: Actor, facts: FilingFacts) -> tuple[FilingAction, ...]:
    """Return the actions to offer this actor now, in the order of the table; the checklist is not looked at."""
    return tuple(action for action in FILING_TRANSITIONS if not filing_refusal(action, state, actor, facts))


def filing_refusal(action: FilingAction, state: FilingState, actor: Actor, facts: FilingFacts) -> str:
    """Return why the actor may not do this now and what to do instead; "" when it may be done."""
    line = FILING_TRANSITIONS[action]
    if not filing_performs(actor, action):
        who = "或".join(person.label for person in Actor if person in line.actors)
        return f"「{action.label}」只能由{who}操作，您的账号不能进行此操作。"
    if facts.closed:
        return "本年度的数据采集已经结束，上报材料不能再变动。"
    if state not in line.sources:
        return _wrong_state(action, state)
    return _condition(action, state, facts)


def _wrong_state(action: FilingAction, state: FilingState) -> str:
    if FILING_TRANSITIONS[action].target is state:
        return f"上报材料已经是「{state.label}」状态，可能已在其他窗口操作过，请刷新页面查看。"
    return f"上报材料当前为「{state.label}」状态，不能进行「{action.label}」。{_ADVICE[state]}"


_ADVICE = {
    FilingState.PREPARING: "请等待省级科协完成信息上报。",
    FilingState.SUBMITTED: "材料已经上报；需要修改的，请在全国开始查看前撤回，或联系全国退回。",
    FilingState.RETURNED: "请省级科协按退回原因修改后重新上报。",
    FilingState.ACCEPTED: "材料已由全国接收；需要修改的，请联系全国退回。",
}


def _condition(action: FilingAction, state: FilingState, facts: FilingFacts) -> str:
    first = state is FilingState.PREPARING and not facts.submitted_before
    if action is FilingAction.SUBMIT and first and facts.late:
        return f"上报截止日期（{day(facts.deadline)}）已过，不能上报。请联系全国办理延期，延期后再上报。"
    if action is FilingAction.WITHDRAW and facts.opened:
        return "全国已经开始查看，不能撤回。需要修改的，请联系全国退回。"
    if action is FilingAction.OPEN and facts.opened:
        return "这份上报材料已经开始查看，不必重复操作。"
    return ""


@dataclass(frozen=True, slots=True)
class FilingGiven:
    """What the person gave with an action."""

    reason: str = ""
    until: date | None = None
    has_package: bool = False


def filing_lacking(action: FilingAction, given: FilingGiven, facts: FilingFacts) -> str:
    """Return what the person still has to give for an action, or has to give differently; "" when all is there."""
    needs = FILING_TRANSITIONS[action].needs
    if FilingNeed.PACKAGE in needs and not given.has_package:
        return "还没有上报材料包。请先生成材料包，或上传自行打包的压缩文件。"
    if FilingNeed.REASON in needs and not given.reason.strip():
        return f"请写明「{action.label}」的{'理由' if action is FilingAction.EXTEND else '原因'}。"
    if len(given.reason) > LONGEST_REASON:
        return f"原因有 {len(given.reason)} 个字，最多 {LONGEST_REASON} 个字，请删减。"
    if FilingNeed.DATE in needs:
        return _date(action, given.until, facts)
    return ""


def _date(action: FilingAction, until: date | None, facts: FilingFacts) -> str:
    extends = action is FilingAction.EXTEND
    what = "延期后的截止日期" if extends else "重新上报的截止日期"
    if until is None:
        return f"请指定{what}。"
    if until < facts.today:
        return f"{what}不能早于今天（{day(facts.today)}）。"
    if extends and until <= facts.due:
        return f"现在的截止日期是 {day(facts.due)}，延期后的日期应晚于这一天。"
    return ""
