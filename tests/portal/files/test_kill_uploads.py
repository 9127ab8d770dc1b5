"""kill -9 of the real server in the middle of uploads: what was acknowledged is there, what is named has its bytes.

The kills are spread over the time an upload takes; test_kill_everywhere hits every single step.
"""

import hashlib
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.portal.test_kill import PREPARE, TOKEN, Server, environ
from tests.survey.intake import makers

__all__ = ["environ"]
pytestmark = pytest.mark.slow

KILLS, CLIENTS, ANSWERED = 6, 2, 30
DAY = 24 * 60 * 60
# Every row of a file, whose bytes are then compared with what was sent.
READ = """
import django, json; django.setup()
from guanshu.portal.models import AuditRecord, StoredFile
from guanshu.portal.queries.files import path_of
rows = StoredFile.objects.order_by("report__number", "serial").select_related("report")
noted = AuditRecord.objects.filter(action="upload_file").count()
print(json.dumps({
    "noted": noted,
    "rows": [[row.report.number, row.serial, row.sha256, path_of(row), row.superseded_at is None] for row in rows],
}))
"""


@dataclass
class Uploader:
    """One filler's browser: a file of its own after the other, sent again until it is answered."""

    session: str
    port: int
    acknowledged: list[bytes] = field(default_factory=list)
    broken: int = 0
    # Since when an upload is under way, None between two; how long the answered ones took.
    since: float | None = None
    took: list[float] = field(default_factory=list)

    def upload(self, data: bytes) -> None:
        """Upload one file and wait for the acknowledgement."""
        boundary = uuid.uuid4().hex
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="plan.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        body = head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
        until = time.monotonic() + 30
        while True:
            try:
                status, answer = self._post(body, boundary)
                break
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < until, "the server did not come back"
                self.broken += 1
                time.sleep(0.05)
        assert status == 200, answer
        self.acknowledged.append(data)

    def _post(self, body: bytes, boundary: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.connect()
            self.since = time.monotonic()
            headers = {
                "Accept": "application/json",
                "Content-Type": f"multipart/form-data; boundary={boundary}",
                "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
                "X-CSRFToken": TOKEN,
            }
            connection.request("POST", "/museum/files/plan/", body, headers)
            response = connection.getresponse()
            answer = response.status, response.read()
            self.took.append(time.monotonic() - self.since)
            return answer
        finally:
            self.since = None
            connection.close()


def guanshu(environ: dict[str, str], *words: str) -> dict[str, list[str]]:
    """Run a command that must find nothing wrong; return its JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "guanshu", *words, "--json"], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def run(environ: dict[str, str], code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], env=environ, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def lying(environ: dict[str, str]) -> set[Path]:
    """Return every file that uploads left below the server's folder, kept or arriving."""
    places = (Path(environ["GUANSHU_VAR"]) / name for name in ("files", "incoming"))
    return {path for place in places for path in place.rglob("*") if path.is_file()}


def document() -> bytes:
    """Return a PDF like no other, big enough to arrive in many pieces."""
    return makers.pdf() + b"\n%" + random.randbytes(random.randint(100_000, 1_500_000)).hex().encode() + b"\n%%EOF\n"


def test_killing_the_server_loses_no_acknowledged_upload(environ: dict[str, str]) -> None:
    sessions = run(environ, PREPARE.replace("make_cast()", 'make_cast("tiny-files")')).splitlines()
    server = Server(environ)
    clients = [Uploader(session, server.port) for session in sessions]
    assert len(clients) == CLIENTS
    failed: list[BaseException] = []
    over = threading.Event()

    def work(client: Uploader) -> None:
        try:
            while not over.is_set():
                client.upload(document())
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    try:
        for thread in threads:
            thread.start()
        _kill_now_and_then(server, clients, lambda: bool(failed))
        over.set()
        for thread in threads:
            thread.join()
    finally:
        over.set()
        server.stop()
    assert failed == []
    # The kills hit somebody: otherwise the test would prove nothing.
    assert sum(client.broken for client in clients) >= KILLS
    _sweep(environ, _compare(environ, clients))


def _kill_now_and_then(server: Server, clients: list[Uploader], failed: Callable[[], bool]) -> None:
    """Kill the server, each time some acknowledgements later, and later in an upload; half the times all of it."""
    for number in range(1, KILLS + 1):
        wanted = number * ANSWERED // KILLS
        while sum(len(client.acknowledged) for client in clients) < wanted and not failed():
            time.sleep(0.002)
        part = (number - random.random()) / KILLS
        while not any(_far_enough(client, part) for client in clients) and not failed():
            time.sleep(0.0005)
        server.kill(all_of_it=number % 2 == 1)


def _far_enough(client: Uploader, part: float) -> bool:
    """Return whether an upload is under way and has lasted this part of the time uploads usually take."""
    since, took = client.since, client.took
    return since is not None and bool(took) and time.monotonic() - since >= part * statistics.median(took)


def _compare(environ: dict[str, str], clients: list[Uploader]) -> set[Path]:
    """Look at every row, every byte and the whole trail; return the files that rows name."""
    assert guanshu(environ, "verify-audit") == {"problems": []}
    found = json.loads(run(environ, READ))
    assert found["noted"] == len(found["rows"])
    for number, client in zip(("2022-130600001", "2022-130100001"), clients, strict=True):
        rows = [row for row in found["rows"] if row[0] == number]
        sent = [hashlib.sha256(data).hexdigest() for data in client.acknowledged]
        # Each upload once and in order, though some were sent again after their row had been written.
        assert [row[2] for row in rows] == sent
        assert [row[1] for row in rows] == list(range(1, len(sent) + 1))
        assert [row[4] for row in rows] == [False] * (len(sent) - 1) + [True]
        for row, data in zip(rows, client.acknowledged, strict=True):
            assert Path(row[3]).read_bytes() == data
    return {Path(row[3]) for row in found["rows"]}


def _sweep(environ: dict[str, str], named: set[Path]) -> None:
    """Let a day pass: the sweep removes exactly what no row names."""
    # One more of each kind, so that the sweep has work even when no kill hit the narrow moments.
    folder = Path(environ["GUANSHU_VAR"])
    for name in (f"files/00/{uuid.UUID(int=1)}", "incoming/left.upload"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"half")
    orphans = lying(environ) - named
    # No row is without its bytes; what is younger than a day may still come to be named.
    assert guanshu(environ, "verify-files", "--sweep") == {"problems": [], "removed": []}
    assert lying(environ) == named | orphans
    for path in named | orphans:
        os.utime(path, (time.time() - 2 * DAY,) * 2)
    removed = guanshu(environ, "verify-files", "--sweep")["removed"]
    assert sorted(removed) == sorted(path.name for path in orphans)
    assert lying(environ) == named
    assert guanshu(environ, "verify-files") == {"problems": [], "removed": []}
