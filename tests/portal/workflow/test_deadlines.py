"""Deadlines end at midnight in Shanghai and hold back the first submission only; a return opens its own window."""

from datetime import date, datetime, timedelta

import pytest

from guanshu.portal.access import reports
from guanshu.portal.domain.reporting import grant_extension, record_overdue
from guanshu.portal.models import AuditRecord
from guanshu.portal.problems import Incomplete, NotYours, WrongState
from guanshu.portal.queries.lists import ListFilter
from guanshu.portal.queries.review import queue
from guanshu.portal.queries.status import status_rows, tally
from guanshu.portal.queries.workflow import Operation, history, situation
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.cast import SHANGHAI
from tests.portal.workflow.conftest import Way

LAST = datetime(2023, 2, 10, 23, 59, 59, tzinfo=SHANGHAI)
MIDNIGHT = datetime(2023, 2, 11, 0, 0, 0, tzinfo=SHANGHAI)


def extend(way: Way, until: date, who: str = "province", now: datetime = MIDNIGHT) -> None:
    grant_extension(report=way.report, actor=way.who(who), until=until, reason="台风停电", now=now)


def test_the_last_day_ends_at_midnight_in_shanghai(way: Way) -> None:
    way.to(State.AWAITING_STAMP).stamp()
    with pytest.raises(WrongState, match="填报截止日期（2023年2月10日）已过"):
        way.do(Action.SUBMIT, now=MIDNIGHT)
    way.do(Action.SUBMIT, now=LAST)
    assert way.state is State.SUBMITTED


def test_the_business_day_of_a_demonstration_decides(way: Way, settings: object) -> None:
    way.to(State.AWAITING_STAMP).stamp()
    settings.GUANSHU_TODAY = "2023-02-11"  # type: ignore[attr-defined]
    with pytest.raises(WrongState, match="已过"):
        way.do(Action.SUBMIT, now=LAST)
    settings.GUANSHU_TODAY = "2023-02-10"  # type: ignore[attr-defined]
    real = datetime(2026, 7, 1, 15, 30, tzinfo=SHANGHAI)
    way.do(Action.SUBMIT, now=real)
    # Rules count from the business day, the trail keeps real time.
    assert way.report.state_since == datetime(2023, 2, 10, 15, 30, tzinfo=SHANGHAI)
    assert AuditRecord.objects.get(action="submit").at == real
    way.do(Action.RETURN, now=real)
    assert way.report.window_until == date(2023, 2, 15)


def test_only_the_first_submission_is_held_back(way: Way) -> None:
    way.to(State.RETURNED_BY_PROVINCE)
    for action in (Action.SUBMIT_IN_HOUSE, Action.PASS_IN_HOUSE, Action.SUBMIT, Action.START_REVIEW, Action.APPROVE):
        way.do(action, now=MIDNIGHT + timedelta(days=60))
    assert way.state is State.APPROVED


AGAIN = (Action.SUBMIT_IN_HOUSE, Action.PASS_IN_HOUSE, Action.SUBMIT)


@pytest.mark.parametrize(
    ("day", "late"),
    # The window of three working days ends on Wednesday 02-08; the weekend of 02-11 counts for nothing but lateness.
    [("2023-02-08", 0), ("2023-02-09", 1), ("2023-02-10", 2), ("2023-02-12", 2), ("2023-02-13", 3)],
)
def test_a_late_resubmission_is_taken_and_seen(way: Way, day: str, late: int) -> None:
    way.to(State.RETURNED_BY_PROVINCE)
    assert way.report.window_until == date(2023, 2, 8)
    now = datetime.fromisoformat(f"{day}T23:59:00").replace(tzinfo=SHANGHAI)
    for action in AGAIN:
        way.do(action, now=now)
    assert (way.state, way.report.late_days) == (State.SUBMITTED, late)
    assert history(way.report)[0].late == late
    assert AuditRecord.objects.filter(action="submit").order_by("seq")[1].details.get("late", 0) == late
    (row,) = queue(way.cast.campaign, way.cast.hebei, ListFilter(), "waiting", now.date()).rows
    assert row.late_days == late
    way.do(Action.APPROVE, now=now + timedelta(days=3))
    rows = status_rows(way.cast.campaign, way.cast.hebei, ListFilter(), now.date())
    assert [each.late_days for each in rows if each.museum.number == way.report.number] == [late]
    assert tally(rows).late_again == bool(late)
    # The next return opens a window of its own.
    way.do(Action.REVOKE_APPROVAL, now=now + timedelta(days=4))
    assert way.report.late_days == 0


