"""`guanshu verify-audit`: walk the whole trail."""

import argparse

from guanshu.commands.setup import start_django
from guanshu.commands.shared import OK, PROBLEMS, say, say_json

NAME = "verify-audit"
HELP = "核对全部保存记录和审计记录，指出每一处被改动的内容"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --json."""
    parser.add_argument("--json", action="store_true", help="只输出 JSON，供程序读取")


def run(arguments: argparse.Namespace) -> int:
    """Print one line a problem; 1 when there is any."""
    start_django()
    from guanshu.portal.queries.verification import verify_audit

    problems = []
    for problem in verify_audit():
        problems.append(problem)
        if not arguments.json:
            say(problem)
    if arguments.json:
        say_json({"problems": problems})
    else:
        say(f"发现 {len(problems)} 处问题。" if problems else "全部记录完整，没有发现改动。")
    return PROBLEMS if problems else OK
