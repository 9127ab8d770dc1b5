"""The machine driven at random, beside a memory of its own of what happened."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from guanshu.survey.workflow.actions import Action, Actor, Effect
from guanshu.survey.workflow.history import Past, Step, after, recall
from guanshu.survey.workflow.report import TRANSITIONS, UNSUBMITTED, destination
from guanshu.survey.workflow.rules import Facts, allowed, refusal
from guanshu.survey.workflow.states import EDITABLE, State, review_label

DUE = date(2023, 2, 10)
RETURNS = {Action.RETURN, Action.REVOKE_APPROVAL, Action.NATIONAL_RETURN}
# Nobody but the filler moves a report out of a state with editable values, except that the province excuses it.
OUT_OF_EDITING = {Action.BEGIN, Action.SUBMIT_IN_HOUSE, Action.DECLARE_EXEMPT}

STRAIGHT = (
    (Action.BEGIN, Actor.FILLER),
    (Action.SUBMIT_IN_HOUSE, Actor.FILLER),
    (Action.PASS_IN_HOUSE, Actor.REVIEWER),
    (Action.UPLOAD_STAMP, Actor.FILLER),
    (Action.SUBMIT, Actor.REVIEWER),
)


@dataclass
class Memory:
    """What a careful clerk would remember, kept in another way than the code does."""

    trail: list[tuple[Action, State]] = field(default_factory=list)
    content: int = 0
    frozen: int | None = None
    stamped: int | None = None
    in_facts: bool = False

    def left_by(self, action: Action) -> State:
        return next(state for done, state in reversed(self.trail) if done is action)

    def counts_as_submitted(self) -> bool:
        """Return whether the province has the report or ever gave it back; one that was taken back never came."""
        done = [action for action, _ in self.trail]
        kept = done.count(Action.SUBMIT) - done.count(Action.WITHDRAW_SUBMISSION)
        return kept > 0 or bool(RETURNS & set(done))

    def province_has_begun(self) -> bool:
        since = [done for done, _ in self.trail]
        last = max((place for place, done in enumerate(since) if done is Action.SUBMIT), default=0)
        return Action.START_REVIEW in since[last:]

    def owes_answer_to_return(self) -> bool:
        """Walk back over submissions that were withdrawn: is the last word of the province a return?"""
        undone = 0
        for done, _ in reversed(self.trail):
            if done in RETURNS:
                return True
            undone += done is Action.WITHDRAW_SUBMISSION
            if done is Action.SUBMIT:
                if not undone:
                    return False
                undone -= 1
        return False


class ReportMachine(RuleBasedStateMachine):
    """One report; every rule is something somebody tries."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.past, self.memory = State.NOT_STARTED, Past(), Memory()
        self.today = date(2023, 2, 1)

    def facts(self) -> Facts:
        stamped, frozen = self.memory.stamped, self.memory.frozen
        return Facts(
            today=self.today,
            deadline=DUE,
            past=self.past,
            window_until=DUE,
            stamp_uploaded=stamped is not None,
            stamp_current=stamped is not None and stamped == frozen,
        )

    @rule(days=st.integers(1, 3))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(content=st.integers(0, 2))
    def somebody_types(self, content: int) -> None:
        if self.state not in EDITABLE:
            return
        self.memory.content = content
        if self.state is State.NOT_STARTED:
            self.attempt(Action.BEGIN, Actor.FILLER)

    @rule(action=st.sampled_from(Action), actor=st.sampled_from(Actor))
    def anybody_tries_anything(self, action: Action, actor: Actor) -> None:
        self.attempt(action, actor)

    @rule(data=st.data())
    def somebody_presses_a_button(self, data: st.DataObject) -> None:
        facts = self.facts()
        buttons = [(action, actor) for actor in Actor for action in allowed(self.state, actor, facts)]
        if buttons:
            self.attempt(*data.draw(st.sampled_from(buttons)))

    @rule(steps=st.integers(1, 5))
    def the_museum_gets_on(self, steps: int) -> None:
        """Go straight towards the province; at random alone few reports would get there."""
        for action, actor in STRAIGHT[-steps:]:
            self.attempt(action, actor)

    def attempt(self, action: Action, actor: Actor) -> None:
        before, facts, memory = self.state, self.facts(), self.memory
        if refusal(action, before, actor, facts):
            return
        self.state = destination(action, before, self.past)
        self.past = after(self.past, Step(action, before))
        effects = TRANSITIONS[action].effects
        if Effect.FREEZE_VERSION in effects:
            memory.frozen = memory.content
        if action is Action.UPLOAD_STAMP:
            memory.stamped = memory.frozen
        memory.in_facts = (memory.in_facts or Effect.WRITE_FACTS in effects) and Effect.REMOVE_FACTS not in effects
        self.check(action, actor, before)
        memory.trail.append((action, before))

    def check(self, action: Action, actor: Actor, before: State) -> None:
        memory = self.memory
        if before in EDITABLE and self.state is not before:
            assert action in OUT_OF_EDITING
            assert actor is Actor.FILLER or self.state is State.EXEMPT
        if self.state is State.SUBMITTED and before is not State.SUBMITTED:
            assert (before, actor) == (State.AWAITING_STAMP, Actor.REVIEWER)
            assert memory.stamped == memory.frozen == memory.content
            assert self.today <= DUE or memory.counts_as_submitted()
        if self.state is State.APPROVED:
            assert (before, actor) == (State.SUBMITTED, Actor.PROVINCE)
        if before is State.EXEMPT:
            assert self.state is memory.left_by(Action.DECLARE_EXEMPT)
        if action is Action.WITHDRAW:
            assert self.state is memory.left_by(Action.SUBMIT_IN_HOUSE)

    @invariant()
    def facts_are_of_submitted_reports(self) -> None:
        assert self.memory.in_facts == (self.state in {State.SUBMITTED, State.APPROVED})

    @invariant()
    def what_is_submitted_does_not_change(self) -> None:
        if self.state in {State.AWAITING_STAMP, State.SUBMITTED, State.APPROVED}:
            assert self.memory.frozen == self.memory.content

    @invariant()
    def an_exempt_museum_never_submitted(self) -> None:
        if self.state is State.EXEMPT:
            assert not self.memory.counts_as_submitted()
            assert self.memory.left_by(Action.DECLARE_EXEMPT) in UNSUBMITTED

    @invariant()
    def a_return_is_shown_until_it_is_answered(self) -> None:
        label = review_label(self.state, returned=self.past.returned)
        with_the_province = self.state in {State.SUBMITTED, State.APPROVED}
        assert (label == "已退回") == (self.memory.owes_answer_to_return() and not with_the_province)

    @invariant()
    def the_museum_can_take_back_what_nobody_has_begun_to_read(self) -> None:
        may = Action.WITHDRAW_SUBMISSION in allowed(self.state, Actor.REVIEWER, self.facts())
        assert may == (self.state is State.SUBMITTED and not self.memory.province_has_begun())

    @invariant()
    def the_past_is_what_the_history_says(self) -> None:
        assert self.past == recall(Step(action, left) for action, left in self.memory.trail)

    @invariant()
    def there_is_always_a_way_on(self) -> None:
        """Given time for the deadline and a fresh scan, somebody can do something, unless all is done."""
        facts = replace(self.facts(), today=DUE, stamp_uploaded=True, stamp_current=True)
        assert self.state is State.NOT_STARTED or any(allowed(self.state, actor, facts) for actor in Actor)


ReportMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestReportMachine = ReportMachine.TestCase
