"""No more than four hashes at once in a process; who waits too long is told so."""

import threading
import time

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client

from guanshu.portal.domain import passwords
from guanshu.portal.problems import Busy
from tests.portal.web.country import PASSWORD


def test_four_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()

    def slow(*_: object, **__: object) -> bool:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return True

    monkeypatch.setattr(passwords.Argon2PasswordHasher, "verify", slow)
    encoded = "argon2$argon2id$v=19$m=9216,t=4,p=1$c2FsdHNhbHQ$aGFzaA"
    hasher = passwords.Argon2Hasher()
    threads = [threading.Thread(target=hasher.verify, args=("x", encoded)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == passwords.HASHES_AT_ONCE == 4


def test_a_place_is_given_back_after_an_error() -> None:
    for _ in range(6):
        with pytest.raises(AttributeError):
            passwords.Argon2Hasher().encode(None, "saltsaltsalt")  # type: ignore[arg-type]
    assert check_password("x", make_password("x"))


@pytest.mark.django_db
def test_who_waits_too_long_is_told_to_come_back(country: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hashing", threading.BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "LONGEST_WAIT", 0.05)
    with passwords._hashing:
        with pytest.raises(Busy):
            make_password("x")
        answer = Client().post("/login/", {"username": "A130000001", "password": PASSWORD})
    assert answer.status_code == 503
    assert "登录的人太多" in answer.content.decode()
    assert Client().post("/login/", {"username": "A130000001", "password": PASSWORD}).status_code == 302
