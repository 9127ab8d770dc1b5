"""kill -9 of the real worker in the middle of a scan's check: the next one checks it from the beginning."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.portal.test_kill import environ

__all__ = ["environ"]
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
HOLD = """
import django; django.setup()
from guanshu.portal import clock
from guanshu.portal.domain.maintenance.database import migrate
migrate()
from guanshu.portal.domain.scanholding import hold_scan
from guanshu.portal.domain.stamping import version_pdf
from tests.cast import make_cast
from tests.portal.files.test_stamping import freeze, joined, pages_of
cast = make_cast("tiny-files")
pages = pages_of(version_pdf(freeze(cast)))
hold_scan(report=cast.report(), uploads=[joined(pages * 8)], actor=cast.reviewer, now=clock.now())
"""
READ = """
import django, json; django.setup()
from guanshu.portal.models import HeldScan, Job, StampedScan
job = Job.objects.get()
print(json.dumps([job.state, job.done, job.tries, HeldScan.objects.get().state, StampedScan.objects.count()]))
"""
SILENT = """
import django; django.setup()
from datetime import timedelta
from guanshu.portal import clock
from guanshu.portal.models import Job
Job.objects.update(beat_at=clock.now() - timedelta(minutes=2))
"""


def script(environ: dict[str, str], what: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", what], env=environ, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def wait_for(environ: dict[str, str], column: int, *wanted: object) -> list[object]:
    """Read until the column has one of these values, or has passed the number."""
    until = time.monotonic() + 120
    while True:
        found: list[object] = json.loads(script(environ, READ))
        if found[column] in wanted:
            return found
        assert time.monotonic() < until, found
        time.sleep(0.1)


def test_a_check_whose_worker_was_killed_is_done_by_the_next(environ: dict[str, str]) -> None:
    script(environ, HOLD)
    command = [sys.executable, "-m", "guanshu", "worker"]
    first = subprocess.Popen(command, env=environ, cwd=ROOT)
    try:
        state, done, *_ = wait_for(environ, 1, *range(1, 1000))
        assert (state, done) != ("done", 0)
    finally:
        first.kill()
        first.wait()
    assert wait_for(environ, 0, "running")[2:] == [1, "checking", 0]
    script(environ, SILENT)
    second = subprocess.Popen(command, env=environ, cwd=ROOT)
    try:
        assert wait_for(environ, 0, "done", "failed")[2:] == [2, "accepted", 1]
    finally:
        second.terminate()
        assert second.wait(60) == 0
