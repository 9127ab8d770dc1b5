"""Every answer, errors included: a strict policy, nothing guessed, nothing kept, nothing framed."""

from typing import Any

import pytest
from django.test import Client

from tests.portal.walls.test_trail_page import client_of
from tests.portal.web.test_every_url import WHO, World, rows, sample, world  # noqa: F401 - a fixture

STRICT = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}
SANDBOX = "sandbox; default-src 'none'"


def assert_guarded(answer: Any, *, static: bool = False) -> None:
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert policy == SANDBOX or {part.strip() for part in policy.split(";")} == STRICT
    assert "Content-Security-Policy-Report-Only" not in headers
    if "attachment" in headers.get("Content-Disposition", ""):
        assert policy == SANDBOX
    if headers.get("Content-Type", "").partition(";")[0] not in {"text/html", "application/json"} and answer.content:
        assert policy == SANDBOX, headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "no-store" in headers["Cache-Control"]
    assert "Server" not in headers
    assert "X-Powered-By" not in headers


class Whole:
    """An answer with its content read, streamed or not."""

    def __init__(self, answer: Any) -> None:
        self.headers, self.status_code = answer.headers, answer.status_code
        self.content = b"".join(answer)


@pytest.mark.parametrize("path", rows())
def test_every_address_answers_so(path: str, world: World) -> None:  # noqa: F811
    seen = set()
    for who in WHO:
        for method in ("GET", "POST"):
            status = rows()[path][method][WHO.index(who)]
            if status in seen:
                continue
            seen.add(status)
            client = client_of(world.people[who]) if who != "anonymous" else Client()
            client.raise_request_exception = False
            assert_guarded(Whole(client.generic(method, sample(path, world.names))))


@pytest.mark.parametrize("headers", [{}, {"Accept": "application/json"}, {"HX-Request": "true"}])
def test_errors_answer_so_too(
    world: World,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
) -> None:
    from guanshu.portal.web.public import views

    client = client_of(world.people["filler"])
    client.raise_request_exception = False
    spoilt = {"/nothing/": 404, "/museum/nothing/": 404, "/audit/": 403, "/museum/tables/9/": 404}
    for path, status in spoilt.items():
        answer = Whole(client.get(path, headers=headers))
        assert answer.status_code == status, path
        assert_guarded(answer)
    answer = Whole(client.get("/", headers={**headers, "Host": "evil.example"}))
    assert answer.status_code == 400
    assert_guarded(answer)
    strict = Client(enforce_csrf_checks=True)
    assert_guarded(Whole(strict.post("/login/", {"username": "x"}, headers=headers)))
    monkeypatch.setattr(views, "contacts", lambda _: 1 / 0)
    answer = Whole(client.get("/", headers=headers))
    assert answer.status_code == 500
    assert b"ZeroDivision" not in answer.content
    assert_guarded(answer)


def test_https_is_kept_for_a_year_outside_the_demo() -> None:
    import os
    import subprocess
    import sys

    from tests.cli.conftest import KEYS

    code = "from guanshu.portal import settings as s; print(s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_NAME, s.DEBUG)"
    environ = {name: text for name, text in os.environ.items() if not name.startswith("GUANSHU_")} | KEYS
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["31536000", "__Host-session", "False"]
