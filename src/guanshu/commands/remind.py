"""`guanshu remind`: one round of reminders and messages now; `guanshu worker` does the same every minute by itself."""

import argparse

from guanshu.commands.setup import start_django
from guanshu.commands.shared import OK, say, say_table

NAME = "remind"
HELP = "立即发送到期的催报短信（后台进程每分钟自动执行，一般不需要手动运行）"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --dry-run."""
    parser.add_argument("--dry-run", action="store_true", help="只列出会发给谁，不发送")


def run(arguments: argparse.Namespace) -> int:
    """Send what is due, or say what would be sent; numbers are masked."""
    start_django()
    from guanshu.portal import clock
    from guanshu.portal.domain.reminding import send_due_reminders
    from guanshu.portal.sms import deliver_waiting

    now = clock.now()
    if arguments.dry_run:
        return _list()
    batch = send_due_reminders(now=now)
    done = deliver_waiting(now=now)
    say(f"催报 {batch.sent} 条，没有手机号 {batch.no_phone} 条，不再需要 {batch.dropped} 条。")
    say(f"短信：已发送 {done.sent} 条，失败 {done.failed} 条，稍后重试 {done.waiting} 条。")
    return OK


def _list() -> int:
    from guanshu.portal import clock
    from guanshu.portal.domain.reminding.automatic import due_now
    from guanshu.portal.queries.reminders import PEOPLE

    found = due_now(now=clock.now())
    say_table(
        [
            (
                each.report.number,
                each.report.museum.name,
                each.due.rule.label,
                PEOPLE[each.due.recipient.value],
                each.phone.shown if each.phone else "没有手机号",
            )
            for each in found
        ]
    )
    say(f"现在应催报 {len(found)} 条。")
    return OK
