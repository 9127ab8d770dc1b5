"""Runs servers as children: passes signals on, starts them again when they die, and never leaves one behind."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType

from guanshu.commands.shared import OK, PROBLEMS, complain

_FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1)
_STOPPING = (signal.SIGTERM, signal.SIGINT)
# More deaths than this within a minute mean that starting again does not help.
_DEATHS = 5
_PR_SET_PDEATHSIG = 1
_POLL = 0.2
_PATIENCE = 30


def supervise(commands: Mapping[str, Sequence[str]]) -> int:
    """Run each `python -m command` (by the name people know it by) until told to stop.

    Returns 0 then, 1 when one of them cannot stay alive; the others are stopped first. A child that ends by itself
    with 0 wanted a fresh process and gets one.
    """
    return _Supervisor([_Child(name, command) for name, command in commands.items()]).run()


class _Child:
    """One server: its process, and how often it died of late."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self._command = [sys.executable, "-m", *command]
        self._process: subprocess.Popen[bytes] | None = None
        self._deaths: list[float] = []
        self._not_before = 0.0

    def keep_alive(self) -> bool:
        """Start the process if there is none; return False when that does not help any more."""
        if self._process is None:
            if time.monotonic() >= self._not_before:
                # A group of its own: Ctrl-C reaches the child once, through us.
                self._process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
                    self._command,
                    process_group=0,
                    preexec_fn=_die_with_parent,  # noqa: PLW1509
                )
            return True
        status = self._process.poll()
        return status is None or self._died(status)

    def _died(self, status: int) -> bool:
        self._process = None
        if status == 0:
            return True
        now = time.monotonic()
        self._deaths = [moment for moment in self._deaths if now - moment < 60] + [now]
        if len(self._deaths) >= _DEATHS:
            complain(f"{self.name}连续启动失败，已停止。原因见上面的信息。")
            return False
        complain(f"{self.name}意外退出（{status}），正在重新启动。")
        self._not_before = now + 1
        return True

    def send(self, number: int) -> None:
        """Pass a signal on, if there is anybody to get it."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def wait(self) -> None:
        """Wait until the process has ended; one that does not is killed."""
        if self._process is None:
            return
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Supervisor:
    """The children and what has been asked of them."""

    def __init__(self, children: Sequence[_Child]) -> None:
        self._children = children
        self._stopping = False

    def run(self) -> int:
        """Start the children, again and again if need be, and wait."""
        for number in _FORWARDED:
            signal.signal(number, self._forward)
        alive = True
        while alive and not self._stopping:
            alive = all(child.keep_alive() for child in self._children)
            time.sleep(_POLL)
        # Also those started between a signal and now.
        self._tell(signal.SIGTERM)
        for child in self._children:
            child.wait()
        return OK if alive else PROBLEMS

    def _forward(self, number: int, _frame: FrameType | None) -> None:
        if number in _STOPPING:
            self._stopping = True
        else:
            self._tell(number)

    def _tell(self, number: int) -> None:
        for child in self._children:
            child.send(number)


def _die_with_parent() -> None:
    """Ask Linux to stop this process when its parent is killed, so that the port is free again."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
