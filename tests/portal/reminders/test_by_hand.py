"""Reminders by hand: whose museums, when, how many, and never twice a day by mistake."""

from datetime import datetime
from typing import Any

import pytest

from guanshu.portal.domain.reminding import Outcome, remind_by_hand, send_due_reminders
from guanshu.portal.domain.reminding.handing import PURPOSE
from guanshu.portal.models import Account, AuditRecord, Campaign, Reminder, Report, SmsMessage
from guanshu.portal.problems import Incomplete, NotYours, WrongState
from guanshu.portal.queries import reminders
from guanshu.portal.queries.verification import verify_audit
from guanshu.portal.queries.workflow import history
from guanshu.portal.sms import deliver_waiting
from guanshu.survey.workflow.actions import Actor
from guanshu.survey.workflow.states import State
from tests.cast import Cast
from tests.portal.conftest import save_as
from tests.portal.reminders.conftest import FILLER, REVIEWER, Gateway, shanghai
from tests.portal.workflow.conftest import Way

MONDAY, SATURDAY, EVENING = shanghai(1, 30), shanghai(2, 4), shanghai(1, 30, 20)


@pytest.fixture
def people(cast: Cast) -> Cast:
    save_as(cast.filler, cast.report(), {"filler_cell": ("", FILLER), "reviewer_cell": ("", REVIEWER)})
    return cast


def remind(cast: Cast, now: datetime = MONDAY, actor: Account | None = None, **more: Any) -> Outcome:
    given: dict[str, Any] = {"reports": [cast.report()], "role": None, "note": ""}
    return remind_by_hand(actor=actor or cast.province, now=now, **given | more)


def test_whoever_has_it_is_reminded(people: Cast, way: Way, gateway: type[Gateway]) -> None:
    assert remind(people).sent == 1
    way.now = MONDAY
    way.to(State.IN_REVIEW)
    assert remind(people, now=shanghai(1, 31)).sent == 1
    deliver_waiting(now=shanghai(1, 31))
    assert [each.to for each in gateway.sent] == [REVIEWER]
    assert gateway.sent[0].text.startswith("保定市科技馆2022年度报表目前为「待馆内审核」，请于2月10日前登录系统办理。")
    # The first one was too late when it was delivered.
    assert SmsMessage.objects.order_by("made_at")[0].receipt == "expired"


def test_a_role_may_be_chosen(people: Cast) -> None:
    remind(people, role=Actor.REVIEWER)
    assert Reminder.objects.get().role == "reviewer"


def test_once_a_day_unless_confirmed(people: Cast) -> None:
    remind(people)
    second = remind(people)
    assert (second.sent, second.skipped) == (0, (("保定市科技馆", "今天已经手动催报过，再次催报需要勾选确认"),))
    assert remind(people, again=[people.report().number]).sent == 1
    assert remind(people, now=shanghai(1, 31)).sent == 1


def test_who_cannot_be_reminded_is_named(people: Cast, way: Way) -> None:
    way.to(State.SUBMITTED)
    both = [people.report(), people.report(people.shijiazhuang)]
    outcome = remind(people, reports=both)
    assert outcome.sent == 0
    assert sorted(outcome.skipped) == [
        ("保定市科技馆", "报表当前为「已完成（待审核）」，不需要催报"),
        ("石家庄市科技馆", "没有填报人的手机号，请电话联系"),
    ]


def test_not_at_night_nor_on_a_holiday(people: Cast) -> None:
    for now, words in ((EVENING, "现在是夜间"), (SATURDAY, "今天不是工作日"), (shanghai(1, 24), "2023年1月28日")):
        with pytest.raises(WrongState, match=words):
            remind(people, now=now)
    assert not Reminder.objects.exists()


def test_what_has_to_wait_goes_out_on_the_next_working_day(people: Cast, gateway: type[Gateway]) -> None:
    outcome = remind(people, now=shanghai(1, 20, 20), later=True)
    assert (outcome.sent, outcome.planned) == (0, 1)
    for day in range(21, 28):
        assert send_due_reminders(now=shanghai(1, day)).sent == 0
    assert send_due_reminders(now=shanghai(1, 28, 8, 30)).sent == 1
    assert send_due_reminders(now=shanghai(1, 28, 8, 31)).sent == 0
    reminder = Reminder.objects.get()
    assert (reminder.state, str(reminder.day), reminder.by) == ("handed", "2023-01-28", "A130000001")
    assert "填报中" in reminder.text
    # When it is day it is simply sent.
    assert remind(people, now=MONDAY, later=True).sent == 1


