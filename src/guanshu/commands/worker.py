"""`guanshu worker`: runs what goes on behind the pages. `guanshu run` starts and watches one by itself."""

import argparse

from guanshu.commands.setup import start_django
from guanshu.commands.shared import OK

NAME = "worker"
HELP = "运行后台任务和定时任务（guanshu run 会自动启动并看护一个）"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take none."""


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001
    """Work until told to stop, or until it is time for a fresh process."""
    start_django()
    from guanshu.portal.domain.jobs.working import work

    work()
    return OK
