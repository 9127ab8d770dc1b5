"""Runs a program under limits: `python -I -S limited.py CPU_SECONDS MEGABYTES program …`. Standard library only.

A wrapper of its own, because code between fork and exec is unsafe in a process with threads.
"""

import os
import resource
import sys


def main(arguments: list[str]) -> None:
    """Set the limits on this process and become the program."""
    cpu, megabytes = int(arguments[0]), int(arguments[1])
    for what, most in (
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_AS, megabytes * 1024 * 1024),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (most, most))
    os.nice(10)
    os.execv(arguments[2], arguments[2:])  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(sys.argv[1:])
