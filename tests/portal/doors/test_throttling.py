"""Guessing is slowed down, and nobody can lock another out: by account and address, by address, by account."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from guanshu.portal.domain import throttling
from guanshu.portal.domain.throttling import Origin, note_wrong_password, password_pause
from guanshu.portal.models import FailedLogin
from tests.portal.doors.conftest import Enter, Time
from tests.portal.web.country import PASSWORD

pytestmark = pytest.mark.django_db
CLERK = "B130600000"


def attempt(client: Client, username: str, password: str = PASSWORD) -> int:
    return client.post("/login/", {"username": username, "password": password}).status_code


def rival(failures: int, username: str = CLERK, addresses: int = 200) -> None:
    """Fail so often at an account from elsewhere within the last minute."""
    now = timezone.now()
    for number in range(failures):
        origin = Origin(f"198.51.{number % addresses // 250}.{number % addresses % 250 + 1}")
        note_wrong_password(username=username, origin=origin, now=now - timedelta(seconds=number % 50))


def test_a_thousand_failures_elsewhere_do_not_keep_the_clerk_out(enter: Enter, time: Time) -> None:
    device = enter(CLERK)
    device.post("/logout/")
    rival(1000)
    # On the clerk's own device, with mistakes; and on a new one at another place, with the right password at once.
    assert [attempt(device, CLERK, "wrong"), attempt(device, CLERK, "wrong"), attempt(device, CLERK)] == [422, 422, 302]
    assert attempt(Client(REMOTE_ADDR="203.0.113.5"), CLERK) == 302


def test_a_rival_behind_the_same_router_does_not_keep_the_clerk_out(enter: Enter, time: Time) -> None:
    device = enter(CLERK, address="192.0.2.10")
    device.post("/logout/")
    other = Client(REMOTE_ADDR="192.0.2.10")
    assert 429 in [attempt(other, CLERK, "wrong") for _ in range(6)]
    assert attempt(other, CLERK) == 429
    assert attempt(device, CLERK) == 302


def test_a_known_device_has_an_allowance_and_no_more(enter: Enter) -> None:
    device = enter(CLERK)
    device.post("/logout/")
    statuses = [attempt(device, CLERK, "wrong") for _ in range(6)]
    assert statuses[-1] == 429
    assert attempt(device, CLERK) == 429
    # The neighbours are not concerned.
    assert attempt(Client(REMOTE_ADDR="192.0.2.10"), "A130000001") == 302


def test_the_cookie_of_a_device_is_worth_nothing_for_another_account_or_when_altered(enter: Enter) -> None:
    device = enter(CLERK)
    device.post("/logout/")
    rival(30, "A130000001", addresses=1)
    thief = Client(REMOTE_ADDR="198.51.0.1")
    thief.cookies["device"] = device.cookies["device"].value
    assert attempt(thief, "A130000001") == 429
    thief.cookies["device"] = device.cookies["device"].value[:-3] + "abc"
    rival(30, CLERK, addresses=1)
    assert attempt(thief, CLERK) == 429


def test_many_addresses_at_one_account_wait_between_their_attempts(country: object, time: Time) -> None:
    rival(20, addresses=20)
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    assert attempt(stranger, CLERK, "wrong") == 422
    assert attempt(stranger, CLERK) == 429
    time.pass_(seconds=31)
    assert attempt(stranger, CLERK) == 302


def test_the_pause_grows_with_the_failures(country: object) -> None:
    now, origin = timezone.now(), Origin("203.0.113.9")
    note_wrong_password(username=CLERK, origin=origin, now=now)
    found = []
    for failures in (18, 1, 80, 400):
        rival(failures, addresses=failures)
        found.append(password_pause(username=CLERK, origin=origin, now=now) // 10 * 10)
    assert found == [0, 30, 120, 600]


def test_one_address_at_many_accounts_is_slowed_down_not_locked(enter: Enter, time: Time) -> None:
    device = enter("A130000001")
    device.post("/logout/")
    now = timezone.now()
    for number in range(throttling.ADDRESS_CEILING - 1):
        note_wrong_password(username=f"b{number}", origin=Origin("192.0.2.10"), now=now - timedelta(seconds=number))
    neighbour = Client(REMOTE_ADDR="192.0.2.10")
    assert attempt(neighbour, "B14" + "0" * 7, "wrong") == 422
    answer = neighbour.post("/login/", {"username": CLERK, "password": PASSWORD})
    assert answer.status_code == 429
    assert "秒后再试" in answer.content.decode()
    assert attempt(device, "A130000001") == 302
    time.pass_(seconds=21)
    assert attempt(neighbour, CLERK) == 302


def test_a_whole_line_counts_as_one_address(country: object) -> None:
    now = timezone.now()
    for number in range(throttling.ADDRESS_CEILING):
        note_wrong_password(username=f"b{number}", origin=Origin(f"2001:db8::{number + 1:x}"), now=now)
    assert password_pause(username="x", origin=Origin("2001:db8::ffff"), now=now)
    assert not password_pause(username="x", origin=Origin("2001:db8:0:1::1"), now=now)
    assert not password_pause(username="x", origin=Origin("strange"), now=now)


def test_nothing_typed_and_no_address_is_kept(country: object) -> None:
    attempt(Client(REMOTE_ADDR="192.0.2.99"), "my secret by mistake", "wrong")
    row = str(FailedLogin.objects.values().get())
    assert "secret" not in row
    assert "192.0.2" not in row


def test_what_is_older_than_a_day_is_thrown_away(country: object) -> None:
    now = timezone.now()
    for age in (23, 25):
        note_wrong_password(username="x", origin=Origin("192.0.2.1"), now=now - timedelta(hours=age))
    assert throttling.forget_failures(now=now) == 1


def test_unknown_accounts_wait_like_known_ones(country: object) -> None:
    for username in (CLERK, "B999999999"):
        rival(20, username, addresses=20)
    pages = []
    for username in (CLERK, "B999999999"):
        client = Client(REMOTE_ADDR="198.51.0.1")
        answer = client.post("/login/", {"username": username, "password": "wrong"})
        pages.append((answer.status_code, "秒后再试" in answer.content.decode()))
    assert pages[0] == pages[1] == (429, True)
