"""kill -9 of the real server at random moments during 500 saves: no acknowledged value is lost, on either database."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

pytestmark = pytest.mark.slow

SAVES, CLIENTS, KILLS = 500, 2, 6
CELLS = ["land_area", "building_area", "hall_area", "remark", "leader"]
TOKEN = "k" * 32
# Makes the cast in the server's own database and logs two fillers in; prints their session cookies.
PREPARE = """
import django; django.setup()
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from guanshu.portal.domain.maintenance.database import migrate
migrate()
from tests.cast import make_cast
cast = make_cast()
for account in (cast.filler, cast.other_filler):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    print(session.session_key)
"""
READ = """
import django, json; django.setup()
from guanshu.portal.models import Report, SaveRecord
from guanshu.portal.queries.reports import open_report
found = {}
for report in Report.objects.filter(saves__gt=0):
    records = SaveRecord.objects.filter(report=report.number).order_by("seq")
    found[report.number] = {
        "cells": open_report(report).stored.plain["1-1"]["cells"],
        "requests": list(records.values_list("request", flat=True)),
    }
print(json.dumps(found))
"""


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the environment of a server with a database of its own, of the kind the tests run on."""
    url = os.environ.get("GUANSHU_DATABASE_URL", "")
    own = {**os.environ, "GUANSHU_VAR": str(tmp_path), "GUANSHU_DEMO": "1", "GUANSHU_TODAY": "2023-02-04"}
    own["DJANGO_SETTINGS_MODULE"] = "guanshu.portal.settings"
    own["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parents[2] / "src"), str(Path(__file__).parents[2])])
    if not url.startswith("postgres"):
        yield {**own, "GUANSHU_DATABASE_URL": f"sqlite:///{tmp_path / 'kill.sqlite3'}"}
        return
    name = f"kill_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield {**own, "GUANSHU_DATABASE_URL": url.rpartition("/")[0] + "/" + name}
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _python(environ: dict[str, str], code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], env=environ, check=True, capture_output=True, text=True
    ).stdout.strip()


class Server:
    """`guanshu run`, killed without warning and started again."""

    def __init__(self, environ: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._environ = environ
        self._start()

    def _start(self) -> None:
        command = [sys.executable, "-m", "guanshu", "run", "--port", str(self.port)]
        self._process = subprocess.Popen(command, env=self._environ, start_new_session=True, stdout=subprocess.DEVNULL)

    def kill(self, *, all_of_it: bool) -> None:
        """Kill the web server's processes at once; with `all_of_it` the supervisor too, which is then started anew."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        if all_of_it:
            os.killpg(self._process.pid, signal.SIGKILL)
        for child in children:
            os.killpg(int(child), signal.SIGKILL)
        if all_of_it:
            self._process.wait()
            self._start()

    def stop(self) -> None:
        """Stop as an administrator would."""
        self._process.terminate()
        self._process.wait(30)


@dataclass
class Client:
    """One browser: one save in flight, sent again until it is answered; keeps what was acknowledged."""

    session: str
    port: int
    cells: dict[str, str] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    resent: int = 0

    def save(self, cell: str, value: str) -> None:
        """Save one value and wait for the acknowledgement."""
        request = str(uuid.uuid4())
        body = json.dumps({"request": request, "changes": {cell: [self.cells.get(cell, ""), value]}}).encode()
        until = time.monotonic() + 40
        while True:
            try:
                status, answer = self._post(body)
                break
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < until, "the server did not come back"
                self.resent += 1
                time.sleep(0.05)
        assert status == 200, answer
        self.cells[cell] = answer["saved"][cell]["stored"]
        self.requests.append(request)

    def _post(self, body: bytes) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            headers = {
                "Content-Type": "application/json",
                "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
                "X-CSRFToken": TOKEN,
            }
            connection.request("POST", "/museum/tables/1-1/", body, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()


def test_killing_the_server_loses_no_acknowledged_value(environ: dict[str, str]) -> None:
    sessions = _python(environ, PREPARE).splitlines()
    server = Server(environ)
    clients = [Client(session, server.port) for session in sessions]
    failed: list[BaseException] = []

    def work(client: Client) -> None:
        try:
            for number in range(SAVES // CLIENTS):
                cell = CELLS[number % len(CELLS)]
                client.save(cell, f"第{number}次" if cell in {"remark", "leader"} else str(number + 1))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    try:
        for thread in threads:
            thread.start()
        _kill_now_and_then(server, clients, failed)
        for thread in threads:
            thread.join()
    finally:
        server.stop()
    assert failed == []
    # The kills hit somebody: otherwise the test would prove nothing.
    assert sum(client.resent for client in clients) >= KILLS
    _compare(environ, clients)


def _kill_now_and_then(server: Server, clients: list[Client], failed: list[BaseException]) -> None:
    moments = sorted(random.sample(range(20, SAVES - 20), KILLS))
    for number, moment in enumerate(moments):
        while sum(len(client.requests) for client in clients) < moment and not failed:
            time.sleep(0.002)
        time.sleep(random.random() * 0.02)
        server.kill(all_of_it=number % 2 == 0)


def _compare(environ: dict[str, str], clients: list[Client]) -> None:
    """Compare what was acknowledged with what is there, and walk the trail."""
    found = json.loads(_python(environ, READ))
    for number, client in zip(("2022-130600001", "2022-130100001"), clients, strict=True):
        assert found[number]["cells"] == client.cells
        # Every acknowledged request was recorded, in order, and exactly once.
        assert found[number]["requests"] == client.requests
    audited = subprocess.run(
        [sys.executable, "-m", "guanshu", "verify-audit", "--json"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (audited.returncode, json.loads(audited.stdout)) == (0, {"problems": []})
