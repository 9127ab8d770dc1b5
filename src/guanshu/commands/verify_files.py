"""`guanshu verify-files`: are the kept files there, and what they were."""

import argparse

from guanshu.commands.setup import start_django
from guanshu.commands.shared import OK, PROBLEMS, say, say_json

NAME = "verify-files"
HELP = "核对全部上传文件，指出缺失或被改动的文件"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --json and --sweep."""
    parser.add_argument("--json", action="store_true", help="只输出 JSON，供程序读取")
    parser.add_argument("--sweep", action="store_true", help="同时清除一天以前中断的上传留下的无主文件")


def run(arguments: argparse.Namespace) -> int:
    """Print one line a problem; 1 when there is any."""
    start_django()
    from guanshu.portal import clock
    from guanshu.portal.domain.vault import sweep
    from guanshu.portal.queries.files import verify_files

    problems = []
    for problem in verify_files():
        problems.append(problem)
        if not arguments.json:
            say(problem)
    removed = sweep(now=clock.now()) if arguments.sweep else []
    if arguments.json:
        say_json({"problems": problems, "removed": removed})
        return PROBLEMS if problems else OK
    if removed:
        say(f"清除了 {len(removed)} 个无主文件。")
    say(f"发现 {len(problems)} 处问题。" if problems else "全部文件完整，没有发现改动。")
    return PROBLEMS if problems else OK
