"""Runs work in a niced process of its own under limits (survey.outside): documents, scans, pictures of pages."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

from guanshu.portal.problems import BadFile, OperationProblem
from guanshu.survey.intake.limited import limited

_REFUSED = 3
# Two cores: more at a time would only take them from each other, and from the pages.
_turns = threading.BoundedSemaphore(2)
_CPU_SECONDS, _MEGABYTES, _FILE_MEGABYTES, _PATIENCE = 60, 3000, 200, 60
# What a process of ours may know of the environment: no keys, no database.
_PASSED = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV")


class OutsideFailed(OperationProblem):
    """The process failed or took too long (503)."""

    code = "outside_failed"
    status = 503
    sentence = "文件处理没有完成，未作任何改动。请稍后重试；仍不成功请联系系统管理员。"


def run_outside(job: str, given: Mapping[str, Any]) -> bytes:
    """Return what the job answers. Raises BadFile with the job's sentence, OutsideFailed.

    No database connection or transaction may be held meanwhile.
    """
    command = limited(
        [sys.executable, "-m", "guanshu.survey.outside", job],
        cpu=_CPU_SECONDS,
        megabytes=_MEGABYTES,
        file_megabytes=_FILE_MEGABYTES,
    )
    environ = {name: os.environ[name] for name in _PASSED if name in os.environ} | {"LC_ALL": "C.UTF-8"}
    if not _turns.acquire(timeout=_PATIENCE):
        raise OutsideFailed
    try:
        done = subprocess.run(  # noqa: S603 - our own program, no shell
            command, input=json.dumps(given).encode(), capture_output=True, env=environ, check=False, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        raise OutsideFailed from error
    finally:
        _turns.release()
    if done.returncode == _REFUSED:
        code, message = json.loads(done.stdout)
        raise BadFile(message, reason=code)
    if done.returncode:
        raise OutsideFailed from RuntimeError(done.stderr.decode("utf-8", "replace")[-2000:])
    return done.stdout
