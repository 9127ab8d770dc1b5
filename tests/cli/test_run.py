"""`guanshu run`: serves, stops when told, leaves nothing behind when killed."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.cli.conftest import Installation

Install = Callable[[str], Installation]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as response:
        return bool(response.status == 200)
    return False


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.2)
    return False


@contextmanager
def serving(place: Installation, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "guanshu", "run", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(command, env={**place.environ, "GUANSHU_DEMO": "1"}, stdout=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: answers(port))
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()


def test_it_serves_and_stops_when_told(install: Install) -> None:
    port = free_port()
    with serving(install("one"), port) as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert not answers(port)


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux to end children with their parent")
def test_a_killed_supervisor_leaves_no_server_behind(install: Install) -> None:
    port = free_port()
    with serving(install("one"), port) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert wait_until(lambda: not answers(port), 30)


def test_a_taken_port_is_named(install: Install) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = install("one").run("run", "--port", str(port), GUANSHU_DEMO="1")
    assert refused.returncode == 2
    assert f"127.0.0.1:{port}" in refused.stderr
