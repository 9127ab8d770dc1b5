"""`guanshu verify-audit`: walk the whole trail."""

import argparse
import re

from guanshu.commands.setup import start_django
from guanshu.commands.shared import OK, PROBLEMS, say, say_json

NAME = "verify-audit"
HELP = "核对全部保存记录和审计记录，指出每一处被改动的内容"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --seal and --json."""
    parser.add_argument(
        "--seal",
        metavar="编号:校验值",
        type=_seal,
        action="append",
        default=[],
        help="回执或备份上的封印，如 12:9F3A0C41；可以给出多次",
    )
    parser.add_argument("--json", action="store_true", help="只输出 JSON，供程序读取")


def _seal(text: str) -> tuple[int, str]:
    """Return the number and the first digits of a seal as receipts print it (an argparse type)."""
    found = re.fullmatch(r"(\d{1,9})[:：]([0-9a-fA-F]{8,64})", re.sub(r"\s", "", text))
    if found is None:
        raise argparse.ArgumentTypeError(f"「{text}」不是封印，应写作 编号:校验值（至少 8 位），如 12:9F3A0C41")
    return int(found[1]), found[2].lower()


def run(arguments: argparse.Namespace) -> int:
    """Print one line a problem; 1 when there is any."""
    start_django()
    from guanshu.portal.domain.sealing.verifying import verify_everything

    problems = []
    for problem in verify_everything(seals=arguments.seal):
        problems.append(problem)
        if not arguments.json:
            say(problem)
    if arguments.json:
        say_json({"problems": problems})
    else:
        say(f"发现 {len(problems)} 处问题。" if problems else "全部记录完整，没有发现改动。")
    return PROBLEMS if problems else OK