def test_what_has_to_wait_is_dropped_when_it_is_no_longer_needed(people: Cast, way: Way) -> None:
    remind(people, now=SATURDAY, later=True)
    way.to(State.SUBMITTED)
    assert send_due_reminders(now=shanghai(2, 6)).dropped == 1
    assert (Reminder.objects.get(rule="by_hand").state, SmsMessage.objects.filter(purpose=PURPOSE).count()) == (
        "dropped",
        0,
    )


def test_only_the_museums_own_province(people: Cast) -> None:
    for actor in (people.filler, people.reviewer, people.other_province, people.system, people.viewer, people.city):
        with pytest.raises(NotYours):
            remind(people, actor=actor)
    with pytest.raises(NotYours):
        remind(people, reports=[people.report(), people.report(people.haidian)])
    assert not Reminder.objects.exists()


def test_a_limit_a_province_and_day(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from guanshu.portal.domain.reminding import by_hand

    monkeypatch.setattr(by_hand, "MOST_A_DAY", 2)
    again = [people.report().number]
    remind(people, again=again)
    remind(people, again=again)
    with pytest.raises(WrongState, match="今天已发 2 条，还可发 0 条"):
        remind(people, again=again)
    assert reminders.by_hand_today(people.hebei, MONDAY.date()) == 2
    assert remind(people, now=shanghai(1, 31)).sent == 1


def test_nothing_chosen_and_a_closed_year(people: Cast) -> None:
    with pytest.raises(Incomplete, match="请先勾选"):
        remind(people, reports=[])
    Campaign.objects.update(closed=True)
    with pytest.raises(WrongState, match="已经结束"):
        remind(people)


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("请致电 138-1234-5678", "不要写电话号码"),
        ("电话０３１２－１２３４５６７", "不要写电话号码"),
        ("电话0312-1234567", "不要写电话号码"),
        ("见 https://example", "不要写网址"),
        ("字" * 101, "最多 100 个字"),
    ],
)
def test_notes_that_cannot_be(people: Cast, note: str, words: str) -> None:
    with pytest.raises(Incomplete, match=words):
        remind(people, note=note)


def test_the_trail_has_one_line_and_the_museum_sees_it(people: Cast) -> None:
    remind(people, note="请在 2023-02-08 前补齐表2-8")
    record = AuditRecord.objects.get(action="remind_by_hand")
    assert (record.stream, record.actor, record.object) == ("account:A130000001", "A130000001", "2022")
    assert record.details["reports"] == [people.report().number]
    event = history(people.report())[0]
    assert (event.action, event.category, event.actor) == ("短信催报", "手动催报", "A130000001")
    assert event.reason == "已向本馆填报人发送短信：请在 2023-02-08 前补齐表2-8"
    assert list(verify_audit()) == []
    for text in (repr(list(model.objects.values())) for model in (AuditRecord, Reminder, SmsMessage, Report)):
        assert FILLER not in text


def test_many_cost_as_many_statements_as_few(people: Cast) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from guanshu.portal.models import Museum

    found = [people.report()]
    for n in range(20):
        museum = Museum.objects.create(code=f"1302000{n + 10}", name=f"馆{n}", province=people.hebei, level="county")
        report = Report.objects.create(
            number=f"2022-{museum.code}", museum=museum, campaign=people.campaign, questionnaire=people.form
        )
        save_as(
            Account.objects.create(username=f"B{museum.code}", role="filler", museum=museum),
            report,
            {"filler_cell": ("", "13700000000")},
        )
        found.append(report)

    def asked(reports: list[Report], now: datetime) -> int:
        with CaptureQueriesContext(connection) as statements:
            assert remind(people, reports=reports, now=now).sent == len(reports)
        return len(statements)

    asked(found[:2], MONDAY)
    assert asked(found, shanghai(1, 31)) <= asked(found[:2], shanghai(2, 1)) + 2
    assert list(verify_audit()) == []
    assert AuditRecord.objects.filter(action="remind").count() == 25


def test_a_museum_reminded_twice_in_one_round_has_both_lines(people: Cast, way: Way) -> None:
    way.now = shanghai(2, 7)
    way.to(State.IN_REVIEW)
    assert send_due_reminders(now=shanghai(2, 8)).sent == 2
    assert [each.reason for each in history(people.report())[:2]] == [
        "已向本馆审核人发送短信。",
        "已向本馆填报人发送短信。",
    ]
    assert list(verify_audit()) == []