def test_a_late_resubmission_that_is_taken_back_is_late_again_when_it_comes(way: Way) -> None:
    way.to(State.RETURNED_BY_PROVINCE)
    for action in AGAIN:
        way.do(action, now=MIDNIGHT)
    # It was with the province before, so nothing has to be confirmed and the deadline does not matter.
    way.do(Action.WITHDRAW_SUBMISSION, now=MIDNIGHT)
    assert (way.report.late_days, way.report.first_submitted_at is None) == (0, False)
    way.do(Action.SUBMIT, now=MIDNIGHT + timedelta(days=3))
    assert way.report.late_days == 4


def test_a_first_submission_is_never_called_late(way: Way) -> None:
    way.to(State.AWAITING_STAMP).stamp()
    extend(way, date(2023, 2, 14))
    way.do(Action.SUBMIT, now=datetime(2023, 2, 14, 12, tzinfo=SHANGHAI))
    assert way.report.late_days == 0


def test_a_first_submission_taken_back_after_the_deadline_needs_an_extension(way: Way, settings: object) -> None:
    way.to(State.SUBMITTED)
    before = way.report
    with pytest.raises(Incomplete, match=r"已过，撤回后不能再提交.*请勾选确认"):
        way.do(Action.WITHDRAW_SUBMISSION, now=MIDNIGHT)
    assert (way.state, way.report.first_submitted_at) == (State.SUBMITTED, before.first_submitted_at)
    way.do(Action.WITHDRAW_SUBMISSION, now=MIDNIGHT, confirmed=True)
    assert (way.state, way.report.first_submitted_at) == (State.AWAITING_STAMP, None)
    with pytest.raises(WrongState, match="填报截止日期（2023年2月10日）已过"):
        way.do(Action.SUBMIT, now=MIDNIGHT)
    settings.GUANSHU_TODAY = "2023-02-11"  # type: ignore[attr-defined]
    assert situation(reports().get(pk=way.report.pk), way.cast.province).overdue
    rows = status_rows(way.cast.campaign, way.cast.hebei, ListFilter(), date(2023, 2, 11))
    assert [each.overdue for each in rows if each.museum.number == way.report.number] == [True]
    overdue(way, MIDNIGHT)
    extend(way, date(2023, 2, 14))
    settings.GUANSHU_TODAY = ""  # type: ignore[attr-defined]
    way.do(Action.SUBMIT, now=MIDNIGHT)
    assert (way.state, way.report.overdue_reason) == (State.SUBMITTED, "")


def test_an_extension_opens_the_door_again(way: Way) -> None:
    way.to(State.AWAITING_STAMP).stamp()
    extend(way, date(2023, 2, 14))
    told = situation(reports().get(pk=way.report.pk), way.cast.reviewer)
    assert (told.deadline, told.extended) == (date(2023, 2, 14), True)
    with pytest.raises(WrongState, match="2023年2月14日"):
        way.do(Action.SUBMIT, now=datetime(2023, 2, 15, 0, 0, tzinfo=SHANGHAI))
    way.do(Action.SUBMIT, now=datetime(2023, 2, 14, 23, 59, tzinfo=SHANGHAI))
    with pytest.raises(WrongState, match="不能进行「准予延期」"):
        extend(way, date(2023, 2, 20))


@pytest.mark.parametrize(
    ("until", "sentence"), [(date(2023, 2, 10), "不能早于今天"), (date(2022, 2, 14), "不能早于今天")]
)
def test_an_extension_is_to_a_later_day(way: Way, until: date, sentence: str) -> None:
    with pytest.raises(Incomplete, match=sentence):
        extend(way, until)
    extend(way, date(2023, 2, 14), "system")
    with pytest.raises(Incomplete, match="应晚于这一天"):
        extend(way, date(2023, 2, 14))


def test_only_the_levels_above_extend(way: Way) -> None:
    for who in ("filler", "reviewer", "other_province", "viewer", "auditor"):
        with pytest.raises(NotYours):
            extend(way, date(2023, 2, 14), who)


