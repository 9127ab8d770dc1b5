"""A piece of work that is killed at each of its steps in turn: kill -9 in the middle, everywhere, on purpose.

Every run is a forked process with a database connection of its own. A step is what leaves a trace outside the process:
a piece of an upload received, a file opened, half written, synchronised, renamed or removed, a process started, a
statement that writes, a commit. The n-th run dies right before its n-th step; the last one gets through. Of pieces and
files that follow upon each other only the first is a step.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_FILES = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.chmod", "os.link"})
_WRITES = ("INSERT", "UPDATE", "DELETE")
_ALIKE = frozenset({"receive", "open", "os.mkdir"})
THROUGH = "through"


class _Steps:
    """Counts the steps of this process and kills it before the fatal one."""

    def __init__(self, fatal: int, told: int, place: Path) -> None:
        self._left, self._told, self._place = fatal, told, str(place)
        self._last = ""

    def step(self, name: str) -> None:
        if name == self._last and name in _ALIKE:
            return
        self._last = name
        if self._left == 0:
            os.write(self._told, name.encode())
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1

    def watch(self) -> None:
        """Take every step from now on through `step`."""
        from django.db import connection

        from guanshu.portal.web.shared.uploads import LimitedUploadHandler

        sys.addaudithook(self._heard)
        self._before(os, "fsync", "fsync")
        self._before(LimitedUploadHandler, "receive_data_chunk", "receive")
        Path.write_bytes = _in_halves(self.step)  # type: ignore[assignment,method-assign]
        connection.execute_wrappers.append(self._statement)
        commit: Callable[[], None] = connection._commit  # type: ignore[attr-defined]

        def committing() -> None:
            self.step("commit")
            commit()
            self.step("committed")

        connection._commit = committing  # type: ignore[attr-defined]

    def _before(self, owner: Any, name: str, step: str) -> None:
        real = getattr(owner, name)

        def counted(*args: Any, **options: Any) -> Any:
            self.step(step)
            return real(*args, **options)

        setattr(owner, name, counted)

    def _heard(self, event: str, args: tuple[Any, ...]) -> None:
        ours = event in _FILES and str(args[0]).startswith(self._place) and "sqlite3" not in str(args[0])
        if ours or event == "subprocess.Popen":
            self.step(event)

    def _statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(_WRITES):
            self.step(sql.split(maxsplit=1)[0])
        return execute(sql, params, many, context)


def _in_halves(step: Callable[[str], None]) -> Callable[[Path, bytes], int]:
    def write_bytes(path: Path, data: bytes) -> int:
        with path.open("wb", buffering=0) as file:
            file.write(data[: len(data) // 2])
            step("half")
            file.write(data[len(data) // 2 :])
        return len(data)

    return write_bytes


def tell(step: str) -> None:
    """Tell the test which steps there were."""
    sys.stdout.write(f"{step}\n")
    sys.stdout.flush()


def deaths(work: Callable[[], object], place: Path) -> Iterator[str]:
    """Yield the step before which each run died, and THROUGH when one came to its end. `place`: where files matter."""
    fatal = 0
    while (step := _run(work, fatal, place)) != THROUGH:
        yield step
        fatal += 1
    yield THROUGH


def close_connections() -> None:
    """Let go of the database: a forked process must not share a connection."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if getattr(connection, "pool", None):
            connection.close_pool()  # type: ignore[attr-defined]


def _run(work: Callable[[], object], fatal: int, place: Path) -> str:
    close_connections()
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        try:
            _Steps(fatal, told, place).watch()
            work()
            os.write(told, THROUGH.encode())
        except BaseException as error:
            os.write(told, f"! {error!r}".encode())
        os._exit(0)
    os.close(told)
    with os.fdopen(heard) as end:
        step = end.read()
    os.waitpid(child, 0)
    assert not step.startswith("!"), step
    return step
