"""Runs a server as a child: passes signals on, starts it again when it dies, and never leaves it behind."""

import ctypes
import signal
import subprocess
import sys
import time
from types import FrameType

from guanshu.commands.shared import OK, PROBLEMS, complain

_FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1)
_STOPPING = (signal.SIGTERM, signal.SIGINT)
# More deaths than this within a minute mean that starting again does not help.
_DEATHS = 5
_PR_SET_PDEATHSIG = 1


def supervise(command: list[str]) -> int:
    """Run `python -m command` until it is told to stop; return 0 then, 1 when it cannot stay alive."""
    return _Supervisor(command).run()


class _Supervisor:
    """The child and what has been asked of it."""

    def __init__(self, command: list[str]) -> None:
        self._command = [sys.executable, "-m", *command]
        self._child: subprocess.Popen[bytes] | None = None
        self._stopping = False

    def run(self) -> int:
        """Start the child, again and again if need be, and wait."""
        for number in _FORWARDED:
            signal.signal(number, self._forward)
        deaths: list[float] = []
        while not self._stopping:
            # A group of its own: Ctrl-C reaches the child once, through us.
            self._child = subprocess.Popen(  # noqa: S603
                self._command,
                process_group=0,
                preexec_fn=_die_with_parent,  # noqa: PLW1509
            )
            status = self._child.wait()
            if self._stopping:
                break
            now = time.monotonic()
            deaths = [moment for moment in deaths if now - moment < 60] + [now]
            if len(deaths) >= _DEATHS:
                complain("网页服务连续启动失败，已停止。原因见上面的信息。")
                return PROBLEMS
            complain(f"网页服务意外退出（{status}），正在重新启动。")
            time.sleep(1)
        return OK

    def _forward(self, number: int, _frame: FrameType | None) -> None:
        if number in _STOPPING:
            self._stopping = True
        if self._child is not None and self._child.poll() is None:
            self._child.send_signal(number)


def _die_with_parent() -> None:
    """Ask Linux to stop this process when its parent is killed, so that the port is free again."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
