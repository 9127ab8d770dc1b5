"""How many codes in what time, for a phone, an account, an address, a day; also when many ask at once."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from guanshu.portal.channels import Channel
from guanshu.portal.domain.resetting import Asked, ask_code, pace, use_code
from guanshu.portal.domain.resetting.limits import PHONE as PHONE_LIMITS
from guanshu.portal.domain.resetting.limits import Limit, reached
from guanshu.portal.models import Account, AuditRecord, CodeState, ResetCode, ResetGate, SmsChannel
from guanshu.portal.queries.verification import verify_audit
from guanshu.portal.sms import Outcome, Outgoing, SmsUnreachable, hand_over, health, send_sms, usual_seconds
from tests.cast import NOW, Cast
from tests.portal.reset.conftest import NEW, PHONE, Gateway, give, last_code


def ask(username: str, now: datetime = NOW, address: str = "192.0.2.1", session: str = "mine") -> Asked:
    return ask_code(username=username, session=session, address=address, now=now)


def later(**time_: int) -> datetime:
    return NOW + timedelta(**time_)


@given(st.lists(st.integers(0, 3 * 24 * 3600), max_size=60).map(sorted))
def test_no_stretch_of_time_ever_holds_more_than_the_limit(seconds: list[int]) -> None:
    went: list[datetime] = []
    for moment in (NOW + timedelta(seconds=each) for each in seconds):
        if not any(reached(limit, went, moment) for limit in PHONE_LIMITS):
            went.append(moment)
    for limit in PHONE_LIMITS:
        for start in went:
            assert sum(1 for each in went if start <= each < start + limit.within) <= limit.most
    assert not seconds or went


@given(st.lists(st.integers(0, 7200), max_size=20), st.integers(1, 5))
def test_a_limit_is_reached_exactly_when_it_is(ages: list[int], most: int) -> None:
    moments = [NOW - timedelta(seconds=age) for age in ages]
    assert reached(Limit(most, timedelta(hours=1)), moments, NOW) is (len([age for age in ages if age < 3600]) >= most)


@pytest.mark.django_db
def test_several_museums_share_a_phone(cast: Cast, gateway: type[Gateway]) -> None:
    accounts = [cast.filler, cast.reviewer, cast.other_filler, cast.province, cast.system, cast.viewer]
    for account in accounts:
        give(account)
    for place, account in enumerate(accounts):
        assert ask(account.username, later(minutes=2 * place)) is Asked.SENT
    # The sixth within the hour is not told.
    assert len(gateway.sent) == 5
    assert ask(cast.viewer.username, later(minutes=61)) is Asked.SENT
    assert len(gateway.sent) == 6


@pytest.mark.django_db
def test_a_phone_gets_one_a_minute_and_ten_a_day(cast: Cast, gateway: type[Gateway]) -> None:
    accounts = [cast.filler, cast.reviewer, cast.other_filler]
    for account in accounts:
        give(account)
    ask(cast.filler.username)
    ask(cast.reviewer.username, later(seconds=59))
    assert len(gateway.sent) == 1
    for turn in range(1, 14):
        ask(accounts[turn % 3].username, later(hours=turn), address=f"192.0.2.{turn}")
    assert len(gateway.sent) == 10


@pytest.mark.django_db
def test_an_account_has_five_a_day(filler: Account, gateway: type[Gateway]) -> None:
    answers = [ask(filler.username, later(hours=2 * turn)) for turn in range(6)]
    assert answers == [Asked.SENT] * 5 + [Asked.ACCOUNT_FULL]
    assert ask(filler.username, later(hours=24, seconds=1)) is Asked.SENT
    assert len(gateway.sent) == 6


@pytest.mark.django_db
def test_an_address_has_twenty_an_hour(filler: Account, gateway: type[Gateway]) -> None:
    answers = [ask(f"B{turn:09d}", later(seconds=turn)) for turn in range(21)]
    assert answers == [Asked.SENT] * 20 + [Asked.ADDRESS_FULL]
    assert ask(filler.username, later(minutes=10)) is Asked.ADDRESS_FULL
    assert ask(filler.username, later(minutes=10), address="192.0.2.2") is Asked.SENT
    assert ask(filler.username, later(hours=2)) is Asked.SENT


@pytest.mark.django_db
def test_what_did_not_go_out_does_not_count(filler: Account, gateway: type[Gateway]) -> None:
    gateway.trouble.extend(SmsUnreachable() for _ in range(8))
    for turn in range(8):
        assert ask(filler.username, later(minutes=turn), address=f"192.0.2.{turn}") is not Asked.SENT
    assert gateway.sent == []
    assert set(ResetCode.objects.values_list("state", flat=True)) == {CodeState.FAILED.value}
    assert ask(filler.username, later(minutes=8)) is Asked.TRYING
    assert ask(filler.username, later(minutes=10)) is Asked.SENT
    assert len(gateway.sent) == 2


@pytest.mark.django_db
def test_while_the_gateway_is_tried_nothing_counts_for_any_account(cast: Cast, gateway: type[Gateway]) -> None:
    SmsChannel.objects.create(name="test", failing_at=later(hours=-1))
    for turn in range(7):
        assert ask("B999999999", later(hours=turn)) is Asked.TRYING
    SmsChannel.objects.update(failing_at=None)
    assert ask("B999999999", later(hours=8)) is Asked.SENT


@pytest.mark.django_db
def test_a_days_budget_warns_and_ends(
    cast: Cast, gateway: type[Gateway], settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.GUANSHU_SMS_CHANNEL = Channel(templates={}, budget=5)
    accounts = [cast.filler, cast.reviewer, cast.other_filler, cast.province, cast.system, cast.viewer]
    for place, account in enumerate(accounts):
        give(account, f"1380000000{place}")
    answers = [ask(each.username, later(seconds=place)) for place, each in enumerate([*accounts, cast.viewer])]
    assert answers == [Asked.SENT] * 5 + [Asked.SPENT] * 2
    # Of an account that does not exist the same is told.
    assert ask("B999999999", later(minutes=1)) is Asked.SPENT
    assert len(gateway.sent) == 5
    recorded = AuditRecord.objects.filter(stream="system", action__startswith="sms_budget")
    assert [each.action for each in recorded.order_by("seq")] == ["sms_budget_low", "sms_budget_spent"]
    assert [each.details for each in recorded] == [{}, {}]
    assert caplog.text.count("daily budget") == 2
    assert ask(cast.viewer.username, later(days=1)) is Asked.SENT


def at_once(number: int, work: Callable[[int], object]) -> list[object]:
    """Run `work` in threads that start together; return what each returned or raised."""
    found: list[object] = [None] * number
    gate = threading.Barrier(number)

    def run(place: int) -> None:
        try:
            gate.wait()
            found[place] = work(place)
        except BaseException as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.fixture
def patient(settings: Any) -> None:
    """Wait for the gateway as long as fifty threads on a busy machine need; and let the gates be there already."""
    settings.GUANSHU_SMS_CHANNEL = Channel(templates={}, timeout=30)
    ResetGate.objects.bulk_create([ResetGate(name=f"{kind}{n:02x}") for kind in "anp" for n in range(256)])
    ResetGate.objects.create(name="budget")


@pytest.mark.django_db(transaction=True)
def test_of_fifty_at_once_one_sends_a_message(filler: Account, gateway: type[Gateway], patient: None) -> None:
    def one(place: int) -> Asked:
        return ask(filler.username, address=f"192.0.2.{place}", session=f"session {place}")

    assert at_once(50, one) == [Asked.SENT] * 50
    assert len(gateway.sent) == 1
    assert ResetCode.objects.filter(counted=True).count() == 1
    assert list(verify_audit()) == []


@pytest.mark.django_db(transaction=True)
def test_accounts_that_share_a_phone_get_one_message_at_once(cast: Cast, gateway: type[Gateway], patient: None) -> None:
    accounts = [give(each) for each in (cast.filler, cast.reviewer, cast.other_filler, cast.province)]
    answers = at_once(
        12, lambda place: ask(accounts[place % 4].username, address=f"192.0.2.{place}", session=str(place))
    )
    assert answers == [Asked.SENT] * 12
    assert len(gateway.sent) == 1


@pytest.mark.django_db(transaction=True)
def test_a_code_used_twice_at_once_sets_one_password(filler: Account, gateway: type[Gateway]) -> None:
    ask(filler.username)
    code = last_code(gateway)

    def use(place: int) -> None:
        use_code(username=filler.username, session="mine", code=code, password=f"{NEW}-{place}", now=NOW)

    assert [type(each).__name__ for each in at_once(4, use)].count("NoneType") == 1
    assert AuditRecord.objects.filter(action="password_reset").count() == 1


@pytest.mark.django_db(transaction=True)
def test_wrong_codes_at_once_use_up_no_more_than_five_tries(filler: Account, gateway: type[Gateway]) -> None:
    ask(filler.username)
    right = last_code(gateway)
    wrong = [f"{n:06d}" for n in range(9) if f"{n:06d}" != right]

    def use(place: int) -> None:
        use_code(username=filler.username, session="mine", code=wrong[place], password=NEW, now=NOW)

    raised = at_once(8, use)
    assert sum("不能再用" in str(each) for each in raised) == 4
    assert ResetCode.objects.get().tries == 5


class Slow(Gateway):
    """A gateway that takes its time, and keeps nothing: its last message may end in another test."""

    seconds = 0.0

    def send(self, message: Outgoing) -> str:
        time.sleep(self.seconds)
        return ""


@pytest.fixture
def slow(gateway: type[Gateway], monkeypatch: pytest.MonkeyPatch) -> type[Slow]:
    monkeypatch.setattr("tests.portal.reminders.gateway.Gateway", Slow)
    return Slow


@pytest.mark.django_db
def test_a_slow_gateway_is_waited_for_less_than_three_seconds(
    filler: Account, slow: type[Slow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow, "seconds", 6)
    began = time.monotonic()
    assert ask(filler.username) is Asked.UNAVAILABLE
    assert time.monotonic() - began < 3
    began = time.monotonic()
    assert ask("B999999999", later(seconds=3)) is Asked.UNAVAILABLE
    assert ask(filler.username, later(seconds=3)) is Asked.UNAVAILABLE
    assert time.monotonic() - began < 1
    assert health(later(seconds=29)).value == "down"
    assert ResetCode.objects.get().state == CodeState.UNSURE.value


@pytest.mark.django_db
def test_what_was_waited_already_is_not_waited_again(
    filler: Account, slow: type[Slow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow, "seconds", 2)
    message = send_sms(to=PHONE, template="reset_code", variables={"code": "1"}, purpose="reset", now=NOW, once=True)
    began = time.monotonic()
    assert hand_over(message.pk, now=NOW, spent=2.4) is Outcome.UNSURE
    assert 0.9 < time.monotonic() - began < 1.9


@pytest.mark.django_db
def test_who_gets_nothing_waits_as_long(filler: Account, slow: type[Slow], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow, "seconds", 0.3)
    waited: list[float] = []
    monkeypatch.setattr(pace, "_wait", waited.append)
    assert ask(filler.username) is Asked.SENT
    assert waited == []
    for username in ("B999999999", "nobody"):
        assert ask(username, later(minutes=1)) is Asked.SENT
    assert waited == [usual_seconds()] * 2
    assert usual_seconds() >= 0.3


@given(st.floats(0, 2.9))
def test_answers_leave_at_beats_only(passed: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        waited: list[float] = []
        patch.setattr(pace, "BEAT", 0.25)
        patch.setattr(pace, "_wait", waited.append)
        patch.setattr(pace.time, "monotonic", lambda: passed)
        pace.leave_together(0)
    beats = (passed + waited[0]) / 0.25
    assert beats == pytest.approx(round(beats))
    assert beats > 0.9
    assert 0 <= waited[0] <= 0.25
