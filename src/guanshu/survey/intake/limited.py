"""Runs a program under limits; as a file: `python -I -S limited.py CPU_SECONDS MEGABYTES FILE_MEGABYTES program …`.

A wrapper of its own, because code between fork and exec is unsafe in a process with threads. Standard library only.
"""

import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path


def limited(program: Sequence[str], *, cpu: int, megabytes: int, file_megabytes: int = 0) -> list[str]:
    """Return the command that runs a program niced, with so many seconds, so much memory and files no larger."""
    return [sys.executable, "-I", "-S", str(Path(__file__)), str(cpu), str(megabytes), str(file_megabytes), *program]


def main(arguments: list[str]) -> None:
    """Set the limits on this process and become the program."""
    cpu, megabytes, file_megabytes = map(int, arguments[:3])
    for what, most in (
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_AS, megabytes << 20),
        (resource.RLIMIT_FSIZE, file_megabytes << 20),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 128),
    ):
        resource.setrlimit(what, (most, most))
    os.nice(10)
    os.execv(arguments[3], arguments[3:])  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(sys.argv[1:])
