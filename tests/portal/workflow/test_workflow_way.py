"""The way of one report, step by step, and what each step leaves behind."""

from datetime import date

import pytest

from guanshu.portal.access import reports
from guanshu.portal.models import CellComment, Report, ReportVersion, ReturnNote
from guanshu.portal.problems import Incomplete, NotYours, WrongState
from guanshu.portal.queries.verification import verify_audit
from guanshu.portal.queries.workflow import ageing, history, receipts, situation
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.portal.workflow.conftest import Way


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_reached_and_the_trail_is_whole(way: Way, state: State) -> None:
    way.to(state)
    assert list(verify_audit()) == []


def test_the_history_tells_everything_newest_first(way: Way) -> None:
    way.to(State.RETURNED_BY_PROVINCE)
    told = [
        (e.action, e.role, e.actor, e.before, e.after, e.version, e.category, e.reason) for e in history(way.report)
    ]
    assert told == [
        ("退回", "省级科协管理员", "A130000001", "已完成", "省级退回", 1, "错报", "展厅面积有误"),
        ("提交省级科协", "审核人", "C130600001", "待上传盖章扫描件", "已完成", 1, "", ""),
        ("馆内审核通过", "审核人", "C130600001", "待馆内审核", "待上传盖章扫描件", 1, "", ""),
        ("提交馆内审核", "填报人", "B130600001", "填报中", "待馆内审核", 0, "", ""),
        ("开始填报", "填报人", "B130600001", "未填报", "填报中", 0, "", ""),
    ]
    assert history(way.report)[0].until == date(2023, 2, 8)
    (receipt,) = receipts(way.report)
    assert (receipt.version, receipt.actor, len(receipt.hash)) == (1, "C130600001", 64)


def test_the_row_tells_since_when(way: Way) -> None:
    way.to(State.AWAITING_STAMP)
    assert way.report.state_since == way.now
    way.stamp()
    way.do(Action.SUBMIT)
    first = way.now
    assert way.report.first_submitted_at == first
    way.do(Action.WITHDRAW_SUBMISSION)
    assert way.report.first_submitted_at is None
    way.do(Action.SUBMIT)
    assert way.report.first_submitted_at == way.now > first
    way.do(Action.START_REVIEW)
    assert (way.report.review_started_at, way.report.state) == (way.now, "submitted")
    assert way.report.state_since < way.now
    with pytest.raises(WrongState, match="已经开始审核"):
        way.do(Action.WITHDRAW_SUBMISSION)
    with pytest.raises(WrongState, match="不必重复"):
        way.do(Action.START_REVIEW)


@pytest.mark.parametrize("state", [State.FILLING, State.RETURNED_IN_HOUSE, State.RETURNED_BY_PROVINCE])
def test_the_filler_takes_back_to_where_it_was(way: Way, state: State) -> None:
    way.to(state)
    way.do(Action.SUBMIT_IN_HOUSE)
    way.do(Action.WITHDRAW)
    assert way.state is state
    way.do(Action.SUBMIT_IN_HOUSE)
    assert way.state is State.IN_REVIEW


def test_the_province_goes_on_saying_returned_until_the_report_is_there_again(way: Way) -> None:
    way.to(State.RETURNED_BY_PROVINCE)
    labels = []
    for action in (Action.SUBMIT_IN_HOUSE, Action.PASS_IN_HOUSE, Action.SUBMIT):
        way.do(action)
        told = situation(reports().get(pk=way.report.pk), way.cast.province)
        labels.append((told.label, told.review_label, told.window_until))
    assert labels == [
        ("待馆内审核", "已退回", date(2023, 2, 8)),
        ("待上传盖章扫描件", "已退回", date(2023, 2, 8)),
        ("已完成", "待审核", None),
    ]


def test_every_return_has_its_note_and_its_round(way: Way) -> None:
    way.to(State.RETURNED_IN_HOUSE)
    for action in (Action.SUBMIT_IN_HOUSE, Action.PASS_IN_HOUSE):
        way.do(action)
    way.stamp()
    for action in (Action.SUBMIT, Action.APPROVE, Action.NATIONAL_RETURN):
        way.do(action)
    notes = ReturnNote.objects.filter(report=way.report).order_by("round")
    assert [(n.round, n.by_role, n.category, n.reason, n.until) for n in notes] == [
        (1, "reviewer", "", "请核对面积", None),
        (2, "system", "", "数据与上年差异过大", date(2023, 3, 3)),
    ]
    assert (way.report.round, way.report.window_until) == (2, date(2023, 3, 3))


