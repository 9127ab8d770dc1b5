"""kill -9 before every single step of an upload: received, checked, synchronised, renamed, its row, after its row."""

import subprocess
import sys

import pytest

from tests.portal.test_kill import environ

__all__ = ["environ"]
pytestmark = pytest.mark.slow

_KEPT = ["fsync", "os.rename", "INSERT", "commit", "committed"]
# What each kind of upload goes through, in this order, among other steps.
WAYS = {
    "attachment": ["receive", "open", *_KEPT, "os.remove", "through"],
    "scan": ["receive", "subprocess.Popen", *_KEPT, "os.link", "subprocess.Popen", *_KEPT, "os.remove", "through"],
    "exemption": ["receive", "open", *_KEPT, "through"],
    "pdf": ["subprocess.Popen", "open", "half", "fsync", "os.rename", "fsync", "through"],
}


@pytest.mark.parametrize("kind", WAYS)
def test_killed_before_any_step_an_upload_leaves_nothing_half_done(environ: dict[str, str], kind: str) -> None:
    """What is looked at after each kill stands in dying_uploads."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.portal.files.dying_uploads", kind],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    steps = iter(done.stdout.split())
    for wanted in WAYS[kind]:
        assert wanted in steps, f"{wanted} is no step of {done.stdout.split()}"
