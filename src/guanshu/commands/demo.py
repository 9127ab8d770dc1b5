"""`guanshu demo`: fill the database with a campaign one can play with."""

import argparse
import os
from datetime import date
from pathlib import Path

from guanshu.commands.setup import start_django
from guanshu.commands.shared import OK, WrongUse, say

NAME = "demo"
HELP = "建立演示数据：2022 年度填报、32 个省级账号和若干科技馆（只用于演示）"
DEFAULT_DAY = "2023-02-04"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare size and day."""
    parser.add_argument("--museums", metavar="个数", type=int, default=64, help="科技馆个数，默认 64")
    parser.add_argument("--today", metavar="日期", type=_day, default=None, help=f"演示中的“今天”，默认 {DEFAULT_DAY}")


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def run(arguments: argparse.Namespace) -> int:
    """Make the demo unless it is there already, and print its accounts."""
    # Asking for the demo is asking for demo mode, but never on top of settings made for a real installation.
    if os.environ.get("GUANSHU_DEMO") != "1":
        if os.environ.get("GUANSHU_SECRET_KEY") or os.environ.get("GUANSHU_DEMO"):
            raise WrongUse("演示数据只能在演示模式下建立，请设置 GUANSHU_DEMO=1（不要用在正式系统上）")
        os.environ["GUANSHU_DEMO"] = "1"
    kept = Path(os.environ.get("GUANSHU_VAR", "var")) / "demo-today"
    day = arguments.today or (kept.read_text().strip() if kept.is_file() else DEFAULT_DAY)
    os.environ["GUANSHU_TODAY"] = day
    start_django()
    from guanshu.portal import clock
    from guanshu.portal.domain.demo.making import make_demo
    from guanshu.portal.domain.demo.members import DemoProblem
    from guanshu.portal.domain.demo.password import DEMO_PASSWORD
    from guanshu.portal.domain.maintenance.database import is_demo, migrate

    migrate()
    if not is_demo():
        say("正在建立演示数据，约需一分钟，请稍候。")
    try:
        made = make_demo(museums=arguments.museums, now=clock.now())
    except DemoProblem as error:
        raise WrongUse(str(error)) from error
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(day)
    say(f"演示数据已建立：{made} 座科技馆。" if made else "演示数据已在，未作改动。")
    say(f"演示中的今天：{day}")
    say("账号：B130600001 填报人、C130600001 审核人、A130000001 省级、national 全国、auditor 审计、operations 运维")
    say(f"密码：{DEMO_PASSWORD}（全部演示账号相同）")
    return OK
