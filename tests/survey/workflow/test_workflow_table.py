"""Every action × state × actor, against grids written by hand from product §3."""

from dataclasses import replace
from datetime import date

import pytest

from guanshu.survey.workflow.actions import Action, Actor
from guanshu.survey.workflow.history import Past
from guanshu.survey.workflow.report import TRANSITIONS, destination
from guanshu.survey.workflow.rules import Facts, allowed, refusal
from guanshu.survey.workflow.states import State

COLUMNS = {
    "not": State.NOT_STARTED,
    "fill": State.FILLING,
    "rev": State.IN_REVIEW,
    "back": State.RETURNED_IN_HOUSE,
    "stamp": State.AWAITING_STAMP,
    "sub": State.SUBMITTED,
    "ret": State.RETURNED_BY_PROVINCE,
    "ok": State.APPROVED,
    "free": State.EXEMPT,
}
LETTERS = {"F": Actor.FILLER, "R": Actor.REVIEWER, "P": Actor.PROVINCE, "N": Actor.NATION}

# Who may do it, where nothing else stands against it.
WHO = """
                     not  fill rev  back stamp sub  ret  ok   free
begin                F    .    .    .    .     .    .    .    .
submit_in_house      .    F    .    F    .     .    F    .    .
withdraw             .    .    F    .    .     .    .    .    .
return_to_filler     .    .    R    .    R     .    .    .    .
pass_in_house        .    .    R    .    .     .    .    .    .
upload_stamp         .    .    .    .    FR    .    .    .    .
submit               .    .    .    .    R     .    .    .    .
withdraw_submission  .    .    .    .    .     R    .    .    .
start_review         .    .    .    .    .     P    .    .    .
approve              .    .    .    .    .     P    .    .    .
return               .    .    .    .    .     P    .    .    .
revoke_approval      .    .    .    .    .     .    .    P    .
record_unfinished    .    .    P    P    P     .    P    .    .
declare_exempt       P    P    P    P    P     .    .    .    .
withdraw_exempt      .    .    .    .    .     .    .    .    P
refuse_exempt        .    .    .    .    .     .    .    .    N
national_return      .    .    .    .    .     .    .    N    .
"""

# Where it leads; < is the state that was left, = no change.
WHERE = """
                     not  fill rev  back stamp sub  ret  ok   free
begin                fill .    .    .    .     .    .    .    .
submit_in_house      .    rev  .    rev  .     .    rev  .    .
withdraw             .    .    <    .    .     .    .    .    .
return_to_filler     .    .    back .    back  .    .    .    .
pass_in_house        .    .    stamp .   .     .    .    .    .
upload_stamp         .    .    .    .    =     .    .    .    .
submit               .    .    .    .    sub   .    .    .    .
withdraw_submission  .    .    .    .    .     stamp .   .    .
start_review         .    .    .    .    .     =    .    .    .
approve              .    .    .    .    .     ok   .    .    .
return               .    .    .    .    .     ret  .    .    .
revoke_approval      .    .    .    .    .     .    .    ret  .
record_unfinished    .    .    =    =    =     .    =    .    .
declare_exempt       free free free free free  .    .    .    .
withdraw_exempt      .    .    .    .    .     .    .    .    <
refuse_exempt        .    .    .    .    .     .    .    .    <
national_return      .    .    .    .    .     .    .    ret  .
"""

# What each asks for and does, as the operations read it.
DEMANDS = """
begin                -                  -
submit_in_house      clean              -
withdraw             -                  -
return_to_filler     reason             -
pass_in_house        -                  freeze_version
upload_stamp         file               -
submit               stamp              write_facts issue_receipt clear_review_started
withdraw_submission  -                  remove_facts
start_review         -                  mark_review_started
approve              -                  write_facts
return               reason category    open_window remove_facts
revoke_approval      reason             open_window remove_facts
record_unfinished    reason             -
declare_exempt       category file      -
withdraw_exempt      -                  -
refuse_exempt        reason             -
national_return      reason date        open_window remove_facts
"""

WILLING = Facts(
    today=date(2023, 2, 4),
    deadline=date(2023, 2, 10),
    past=Past(returned=True),
    stamp_uploaded=True,
    stamp_current=True,
)


def read_grid(text: str) -> dict[tuple[Action, State], str]:
    head, *lines = text.strip("\n").splitlines()
    states = [COLUMNS[name] for name in head.split()]
    found = {}
    for line in lines:
        name, *marks = line.split()
        found |= {(Action(name), state): mark for state, mark in zip(states, marks, strict=True)}
    return found


GRID, LEADS = read_grid(WHO), read_grid(WHERE)


def test_the_grids_name_everything() -> None:
    everything = {(action, state) for action in Action for state in State}
    assert set(GRID) == set(LEADS) == everything
    assert set(TRANSITIONS) == set(Action)


@pytest.mark.parametrize("actor", Actor)
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_who_may_do_what_where(action: Action, state: State, actor: Actor) -> None:
    may = actor in {LETTERS[letter] for letter in GRID[action, state].replace(".", "")}
    sentence = refusal(action, state, actor, WILLING)
    assert (sentence == "") is may
    assert (action in allowed(state, actor, WILLING)) is (may and action is not Action.BEGIN)
    if not may:
        assert sentence.endswith("。")
        assert action.label in sentence or "已经" in sentence


@pytest.mark.parametrize(("action", "state"), [pair for pair, mark in LEADS.items() if mark != "."])
def test_where_it_leads(action: Action, state: State) -> None:
    past = Past(before_review=State.RETURNED_IN_HOUSE, before_exempt=State.AWAITING_STAMP)
    left = State.RETURNED_IN_HOUSE if action is Action.WITHDRAW else State.AWAITING_STAMP
    expected = {"<": left, "=": state, **COLUMNS}[LEADS[action, state]]
    assert destination(action, state, past) is expected


@pytest.mark.parametrize("line", DEMANDS.strip().splitlines())
def test_what_it_asks_for_and_does(line: str) -> None:
    name, needs, effects = (part.strip() for part in (line[:21], line[21:40], line[40:]))
    transition = TRANSITIONS[Action(name)]
    assert {need.value for need in transition.needs} == set(needs.split()) - {"-"}
    assert {effect.value for effect in transition.effects} == set(effects.split()) - {"-"}
    assert transition.needs_reason is ("reason" in needs)
    assert transition.needs_category is ("category" in needs) is (transition.categories is not None)


@pytest.mark.parametrize("state", State)
def test_a_closed_year_is_history(state: State) -> None:
    facts = replace(WILLING, closed=True)
    assert [allowed(state, actor, facts) for actor in Actor] == [()] * len(Actor)


def test_labels_are_the_notice_s_words() -> None:
    words = [action.label for action in Action if action is not Action.BEGIN]
    assert words == [
        "提交馆内审核",
        "撤回",
        "退回填报人",
        "馆内审核通过",
        "上传盖章扫描件",
        "提交省级科协",
        "撤回",
        "开始审核",
        "省级审核通过",
        "退回",
        "撤销审核通过（退回修改）",
        "记为未按期完成",
        "申报免报",
        "撤销免报",
        "不同意免报",
        "全国退回修改",
    ]
