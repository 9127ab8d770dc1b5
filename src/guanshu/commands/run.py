"""`guanshu run`: the web server and the worker, prepared and supervised."""

import argparse
import os
import socket
from pathlib import Path

from guanshu.commands.setup import start_django
from guanshu.commands.shared import WrongUse, say
from guanshu.commands.supervisor import supervise

NAME = "run"
HELP = "启动网站：更新数据库结构、准备静态文件，然后运行并看护网页服务和后台任务"
DEMO_DAY = "demo-today"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare address and size."""
    parser.add_argument("--host", metavar="地址", default="127.0.0.1", help="监听地址，默认 127.0.0.1（前面放 nginx）")
    parser.add_argument("--port", metavar="端口", type=int, default=8000, help="监听端口，默认 8000")
    parser.add_argument("--workers", metavar="个数", type=int, default=2, help="工作进程数，默认 2，每个 32 个线程")


# A password's hash takes 9 MiB. Left to itself glibc soon keeps such a block for every thread that ever needed one:
# half a gigabyte after a busy morning. With two arenas the threads take turns at the same blocks.
SERVER_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}


def run(arguments: argparse.Namespace) -> int:
    """Prepare everything, then serve until told to stop."""
    _set_demo_day()
    start_django()
    from django.conf import settings

    from guanshu.portal.domain.maintenance import database

    _check_port(arguments.host, arguments.port)
    database.migrate()
    if database.is_demo() and not settings.DEMO:
        raise WrongUse("这个数据库是 guanshu demo 建立的，账号密码是公开的，不能作为正式系统运行")
    database.collect_static()
    say(f"网站地址：http://{arguments.host}:{arguments.port}/ （Ctrl-C 停止）")
    os.environ.update(SERVER_ENVIRONMENT)
    web = server_command(arguments.host, arguments.port, arguments.workers)
    return supervise({"网页服务": web, "后台任务": ["guanshu", "worker"]})


def server_command(host: str, port: int, workers: int) -> list[str]:
    """Return the arguments of gunicorn: threads, because a slow upload must not hold up the others."""
    return [
        "gunicorn",
        "guanshu.portal.wsgi:application",
        f"--bind={host}:{port}",
        f"--workers={workers}",
        "--worker-class=gthread",
        "--threads=32",
        "--timeout=60",
        "--graceful-timeout=20",
        "--keep-alive=5",
        "--log-level=warning",
        "--no-control-socket",
    ]


def _set_demo_day() -> None:
    """Let the demo live on the day `guanshu demo --today` chose, unless the environment says otherwise."""
    path = Path(os.environ.get("GUANSHU_VAR", "var")) / DEMO_DAY
    if os.environ.get("GUANSHU_DEMO") == "1" and path.is_file():
        os.environ.setdefault("GUANSHU_TODAY", path.read_text().strip())


def _check_port(host: str, port: int) -> None:
    """Raise WrongUse when somebody else listens there already; gunicorn would only try again and again."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise WrongUse(f"不能使用 {host}:{port}（{error}），请用 --port 换一个端口") from error
