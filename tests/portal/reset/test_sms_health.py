"""What is known of the gateway from its answers to anybody."""

from datetime import timedelta

import pytest

from guanshu.portal.models import SmsChannel, SmsMessage
from guanshu.portal.sms import Health, Outcome, SmsRefused, SmsUnreachable, deliver, hand_over, health, send_sms
from tests.cast import NOW
from tests.portal.reset.conftest import PHONE, Gateway

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(seconds=30)


def remind() -> None:
    words = {"museum": "馆", "year": "2022", "until": "2月10日", "days": "2"}
    deliver(send_sms(to=PHONE, template="remind_due", variables=words, purpose="reminder", now=NOW).pk, now=NOW)


def code() -> Outcome:
    given = {"to": PHONE, "template": "reset_code", "variables": {"code": "1"}, "purpose": "reset", "now": NOW}
    return hand_over(send_sms(**given, once=True).pk, now=NOW)


def test_nothing_known_is_good(gateway: type[Gateway]) -> None:
    assert health(NOW) is Health.GOOD
    remind()
    assert not SmsChannel.objects.exists()


def test_a_reminder_that_fails_tells_of_codes_too(gateway: type[Gateway]) -> None:
    gateway.trouble.append(SmsUnreachable("busy"))
    remind()
    assert (health(NOW), health(LATER)) == (Health.DOWN, Health.TRYING)
    remind()
    assert health(NOW) is Health.GOOD


def test_a_reminder_that_is_refused_tells_nothing(gateway: type[Gateway]) -> None:
    gateway.trouble.extend([SmsRefused("template"), SmsUnreachable("limit", number=True)])
    remind()
    remind()
    assert health(NOW) is Health.GOOD


def test_refused_codes_are_not_made_good_by_reminders(gateway: type[Gateway]) -> None:
    gateway.trouble.append(SmsRefused("template"))
    assert code() is Outcome.FAILED
    remind()
    assert health(NOW) is Health.DOWN
    assert code() is Outcome.SENT
    assert health(NOW) is Health.GOOD


def test_trouble_with_a_number_is_none_of_the_gateway(gateway: type[Gateway]) -> None:
    gateway.trouble.extend([SmsRefused("black_list", number=True), SmsUnreachable("limit", number=True)])
    assert [code(), code()] == [Outcome.NUMBER] * 2
    assert health(NOW) is Health.GOOD


def test_a_code_is_tried_once(gateway: type[Gateway]) -> None:
    gateway.trouble.append(SmsUnreachable("busy"))
    code()
    message = SmsMessage.objects.get()
    assert (message.state, message.receipt, message.tries) == ("failed", "busy", 1)
    assert hand_over(message.pk, now=NOW) is Outcome.UNSURE
    assert gateway.sent == []


def test_the_last_eight_times_are_remembered(gateway: type[Gateway]) -> None:
    for _ in range(10):
        code()
    assert len(SmsChannel.objects.get().took) == 8
