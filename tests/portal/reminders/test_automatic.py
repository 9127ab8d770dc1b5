"""Reminders by rule, in the database: through the Spring Festival of 2023, each once, and nowhere a number."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanshu.portal import clock
from guanshu.portal.domain.reminding import send_due_reminders
from guanshu.portal.domain.reminding.automatic import due_now
from guanshu.portal.domain.reporting import grant_extension, reply_to_comment
from guanshu.portal.models import AuditRecord, Campaign, CellComment, Reminder, Report, SmsMessage
from guanshu.portal.queries.verification import verify_audit
from guanshu.portal.queries.workflow import history
from guanshu.portal.sms import deliver_waiting
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.cast import Cast
from tests.portal.conftest import save_as
from tests.portal.reminders.conftest import FILLER, REVIEWER, Gateway, shanghai
from tests.portal.workflow.conftest import Way

Log = list[tuple[str, str, str]]


@pytest.fixture
def people(cast: Cast) -> Cast:
    """Baoding's two numbers on record, saved at the beginning of January; the other museums have none."""
    save_as(cast.filler, cast.report(), {"filler_cell": ("", FILLER), "reviewer_cell": ("", REVIEWER)})
    Report.objects.filter(pk=cast.report().pk).update(saved_at=shanghai(1, 4))
    return cast


def live(start: datetime, end: datetime, step: timedelta = timedelta(hours=3)) -> Log:
    """Tick through a time, deliver at once, and return what was sent about Baoding: when, which rule, to whom."""
    now = start
    while now <= end:
        send_due_reminders(now=now)
        deliver_waiting(now=now)
        now += step
    found = Reminder.objects.filter(message__isnull=False).order_by("at", "pk")
    return [(f"{each.at.astimezone(start.tzinfo):%m-%d %H:%M}", each.rule, each.role) for each in found]


def test_a_museum_that_does_nothing_through_the_season(people: Cast, gateway: type[Gateway]) -> None:
    log = live(shanghai(1, 2, 6), shanghai(2, 20, 21))
    # 5 February is a Sunday; nothing in the festival, nothing after the deadline.
    assert log == [
        ("02-06 09:00", "due_5", "filler"),
        ("02-08 09:00", "due_2", "filler"),
        ("02-10 09:00", "due_0", "filler"),
    ]
    assert [message.to for message in gateway.sent] == [FILLER] * 3
    assert gateway.sent[0].text == "保定市科技馆2022年度报表尚未提交，2月10日截止，还有4天，请登录系统办理。"
    assert gateway.sent[2].text == "保定市科技馆2022年度报表尚未提交，今天（2月10日）24时截止，请登录系统办理。"


def test_a_reviewer_who_lets_it_wait_over_the_festival(people: Cast, way: Way, gateway: type[Gateway]) -> None:
    way.now = shanghai(1, 18, 16)
    way.to(State.IN_REVIEW)
    log = live(shanghai(1, 19, 6), shanghai(2, 3, 21))
    # 19 and 20 January are working days, then the 28th, a Saturday that is worked.
    assert log == [("01-28 09:00", "review", "reviewer")]
    assert [each.to for each in gateway.sent] == [REVIEWER]
    assert gateway.sent[0].text == "保定市科技馆2022年度报表等待您办理已3个工作日，请于2月10日前登录系统办理。"
    # Near the deadline both hear of it.
    log = live(shanghai(2, 6, 6), shanghai(2, 7, 21))
    assert log[1:] == [("02-06 09:00", "due_5", "filler"), ("02-06 09:00", "due_5", "reviewer")]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.RETURNED_IN_HOUSE, [("01-28 09:00", "returned")]),
        # Its window ends on 29 January: that is told first, and nobody gets two on one day.
        (State.RETURNED_BY_PROVINCE, [("01-28 09:00", "due_2"), ("01-29 09:00", "due_0"), ("01-30 09:00", "returned")]),
    ],
)
def test_a_return_nobody_touches(
    people: Cast, way: Way, gateway: type[Gateway], state: State, expected: list[tuple[str, str]]
) -> None:
    way.now = shanghai(1, 19, 15)
    way.to(state)
    Report.objects.filter(pk=way.report.pk).update(saved_at=shanghai(1, 19, 14))
    log = live(shanghai(1, 19, 18), shanghai(2, 2, 21))
    assert log == [(*each, "filler") for each in expected]


def test_a_return_somebody_works_on(people: Cast, way: Way, gateway: type[Gateway]) -> None:
    way.now = shanghai(1, 18, 15)
    way.to(State.RETURNED_IN_HOUSE)
    Report.objects.filter(pk=way.report.pk).update(saved_at=shanghai(1, 19, 14))
    assert live(shanghai(1, 19, 18), shanghai(2, 2, 21)) == []


def test_an_answered_comment_is_work_too(people: Cast, way: Way, gateway: type[Gateway]) -> None:
    way.now = shanghai(1, 18, 15)
    way.to(State.RETURNED_IN_HOUSE)
    Report.objects.filter(pk=way.report.pk).update(saved_at=shanghai(1, 18, 14))
    comment = CellComment.objects.create(
        report=way.report, address="land_area", text="?", by="C", by_role="reviewer", at=way.now, round=1
    )
    assert [each.due.rule.value for each in due_now(now=shanghai(1, 28))] == ["returned"]
    reply_to_comment(report=way.report, actor=people.filler, comment=comment.pk, text="属实", now=shanghai(1, 20))
    assert due_now(now=shanghai(1, 28)) == []


