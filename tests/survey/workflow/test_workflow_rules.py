"""Conditions besides the state, and the sentences that tell of them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from guanshu.survey.workflow.actions import Action, Actor, ExemptCategory, ReturnCategory
from guanshu.survey.workflow.history import Past, Step, recall
from guanshu.survey.workflow.report import performs
from guanshu.survey.workflow.rules import (
    Facts,
    Given,
    WithdrawalWarning,
    allowed,
    lacking,
    refusal,
    withdrawal_warning,
)
from guanshu.survey.workflow.states import EDITABLE, State, review_label, status

DUE = date(2023, 2, 10)
READY = Facts(today=DUE, deadline=DUE, stamp_uploaded=True, stamp_current=True)
LATE = replace(READY, today=DUE + timedelta(days=1))


def submitting(facts: Facts) -> str:
    return refusal(Action.SUBMIT, State.AWAITING_STAMP, Actor.REVIEWER, facts)


def test_the_deadline_s_own_day_counts() -> None:
    assert submitting(READY) == ""
    assert submitting(LATE) == "填报截止日期（2023年2月10日）已过，不能提交。请联系省级科协办理延期，延期后再提交。"
    assert submitting(replace(LATE, deadline=LATE.today)) == ""


def test_the_deadline_holds_back_the_first_submission_only() -> None:
    assert submitting(replace(LATE, past=Past(first_submitted=True))) == ""
    everything_else = [
        (Action.SUBMIT_IN_HOUSE, State.FILLING, Actor.FILLER),
        (Action.PASS_IN_HOUSE, State.IN_REVIEW, Actor.REVIEWER),
        (Action.UPLOAD_STAMP, State.AWAITING_STAMP, Actor.FILLER),
        (Action.APPROVE, State.SUBMITTED, Actor.PROVINCE),
        (Action.RETURN, State.SUBMITTED, Actor.PROVINCE),
        (Action.DECLARE_EXEMPT, State.FILLING, Actor.PROVINCE),
    ]
    assert [refusal(*which, LATE) for which in everything_else] == [""] * len(everything_else)


def test_a_returned_report_can_be_submitted_after_the_deadline_even_past_its_window() -> None:
    returned = replace(LATE, past=Past(first_submitted=True, returned=True), window_until=DUE)
    assert submitting(returned) == ""


def test_no_submission_without_a_scan_of_this_version() -> None:
    assert submitting(replace(READY, stamp_current=False)).startswith("盖章后报表内容有改动，原来的扫描件已失效。")
    assert submitting(replace(READY, stamp_uploaded=False, stamp_current=False)).startswith("还没有上传盖章扫描件。")
    facts = replace(READY, stamp_current=False)
    assert Action.SUBMIT not in allowed(State.AWAITING_STAMP, Actor.REVIEWER, facts)
    assert Action.UPLOAD_STAMP in allowed(State.AWAITING_STAMP, Actor.REVIEWER, facts)


def test_the_reviewer_can_withdraw_until_the_province_has_started() -> None:
    facts = replace(READY, past=Past(first_submitted=True))
    started = replace(READY, past=Past(first_submitted=True, review_started=True))
    assert allowed(State.SUBMITTED, Actor.REVIEWER, facts) == (Action.WITHDRAW_SUBMISSION,)
    assert allowed(State.SUBMITTED, Actor.REVIEWER, started) == ()
    sentence = refusal(Action.WITHDRAW_SUBMISSION, State.SUBMITTED, Actor.REVIEWER, started)
    assert sentence == "省级科协已经开始审核，不能撤回。需要修改的，请联系省级科协退回。"
    assert Action.START_REVIEW not in allowed(State.SUBMITTED, Actor.PROVINCE, started)
    assert {Action.APPROVE, Action.RETURN} <= set(allowed(State.SUBMITTED, Actor.PROVINCE, started))


def test_no_exemption_after_a_submission_that_was_not_taken_back() -> None:
    facts = replace(READY, past=Past(first_submitted=True))
    for state in (State.AWAITING_STAMP, State.APPROVED):
        assert refusal(Action.DECLARE_EXEMPT, state, Actor.PROVINCE, facts).startswith("本馆本年度已经提交过报表")


def submitted_and_withdrawn(*before: Step) -> Past:
    return recall(
        [*before, Step(Action.SUBMIT, State.AWAITING_STAMP), Step(Action.WITHDRAW_SUBMISSION, State.SUBMITTED)]
    )


def test_a_first_submission_that_was_withdrawn_counts_as_never_made() -> None:
    withdrawn = replace(LATE, past=submitted_and_withdrawn())
    assert not withdrawn.past.first_submitted
    assert submitting(withdrawn).startswith("填报截止日期（2023年2月10日）已过，不能提交。")
    assert submitting(replace(withdrawn, today=DUE)) == ""
    assert refusal(Action.DECLARE_EXEMPT, State.AWAITING_STAMP, Actor.PROVINCE, withdrawn) == ""


def test_a_returned_report_that_was_withdrawn_again_has_been_with_the_province() -> None:
    first = Step(Action.SUBMIT, State.AWAITING_STAMP)
    withdrawn = replace(LATE, past=submitted_and_withdrawn(first, Step(Action.RETURN, State.SUBMITTED)))
    assert withdrawn.past.first_submitted
    assert submitting(withdrawn) == ""


def test_whoever_takes_back_a_first_submission_is_told_of_the_deadline() -> None:
    def warned(days: int, past: Past = Past(first_submitted=True)) -> WithdrawalWarning | None:  # noqa: B008 - frozen
        return withdrawal_warning(replace(READY, today=DUE + timedelta(days=days), past=past))

    sentence = "撤回后请在 2023年2月10日 24:00 前重新提交，截止日期后不能再提交。"
    assert warned(-4) == WithdrawalWarning(sentence)
    assert warned(-3) == warned(0) == WithdrawalWarning(sentence, near=True)
    passed = warned(1)
    assert passed is not None
    assert passed.passed
    assert passed.sentence.startswith("填报截止日期（2023年2月10日）已过，撤回后不能再提交")
    assert warned(1, Past(first_submitted=True, returned=True)) is None


def test_a_withdrawal_after_the_deadline_is_confirmed() -> None:
    withdraw = Action.WITHDRAW_SUBMISSION
    assert lacking(withdraw, Given(), READY) == ""
    assert lacking(withdraw, Given(), LATE).endswith("确定要撤回的，请勾选确认后再操作。")
    assert lacking(withdraw, Given(confirmed=True), LATE) == ""
    assert lacking(withdraw, Given(), replace(LATE, past=Past(first_submitted=True, returned=True))) == ""
    assert lacking(Action.APPROVE, Given(), LATE) == ""


def test_unfinished_is_recorded_once_after_the_window_of_a_return() -> None:
    def recording(past: Past, until: date | None = DUE - timedelta(days=1)) -> str:
        facts = replace(READY, past=past, window_until=until)
        return refusal(Action.RECORD_UNFINISHED, State.RETURNED_BY_PROVINCE, Actor.PROVINCE, facts)

    assert recording(Past(returned=True)) == ""
    assert "没有被退回过" in recording(Past())
    assert "2023年2月10日" in recording(Past(returned=True), DUE)
    assert "不必重复" in recording(Past(returned=True, unfinished=True))


def test_the_same_thing_twice_asks_to_look_again() -> None:
    sentence = refusal(Action.SUBMIT, State.SUBMITTED, Actor.REVIEWER, READY)
    assert sentence == "报表已经是「已完成（待审核）」状态，可能已在其他窗口或由其他人操作过，请刷新页面查看。"


def test_a_wrong_state_says_what_to_do() -> None:
    assert refusal(Action.SUBMIT_IN_HOUSE, State.SUBMITTED, Actor.FILLER, READY) == (
        "报表当前为「已完成（待审核）」状态，不能进行「提交馆内审核」。"
        "报表正在等待省级科协审核；需要修改的，请联系省级科协退回。"
    )
    assert "先填写数据" in refusal(Action.SUBMIT_IN_HOUSE, State.NOT_STARTED, Actor.FILLER, READY)


def test_a_wrong_person_is_told_who_may() -> None:
    assert refusal(Action.UPLOAD_STAMP, State.AWAITING_STAMP, Actor.NATION, READY) == (
        "「上传盖章扫描件」只能由本馆填报人或本馆审核人操作，您的账号不能进行此操作。"
    )
    assert not performs(Actor.NATION, Action.APPROVE)


@pytest.mark.parametrize("state", State)
def test_the_filler_hands_in_wherever_there_is_something_typed_to_edit(state: State) -> None:
    hands_in = Action.SUBMIT_IN_HOUSE in allowed(state, Actor.FILLER, READY)
    assert hands_in == (state in EDITABLE - {State.NOT_STARTED})


def test_what_is_still_to_be_given() -> None:
    def give(action: Action, **given: object) -> str:
        return lacking(action, Given(**given), READY)  # type: ignore[arg-type]

    assert give(Action.APPROVE) == ""
    assert give(Action.RETURN_TO_FILLER, reason=" \n") == "请写明「退回填报人」的原因。"
    assert give(Action.RETURN_TO_FILLER, reason="长" * 501).startswith("原因有 501 个字")
    assert give(Action.RETURN, reason="观众数不对") == "请选择退回原因类别。"
    assert give(Action.RETURN, reason="观众数不对", category=ExemptCategory.MERGED) == "请选择退回原因类别。"
    assert give(Action.RETURN, category=ReturnCategory.WRONG) == "请写明「退回」的原因。"
    assert give(Action.RETURN, reason="观众数不对", category=ReturnCategory.WRONG) == ""
    assert give(Action.DECLARE_EXEMPT, category=ExemptCategory.MERGED) == "请上传证明材料。"
    assert give(Action.DECLARE_EXEMPT, category=ExemptCategory.MERGED, has_file=True) == ""
    assert give(Action.DECLARE_EXEMPT, category=ExemptCategory.OTHER, has_file=True) == "请写明具体原因。"
    assert give(Action.UPLOAD_STAMP) == "请上传盖章扫描件。"
    assert give(Action.NATIONAL_RETURN, reason="名单不符") == "请指定重新提交的截止日期。"
    assert "不能早于今天" in give(Action.NATIONAL_RETURN, reason="名单不符", until=DUE - timedelta(days=1))
    assert give(Action.NATIONAL_RETURN, reason="名单不符", until=DUE) == ""


def test_a_free_museum_is_not_exempt_for_being_closed() -> None:
    given = Given(category=ExemptCategory.LONG_CLOSED, has_file=True)
    assert lacking(Action.DECLARE_EXEMPT, given, READY) == ""
    assert "免费开放范围" in lacking(Action.DECLARE_EXEMPT, given, replace(READY, free=True))


def test_a_return_stays_visible_until_the_museum_submits_again() -> None:
    returned = {state: review_label(state, returned=True) for state in State}
    assert {state for state, label in returned.items() if label == "已退回"} == {
        State.RETURNED_BY_PROVINCE,
        State.IN_REVIEW,
        State.RETURNED_IN_HOUSE,
        State.AWAITING_STAMP,
    }
    assert (returned[State.SUBMITTED], returned[State.APPROVED]) == ("待审核", "已通过")
    assert all(review_label(state, returned=False) == state.review_label for state in State)
    assert status(State.AWAITING_STAMP, returned=True) == "待上传盖章扫描件（省级已退回）"
    assert status(State.AWAITING_STAMP, returned=False) == "待上传盖章扫描件"


def test_the_past_of_a_season() -> None:
    steps = [
        Step(Action.BEGIN, State.NOT_STARTED),
        Step(Action.SUBMIT_IN_HOUSE, State.FILLING),
        Step(Action.DECLARE_EXEMPT, State.IN_REVIEW),
        Step(Action.REFUSE_EXEMPT, State.EXEMPT),
        Step(Action.PASS_IN_HOUSE, State.IN_REVIEW),
        Step(Action.SUBMIT, State.AWAITING_STAMP),
        Step(Action.START_REVIEW, State.SUBMITTED),
        Step(Action.RETURN, State.SUBMITTED),
        Step(Action.RECORD_UNFINISHED, State.RETURNED_BY_PROVINCE),
    ]
    assert recall(steps[:4]) == Past(State.FILLING, State.IN_REVIEW)
    assert recall(steps) == Past(
        State.FILLING, State.IN_REVIEW, first_submitted=True, review_started=True, returned=True, unfinished=True
    )
    again = [Step(Action.SUBMIT_IN_HOUSE, State.RETURNED_BY_PROVINCE), Step(Action.SUBMIT, State.AWAITING_STAMP)]
    assert recall([*steps, *again]) == Past(
        State.RETURNED_BY_PROVINCE, State.IN_REVIEW, first_submitted=True, review_started=False, returned=True
    )
