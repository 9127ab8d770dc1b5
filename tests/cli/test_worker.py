"""The worker process for real: it runs what waits, and a kill -9 in the middle loses nothing."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Installation

ROOT = Path(__file__).parents[2]
ASK = """
from guanshu.commands.setup import start_django; start_django()
from datetime import timedelta
from guanshu.portal import clock
from guanshu.portal.domain.jobs import start_job
from guanshu.portal.models import Job
{what}
"""


def script(place: Installation, what: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", ASK.format(what=what)],
        env=place.environ, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.2)
    return False


def test_a_killed_worker_is_followed_by_another_that_finishes(install: Callable[[str], Installation]) -> None:
    place = install("one")
    assert place.run("migrate").returncode == 0
    place.place.mkdir(exist_ok=True)
    marks = place.place / "marks"
    arguments = f"dict(marks={str(marks)!r}, seconds=60)"
    script(place, f"start_job(kind='slow', key='a', actor=None, arguments={arguments}, now=clock.now())")
    command = [sys.executable, "-m", "tests.portal.jobs.slow"]
    environ = {**place.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
    first = subprocess.Popen(command, env=environ, cwd=ROOT)
    try:
        assert wait_for(lambda: marks.is_file() and marks.read_text() == "1\n")
    finally:
        first.kill()
        first.wait()
    # Nobody waits a minute in a test: the silence is made longer instead.
    script(place, "Job.objects.update(beat_at=clock.now() - timedelta(minutes=2))")
    second = subprocess.Popen(command, env=environ, cwd=ROOT)
    try:
        state = "found = Job.objects.get(); print(found.state, found.result)"
        assert wait_for(lambda: script(place, state) == "done {'tries': 2}")
    finally:
        second.terminate()
        assert second.wait(30) == 0
