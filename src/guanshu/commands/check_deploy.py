"""`guanshu check-deploy`: may this installation be opened?"""

import argparse
import os
from pathlib import Path

from guanshu.commands.setup import start_django
from guanshu.commands.shared import OK, PROBLEMS, WrongUse, say, say_json

NAME = "check-deploy"
HELP = "检查部署是否安全：设置、密钥、文件权限、数据库、时间"
_ENV_FILES = (Path("/etc/guanshu.env"), Path("/etc/guanshu-keys.env"))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --env-file and --json."""
    parser.add_argument(
        "--env-file",
        metavar="文件",
        type=Path,
        action="append",
        help="存放环境变量的文件，可以给出多次；默认 /etc/guanshu.env 和 /etc/guanshu-keys.env",
    )
    parser.add_argument("--json", action="store_true", help="只输出 JSON，供程序读取")


def run(arguments: argparse.Namespace) -> int:
    """Print one line a point; 1 when one of them is a problem, 0 when there are hints at most."""
    try:
        start_django()
    except WrongUse as refused:
        return _told([{"code": "settings", "problem": True, "message": str(refused)}], as_json=arguments.json)
    from guanshu.portal import clock
    from guanshu.portal.domain.maintenance.deploycheck import check_deployment

    points = check_deployment(environ=os.environ, env_files=arguments.env_file or _ENV_FILES, now=clock.now())
    found = [{"code": each.code, "problem": each.problem, "message": each.sentence} for each in points]
    return _told(found, as_json=arguments.json)


def _told(points: list[dict[str, object]], *, as_json: bool) -> int:
    problems = [point for point in points if point["problem"]]
    if as_json:
        say_json({"problems": problems, "hints": [point for point in points if not point["problem"]]})
        return PROBLEMS if problems else OK
    for point in points:
        say(f"{'问题' if point['problem'] else '提示'}：{point['message']}")
    say(f"发现 {len(problems)} 处问题，处理后再对外开放。" if problems else "没有发现问题。")
    return PROBLEMS if problems else OK