def test_a_window_over_the_spring_festival(way: Way) -> None:
    campaign = way.cast.campaign
    campaign.holidays = {"off": ["2023-01-21..2023-01-27"], "worked": ["2023-01-28", "2023-01-29"]}
    campaign.save()
    way.now = datetime(2023, 1, 18, 9, 0, tzinfo=SHANGHAI)
    way.to(State.SUBMITTED)
    # Thursday 19, Friday 20, then the first day after the festival: Saturday 28 is worked.
    way.do(Action.RETURN, now=datetime(2023, 1, 18, 23, 59, 59, tzinfo=SHANGHAI))
    assert way.report.window_until == date(2023, 1, 28)


def test_a_window_of_the_campaigns_length_or_of_the_provinces_choice(way: Way) -> None:
    way.cast.campaign.return_days = 5
    way.cast.campaign.save()
    way.to(State.RETURNED_BY_PROVINCE)
    assert way.report.window_until == date(2023, 2, 10)
    for action in (Action.SUBMIT_IN_HOUSE, Action.PASS_IN_HOUSE, Action.SUBMIT):
        way.do(action)
    way.do(Action.RETURN, until=date(2023, 2, 20))
    assert way.report.window_until == date(2023, 2, 20)


def overdue(way: Way, now: datetime, who: str = "province", reason: str = "馆舍搬迁") -> None:
    record_overdue(report=way.report, actor=way.who(who), reason=reason, now=now)


def test_a_museum_that_never_came_is_put_on_record(way: Way) -> None:
    way.to(State.FILLING)
    with pytest.raises(WrongState, match="填报截止日期是 2023年2月10日"):
        overdue(way, LAST)
    with pytest.raises(NotYours):
        overdue(way, MIDNIGHT, "system")
    with pytest.raises(Incomplete, match="逾期未报的原因"):
        overdue(way, MIDNIGHT, reason="")
    overdue(way, MIDNIGHT)
    with pytest.raises(WrongState, match="不必重复"):
        overdue(way, MIDNIGHT)
    assert way.report.overdue_reason == "馆舍搬迁"
    extend(way, date(2023, 2, 14))
    for action in (Action.SUBMIT_IN_HOUSE, Action.PASS_IN_HOUSE):
        way.do(action)
    way.stamp()
    way.do(Action.SUBMIT, now=MIDNIGHT)
    assert way.report.overdue_reason == ""


def test_a_returned_museum_that_does_not_come_back_is_put_on_record(way: Way) -> None:
    way.to(State.RETURNED_BY_PROVINCE)
    with pytest.raises(WrongState, match="修改期限到 2023年2月8日"):
        overdue(way, datetime(2023, 2, 8, 23, 59, tzinfo=SHANGHAI))
    overdue(way, datetime(2023, 2, 9, 0, 0, tzinfo=SHANGHAI))
    assert AuditRecord.objects.get(action="record_unfinished").details["reason"] == "馆舍搬迁"
    with pytest.raises(WrongState, match="不必重复"):
        overdue(way, datetime(2023, 2, 9, 1, 0, tzinfo=SHANGHAI))
    extend(way, date(2023, 2, 20))
    assert way.report.window_until == date(2023, 2, 20)
    for action in (Action.SUBMIT_IN_HOUSE, Action.PASS_IN_HOUSE, Action.SUBMIT):
        way.do(action, now=MIDNIGHT)
    assert (way.state, way.report.overdue_reason) == (State.SUBMITTED, "")
    with pytest.raises(WrongState):
        overdue(way, MIDNIGHT + timedelta(days=30))


def test_what_a_province_may_do_is_offered(way: Way, settings: object) -> None:
    way.to(State.FILLING)
    report = reports().get(pk=way.report.pk)
    settings.GUANSHU_TODAY = "2023-02-11"  # type: ignore[attr-defined]
    told = situation(report, way.cast.province)
    assert told.overdue
    assert told.operations == {
        Operation.WAIVE, Operation.WITHDRAW_WAIVER, Operation.EXTEND, Operation.RECORD_OVERDUE
    }  # fmt: skip
    assert situation(report, way.cast.other_province).operations == frozenset()
    assert situation(report, way.cast.filler).operations == {Operation.REPLY}
