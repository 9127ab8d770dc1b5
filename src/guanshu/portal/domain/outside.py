"""Runs work in a niced process of its own under limits (survey.outside): documents, scans, pictures of pages."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from guanshu.portal.problems import BadFile, OperationProblem
from guanshu.survey.intake.limited import limited

_REFUSED = 3
# Two cores: more at a time would only take them from each other, and from the pages.
_turns = threading.BoundedSemaphore(2)
_MEGABYTES, _FILE_MEGABYTES, _PATIENCE = 3000, 200, 60
# Nobody's request waits for work that tells how far it is: sixty bad pages may take their time.
_LONG = 600
# What a process of ours may know of the environment: no keys, no database.
_PASSED = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV")
Told = Callable[[int, int], object]


class OutsideFailed(OperationProblem):
    """The process failed or took too long (503)."""

    code = "outside_failed"
    status = 503
    sentence = "文件处理没有完成，未作任何改动。请稍后重试；仍不成功请联系系统管理员。"


def run_outside(job: str, given: Mapping[str, Any], *, told: Told | None = None) -> bytes:
    """Return what the job answers. Raises BadFile with the job's sentence, OutsideFailed.

    told: hears how much of how much is done, from a job that tells so; it has ten minutes instead of one. What `told`
    raises ends the process and is raised. No database transaction may be held meanwhile, and no connection unless
    `told` needs it.
    """
    with _turn():
        done = _run(job, json.dumps(given).encode(), told, _LONG if told else _PATIENCE)
    if done.status == _REFUSED:
        code, message = json.loads(done.answer)
        raise BadFile(message, reason=code)
    if done.status:
        raise OutsideFailed from RuntimeError(done.errors[-2000:])
    return done.answer


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=_PATIENCE):
        raise OutsideFailed
    try:
        yield
    finally:
        _turns.release()


@dataclass(frozen=True, slots=True)
class _Done:
    status: int
    answer: bytes
    errors: str


def _run(job: str, given: bytes, told: Told | None, seconds: int) -> _Done:
    command = limited(
        [sys.executable, "-m", "guanshu.survey.outside", job],
        cpu=seconds,
        megabytes=_MEGABYTES,
        file_megabytes=_FILE_MEGABYTES,
    )
    environ = {name: os.environ[name] for name in _PASSED if name in os.environ} | {"LC_ALL": "C.UTF-8"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environ) as process:  # noqa: S603 - our own program, no shell
        try:
            return _listen(process, given, told, seconds)
        except subprocess.TimeoutExpired as error:
            raise OutsideFailed from error
        finally:
            # Nothing of it is left, whatever ended the waiting.
            process.kill()


def _listen(process: "subprocess.Popen[bytes]", given: bytes, told: Told | None, seconds: int) -> _Done:
    if told is None:
        out, err = process.communicate(given, timeout=seconds)
        return _Done(process.returncode, out, err.decode("utf-8", "replace"))
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None  # noqa: S101, PT018
    # A process that hangs is ended by the clock: its pipes close then, and whoever reads them goes on.
    clock = threading.Timer(seconds, process.kill)
    answer: list[bytes] = []
    reader = threading.Thread(target=lambda out: answer.append(out.read()), args=(process.stdout,), daemon=True)
    clock.start()
    reader.start()
    try:
        _hand_over(process.stdin, given)
        errors = "".join(_unheard(process.stderr, told))
        reader.join()
        return _Done(process.wait(), b"".join(answer), errors)
    finally:
        clock.cancel()


def _hand_over(stdin: IO[bytes], given: bytes) -> None:
    """Write what the process is given; one that died already has its status to tell why."""
    try:
        stdin.write(given)
        stdin.close()
    except BrokenPipeError:
        pass


def _unheard(stderr: IO[bytes], told: Told) -> Iterator[str]:
    """Let `told` hear every line that is progress, `[done, total]`; yield the others, which are of an error."""
    for line in stderr:
        try:
            done, total = map(int, json.loads(line))
        except (ValueError, TypeError):
            yield line.decode("utf-8", "replace")
        else:
            told(done, total)