@pytest.mark.parametrize(
    ("state", "action", "given", "sentence"),
    [
        (State.IN_REVIEW, Action.RETURN_TO_FILLER, {"reason": " 　"}, "请写明「退回填报人」的原因。"),
        (State.IN_REVIEW, Action.RETURN_TO_FILLER, {"reason": "错" * 501}, "最多 500 个字"),
        (State.IN_REVIEW, Action.RETURN_TO_FILLER, {"reason": "请改😀"}, "原因："),
        (State.SUBMITTED, Action.RETURN, {"category": ""}, "请选择退回原因类别。"),
        (State.SUBMITTED, Action.RETURN, {"category": "合并"}, "请选择退回原因类别。"),
        (State.SUBMITTED, Action.RETURN, {"category": "其他", "reason": ""}, "请写明具体原因。"),
        (State.SUBMITTED, Action.RETURN, {"until": date(2023, 2, 1)}, "不能早于今天"),
        (State.APPROVED, Action.NATIONAL_RETURN, {"until": None}, "请指定重新提交的截止日期。"),
        (State.FILLING, Action.DECLARE_EXEMPT, {}, "请上传证明材料。"),
    ],
)
def test_what_must_be_given_is_asked_for(
    way: Way, state: State, action: Action, given: dict[str, object], sentence: str
) -> None:
    way.to(state)
    with pytest.raises(Incomplete, match=sentence):
        way.do(action, **given)
    assert way.state is state


def test_a_second_click_or_another_window_is_told_so(way: Way) -> None:
    way.to(State.IN_REVIEW)
    with pytest.raises(WrongState, match="已经是「待馆内审核」状态，可能已在其他窗口"):
        way.do(Action.SUBMIT_IN_HOUSE)
    way.do(Action.PASS_IN_HOUSE)
    with pytest.raises(WrongState, match="已经是「待上传盖章扫描件」"):
        way.do(Action.PASS_IN_HOUSE)
    with pytest.raises(WrongState, match="不能进行「撤回」"):
        way.do(Action.WITHDRAW)
    way.stamp()
    way.do(Action.SUBMIT)
    with pytest.raises(WrongState, match="已经是「已完成（待审核）」"):
        way.do(Action.SUBMIT)
    way.do(Action.APPROVE)
    with pytest.raises(WrongState, match="已经是「已完成（已通过）」"):
        way.do(Action.APPROVE)
    with pytest.raises(WrongState, match="不能进行「退回」"):
        way.do(Action.RETURN)
    assert ReportVersion.objects.count() == 1


def test_who_may_not_is_told_who_may(way: Way) -> None:
    way.to(State.SUBMITTED)
    with pytest.raises(NotYours, match="只能由省级科协管理员操作"):
        way.do(Action.APPROVE, "system")


def test_without_a_stamp_of_this_version_nothing_is_submitted(way: Way) -> None:
    way.to(State.AWAITING_STAMP)
    with pytest.raises(WrongState, match="还没有上传盖章扫描件"):
        way.do(Action.SUBMIT)
    scan = way.stamp()
    scan.problems = ["第 2 页的二维码无法识别。"]
    scan.save()
    with pytest.raises(WrongState, match="核对并确认"):
        way.do(Action.SUBMIT)
    assert Action.SUBMIT not in situation(reports().get(pk=way.report.pk), way.cast.reviewer).actions
    scan.confirmed_at = way.now
    scan.save()
    way.do(Action.SUBMIT)
    way.do(Action.RETURN)
    way.type({"land_area": "9200"})
    way.do(Action.SUBMIT_IN_HOUSE)
    way.do(Action.PASS_IN_HOUSE)
    with pytest.raises(WrongState, match="原来的扫描件已失效"):
        way.do(Action.SUBMIT)
    way.stamp()
    way.do(Action.SUBMIT)


def test_ageing_counts_working_days(way: Way) -> None:
    assert ageing(way.report, way.now) is None
    # Saturday 02-04; Monday to Wednesday follow.
    way.to(State.SUBMITTED)
    assert [ageing(way.report, way.now.replace(day=day)) for day in (4, 5, 6, 8)] == [0, 0, 1, 3]


def test_drafts_left_behind_are_not_published_by_another_side(way: Way) -> None:
    way.to(State.IN_REVIEW)
    CellComment.objects.create(report=way.report, address="land_area", text="?", by="A", by_role="province", at=way.now)
    way.do(Action.RETURN_TO_FILLER)
    assert CellComment.objects.get().draft
    assert Report.objects.get(pk=way.report.pk).round == 1
