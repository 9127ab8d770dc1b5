"""Comments on cells: drafted, sent with the return, answered or heeded before the report can be handed in again."""

import pytest

from guanshu.portal.domain.reporting import comment_on_cell, reply_to_comment, withdraw_comment
from guanshu.portal.models import CellComment
from guanshu.portal.problems import Blocked, Incomplete, NotYours, Unusable, WrongState
from guanshu.portal.queries.workflow import history
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from guanshu.survey.workflow.submission import BlockerKind
from tests.portal.workflow.conftest import FILLED, Way

EVERYBODY = [
    "filler", "reviewer", "other_filler", "province", "city", "other_province", "system", "viewer", "free_reviewer",
    "operations", "auditor",
]  # fmt: skip


def say(way: Way, address: str, who: str = "province", text: str = "请核对") -> CellComment:
    return comment_on_cell(report=way.report, actor=way.who(who), address=address, text=text, now=way.now)


def answer(way: Way, comment: CellComment, text: str = "数据属实", who: str = "filler") -> CellComment:
    return reply_to_comment(report=way.report, actor=way.who(who), comment=comment.pk, text=text, now=way.now)


def blocked(way: Way) -> tuple[object, ...]:
    """Return the addresses of the comments that keep the report from being handed in."""
    try:
        way.do(Action.SUBMIT_IN_HOUSE)
    except Blocked as problem:
        return tuple(a for b in problem.blockers for a in (b.addresses if b.kind is BlockerKind.COMMENT else (b.kind,)))
    return ()


def test_one_is_answered_and_the_other_heeded(way: Way) -> None:
    way.to(State.SUBMITTED)
    first, second = say(way, "land_area"), say(way, "staff_total__own")
    assert (first.value, second.value, first.draft) == ("9,100.00", "10", True)
    way.do(Action.RETURN)
    assert set(CellComment.objects.values_list("round", flat=True)) == {1}
    assert blocked(way) == ("land_area", "staff_total__own")
    answer(way, first)
    assert blocked(way) == ("staff_total__own",)
    way.type({"staff_total__own": "11"})
    assert CellComment.objects.get(pk=second.pk).changed_at is not None
    assert blocked(way) == ()


def test_a_cell_changed_and_changed_back_was_not_changed(way: Way) -> None:
    way.to(State.SUBMITTED)
    say(way, "land_area")
    way.do(Action.RETURN)
    way.type({"land_area": "9000"})
    way.type({"land_area": "9100"})
    assert blocked(way) == ("land_area",)


def test_a_calculated_cell_changes_with_its_parts_a_ciphertext_when_it_is_written(way: Way) -> None:
    way.to(State.SUBMITTED)
    say(way, "both_areas")
    mobile = say(way, "mobile")
    say(way, "3-1.na")
    assert mobile.value == ""
    way.do(Action.RETURN)
    way.type({"kind": "other"})
    assert blocked(way) == ("both_areas", "mobile", "3-1.na")
    way.type({"land_area": "9000"})
    assert blocked(way) == ("mobile", "3-1.na")
    way.type({"mobile": "13900139001"})
    assert blocked(way) == ("3-1.na",)
    way.type({"3-1.na": None, "shows.none": True})
    assert blocked(way) == ()


def test_a_removed_row_settles_what_was_asked_of_it(way: Way) -> None:
    way.type({"shows.rows": ["k1"], "shows[k1].title": "恐龙展", "shows[k1].cost": "5"})
    way.type({address: value for address, value in FILLED.items() if address != "3-1.na"})
    way.do(Action.SUBMIT_IN_HOUSE)
    say(way, "shows[k1].title", "reviewer")
    way.do(Action.RETURN_TO_FILLER)
    way.type({"shows.rows": None, "shows.none": True})
    assert blocked(way) == ()


def test_comments_of_the_reviewer_block_too(way: Way) -> None:
    way.to(State.IN_REVIEW)
    comment = say(way, "land_area", "reviewer")
    way.do(Action.RETURN_TO_FILLER)
    assert blocked(way) == ("land_area",)
    answer(way, comment)
    assert blocked(way) == ()


def test_a_draft_is_written_anew_or_withdrawn_but_not_once_it_is_sent(way: Way) -> None:
    way.to(State.SUBMITTED)
    first = say(way, "land_area")
    assert say(way, "land_area", text="请核对单位").pk == first.pk
    other = say(way, "hall_area")
    withdraw_comment(report=way.report, actor=way.cast.province, comment=other.pk, now=way.now)
    with pytest.raises(WrongState, match="已经发出或属于他人"):
        withdraw_comment(report=way.report, actor=way.cast.system, comment=first.pk, now=way.now)
    way.do(Action.RETURN)
    assert [(c.text, c.round) for c in CellComment.objects.all()] == [("请核对单位", 1)]
    with pytest.raises(WrongState):
        withdraw_comment(report=way.report, actor=way.cast.province, comment=first.pk, now=way.now)
    assert {event.code for event in history(way.report)}.isdisjoint({"comment_on_cell", "withdraw_comment"})


@pytest.mark.parametrize("state", list(State))
def test_who_may_comment_and_reply_when(way: Way, state: State) -> None:
    way.to(state)
    published = CellComment.objects.create(
        report=way.report, address="land_area", text="?", by="A", by_role="province", at=way.now, round=1
    )
    with_museum, with_province = {State.IN_REVIEW, State.AWAITING_STAMP}, {State.SUBMITTED, State.APPROVED}
    for who in EVERYBODY:
        fits = {"reviewer": with_museum, "province": with_province, "system": with_province}.get(who)
        if fits is None or state not in fits:
            with pytest.raises(NotYours if fits is None else WrongState):
                say(way, "hall_area", who)
        else:
            say(way, "hall_area", who)
        editable = state.value in {"not_started", "filling", "returned_in_house", "returned_by_province"}
        if who == "filler" and editable:
            answer(way, published)
        else:
            with pytest.raises(WrongState if who == "filler" else NotYours):
                answer(way, published, who=who)


def test_bad_input(way: Way) -> None:
    way.to(State.SUBMITTED)
    with pytest.raises(Unusable, match="没有这一格"):
        say(way, "no_such_cell")
    with pytest.raises(Incomplete, match="请填写意见"):
        say(way, "land_area", text=" ")
    draft = say(way, "land_area")
    other = way.cast.report(way.cast.shijiazhuang)
    with pytest.raises(WrongState):
        withdraw_comment(report=other, actor=way.cast.province, comment=draft.pk, now=way.now)
    way.do(Action.RETURN)
    with pytest.raises(Incomplete, match="请填写答复"):
        answer(way, draft, "")
    with pytest.raises(WrongState, match="没有这条意见"):
        reply_to_comment(report=other, actor=way.cast.other_filler, comment=draft.pk, text="好", now=way.now)
    assert answer(way, draft, "不适用").reply == "不适用"