def test_an_extension_is_a_deadline_of_its_own(people: Cast, gateway: type[Gateway]) -> None:
    live(shanghai(2, 8, 6), shanghai(2, 8, 21))
    grant_extension(
        report=people.report(), actor=people.province, until=date(2023, 2, 15), reason="系统故障", now=shanghai(2, 9)
    )
    log = live(shanghai(2, 9, 18), shanghai(2, 16, 21))
    # Five days before the 15th is the 10th: after the day it was granted.
    assert [each[:2] for each in log[1:]] == [
        ("02-10 09:00", "due_5"),
        ("02-13 09:00", "due_2"),
        ("02-15 09:00", "due_0"),
    ]


def test_the_window_of_a_return_is_a_deadline(people: Cast, way: Way, gateway: type[Gateway]) -> None:
    way.fill()
    # Submitted in time, returned on Monday the 13th: until Thursday the 16th.
    way.now = shanghai(2, 9)
    way.do(Action.SUBMIT_IN_HOUSE)
    way.do(Action.PASS_IN_HOUSE)
    way.stamp()
    way.do(Action.SUBMIT)
    way.now = shanghai(2, 13)
    way.do(Action.RETURN)
    Report.objects.filter(pk=way.report.pk).update(saved_at=shanghai(2, 14))
    log = live(shanghai(2, 13, 18), shanghai(2, 17, 21))
    assert [each[:2] for each in log] == [("02-14 09:00", "due_2"), ("02-16 09:00", "due_0")]
    assert "2月16日" in gateway.sent[0].text


def test_who_submits_hears_no_more(people: Cast, way: Way, gateway: type[Gateway]) -> None:
    way.to(State.SUBMITTED)
    assert live(shanghai(2, 6, 6), shanghai(2, 13, 6)) == []


def test_a_museum_without_a_number_is_noted_once_and_reminded_when_there_is_one(
    people: Cast, gateway: type[Gateway]
) -> None:
    now = shanghai(2, 8)
    assert (send_due_reminders(now=now).sent, send_due_reminders(now=now).no_phone) == (1, 0)
    missing = Reminder.objects.get(report=people.report(people.shijiazhuang))
    assert (missing.state, missing.message) == ("no_phone", None)
    save_as(people.other_filler, missing.report, {"filler_cell": ("", "13700000000")})
    assert send_due_reminders(now=now + timedelta(hours=1)).sent == 1
    missing.refresh_from_db()
    assert (missing.state, missing.message is not None) == ("handed", True)
    assert Reminder.objects.count() == 3


def test_rules_are_switched_off_by_campaign(people: Cast) -> None:
    Campaign.objects.update(reminders_off=["due_2"])
    assert due_now(now=shanghai(2, 8)) == []
    assert due_now(now=shanghai(2, 10)) != []


def test_a_closed_year_reminds_nobody(people: Cast) -> None:
    Campaign.objects.update(closed=True)
    assert due_now(now=shanghai(2, 8)) == []


def test_the_business_day_counts_and_the_real_time_is_kept(people: Cast, gateway: type[Gateway]) -> None:
    real = datetime(2026, 11, 25, 10, 0, tzinfo=shanghai(1, 1).tzinfo)
    with clock.living_on(date(2023, 2, 10)):
        send_due_reminders(now=real)
    reminder = Reminder.objects.get(report=people.report())
    assert (reminder.rule, str(reminder.day)) == ("due_0", "2023-02-10")
    message = SmsMessage.objects.get()
    assert message.made_at == real
    assert message.expires_at == real.replace(hour=20)
    assert deliver_waiting(now=real + timedelta(hours=11)).failed == 1


def test_the_museum_sees_it_and_the_trail_has_the_batch(people: Cast, gateway: type[Gateway]) -> None:
    send_due_reminders(now=shanghai(2, 8))
    event = history(people.report())[0]
    assert (event.action, event.category, event.role) == ("短信催报", "距截止 2 天", "系统自动")
    assert event.reason == "已向本馆填报人发送短信。"
    batch = AuditRecord.objects.get(stream="system", action="send_reminders")
    assert batch.details == {"rules": {"due_2": 3}, "sent": 1, "no_phone": 2}
    send_due_reminders(now=shanghai(2, 8, 11))
    assert AuditRecord.objects.filter(action="send_reminders").count() == 1
    assert list(verify_audit()) == []


def test_no_number_is_in_the_trail_or_the_log(
    people: Cast, gateway: type[Gateway], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    gateway.trouble.append(OSError(f"could not reach {FILLER}"))
    live(shanghai(2, 6, 6), shanghai(2, 13, 6))
    assert len(gateway.sent) == 3
    kept = [repr(list(model.objects.values())) for model in (AuditRecord, Reminder, SmsMessage)]
    for text in (*kept, caplog.text):
        assert FILLER not in text
        assert REVIEWER not in text


def test_many_museums_cost_as_many_statements_as_few(people: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert due_now(now=shanghai(2, 8))
        return len(found)

    asked()
    few = asked()
    from guanshu.portal.models import Museum

    for n in range(20):
        museum = Museum.objects.create(code=f"1301000{n + 10}", name=f"馆{n}", province=people.hebei, level="county")
        Report.objects.create(
            number=f"2022-{museum.code}", museum=museum, campaign=people.campaign, questionnaire=people.form
        )
    assert asked() == few


@pytest.mark.django_db(transaction=True)
def test_two_tickers_at_once_send_one(people: Cast, gateway: type[Gateway]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def once(_: int) -> int:
        try:
            return send_due_reminders(now=shanghai(2, 8)).sent
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(once, range(3))) == 1
    assert SmsMessage.objects.count() == 1
