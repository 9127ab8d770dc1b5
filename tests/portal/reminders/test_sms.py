"""Text messages: queued in the caller's transaction, sent once, tried again, given up; numbers nowhere in the clear."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from guanshu.portal import crypto, deployment
from guanshu.portal.models import SmsMessage, SmsState
from guanshu.portal.sms import SmsRefused, SmsUnreachable, backend, deliver, deliver_waiting, send_sms
from guanshu.portal.sms.delivering import MOST_TRIES, PAUSES
from guanshu.portal.sms.outbox import newest, shown
from guanshu.portal.sms.texts import LONGEST, rendered, templates, variables_of
from tests.cast import NOW
from tests.portal.reminders.conftest import Gateway

NUMBER = "13812345678"
WORDS = {"museum": "保定市科技馆", "year": "2022", "until": "2月10日", "days": "2"}


def queue(**more: Any) -> SmsMessage:
    given = {"to": NUMBER, "template": "remind_due", "variables": WORDS, "purpose": "reminder", "now": NOW}
    return send_sms(**given | more)


def fresh(message: SmsMessage) -> SmsMessage:
    return SmsMessage.objects.get(pk=message.pk)


@pytest.mark.django_db
def test_a_message_waits_until_somebody_delivers_it(gateway: type[Gateway]) -> None:
    message = queue()
    assert (message.state, message.shown, gateway.sent) == ("waiting", "138****5678", [])
    assert deliver_waiting(now=NOW).sent == 1
    assert [(each.to, each.text) for each in gateway.sent] == [
        (NUMBER, "保定市科技馆2022年度报表尚未提交，2月10日截止，还有2天，请登录系统办理。")
    ]
    done = fresh(message)
    assert (done.state, done.receipt, done.tries, done.done_at is not None) == ("sent", "receipt-1", 1, True)
    assert deliver_waiting(now=NOW + timedelta(days=1)).sent == 0
    assert len(gateway.sent) == 1


@pytest.mark.django_db
def test_what_is_rolled_back_is_never_sent(gateway: type[Gateway]) -> None:
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    deliver_waiting(now=NOW)
    assert gateway.sent == []


@pytest.mark.django_db
def test_a_gateway_that_is_down_is_tried_again_and_given_up_in_the_end(gateway: type[Gateway]) -> None:
    message, now = queue(), NOW
    gateway.trouble.extend([SmsUnreachable(), TimeoutError(NUMBER), ConnectionError(NUMBER)])
    for pause in PAUSES:
        assert deliver_waiting(now=now).waiting == 1
        assert deliver_waiting(now=now + pause - timedelta(seconds=1)).waiting == 0
        now += pause + timedelta(seconds=1)
    assert deliver_waiting(now=now).sent == 1
    assert fresh(message).tries == MOST_TRIES
    other = queue()
    gateway.trouble.extend([SmsUnreachable("busy") for _ in range(MOST_TRIES)])
    for _ in range(MOST_TRIES):
        deliver_waiting(now=now)
        now += timedelta(hours=1)
    assert (fresh(other).state, fresh(other).receipt) == ("failed", "busy")
    assert len(gateway.sent) == 1


@pytest.mark.django_db
def test_a_refusal_is_final(gateway: type[Gateway]) -> None:
    message = queue()
    gateway.trouble.append(SmsRefused("black_list"))
    assert deliver_waiting(now=NOW).failed == 1
    assert (fresh(message).state, fresh(message).receipt, fresh(message).tries) == ("failed", "black_list", 1)


@pytest.mark.django_db
def test_what_comes_too_late_is_not_sent(gateway: type[Gateway]) -> None:
    message = queue(expires_at=NOW + timedelta(minutes=5))
    assert deliver_waiting(now=NOW + timedelta(minutes=5)).failed == 1
    assert (fresh(message).receipt, gateway.sent) == ("expired", [])


@pytest.mark.django_db
def test_a_process_that_died_leaves_the_message_to_the_next(gateway: type[Gateway]) -> None:
    message = queue()
    # What a process that was killed in the middle leaves behind.
    SmsMessage.objects.update(tries=1, next_at=NOW + timedelta(minutes=2))
    assert deliver(message.pk, now=NOW + timedelta(minutes=1)) is None
    assert deliver(message.pk, now=NOW + timedelta(minutes=2)) is SmsState.SENT


@pytest.mark.django_db(transaction=True)
def test_two_at_once_send_one(gateway: type[Gateway]) -> None:
    for _ in range(5):
        queue()

    def tick(_: int) -> int:
        try:
            return deliver_waiting(now=NOW).sent
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(tick, range(4))) == 5
    assert len(gateway.sent) == 5


@pytest.mark.django_db
def test_the_number_is_in_no_column_and_no_log(
    gateway: type[Gateway], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    message = queue()
    gateway.trouble.extend([ValueError(f"no such number {NUMBER}"), SmsRefused()])
    deliver_waiting(now=NOW)
    deliver_waiting(now=NOW + timedelta(minutes=2))
    kept = repr([{f.attname: getattr(each, f.attname) for f in each._meta.fields} for each in SmsMessage.objects.all()])
    out, err = capsys.readouterr()
    for text in (kept, caplog.text, out, err, repr(gateway.sent), repr(message)):
        assert NUMBER not in text
    assert "try 1 failed (ValueError)" in caplog.text
    assert message.mark == crypto.lookup(NUMBER)


@pytest.mark.django_db
def test_a_row_moved_to_another_message_is_not_sent(gateway: type[Gateway]) -> None:
    one, two = queue(), queue(to="13900000000")
    SmsMessage.objects.filter(pk=one.pk).update(sealed=two.sealed)
    deliver_waiting(now=NOW)
    assert (fresh(one).state, fresh(one).receipt) == ("failed", "undecipherable")
    assert [each.to for each in gateway.sent] == ["13900000000"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "more",
    [
        {"to": "0312-1234567"},
        {"to": "138123456789"},
        {"template": "nothing"},
        {"variables": {"museum": "馆"}},
        {"variables": WORDS | {"days": ""}},
        {"variables": WORDS | {"museum": "馆" * (LONGEST + 1)}},
        {"variables": WORDS | {"museum": "https://example"}},
        {"variables": WORDS | {"museum": "www.example"}},
    ],
)
def test_what_no_gateway_would_send_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"text message|template") as refused:
        queue(**more)
    assert "138123" not in str(refused.value)


def test_the_approved_texts_are_short_and_without_links() -> None:
    for code, text in templates().items():
        example = rendered(code, dict.fromkeys(variables_of(text), "二"))
        assert 10 < len(example) < 70
        assert "：//" not in example
        assert not set("/@") & set(example)


@pytest.mark.django_db
def test_the_console_shows_a_masked_number(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.GUANSHU_SMS = "console"
    queue()
    deliver_waiting(now=NOW)
    out = capsys.readouterr().out
    assert out.startswith("短信 138****5678 【科技馆数据采集】保定市科技馆2022年度报表尚未提交")
    assert not backend().reaches_phones


@pytest.mark.django_db
def test_the_outbox_keeps_them(settings: Any) -> None:
    settings.GUANSHU_SMS = "outbox"
    queue(variables=WORDS | {"days": "1"})
    queue(now=NOW + timedelta(minutes=1))
    deliver_waiting(now=NOW)
    found = [shown(each) for each in newest()]
    assert [(each.state, each.to) for each in found] == [("waiting", "138****5678"), ("sent", "138****5678")]
    assert "还有2天" in found[0].text


def test_backends_are_chosen_by_name() -> None:
    assert deployment.sms_backend({}, demo=True) == "outbox"
    assert deployment.sms_backend({}, demo=False) == "console"
    assert deployment.sms_backend({"GUANSHU_SMS": "console"}, demo=True) == "console"
    with pytest.raises(ImproperlyConfigured, match="没有名为「pigeon」的短信通道，可以是：console、outbox"):
        deployment.sms_backend({"GUANSHU_SMS": "pigeon"}, demo=True)
    assert deployment.sms_sign({"GUANSHU_SMS_SIGN": "河北科技馆"}) == "河北科技馆"
    with pytest.raises(ImproperlyConfigured, match="短信签名最多"):
        deployment.sms_sign({"GUANSHU_SMS_SIGN": "【河北】"})
