"""`guanshu reset-factor`: take the lost second factor of an account away."""

import argparse

from guanshu.commands.setup import start_django
from guanshu.commands.shared import OK, WrongUse, say

NAME = "reset-factor"
HELP = "重置账号的动态验证码（手机和恢复码都丢失时），下次登录须重新设置"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the account."""
    parser.add_argument("username", metavar="账号", help="要重置的账号")


def run(arguments: argparse.Namespace) -> int:
    """Take the factor away; the account's sessions end, and the trail says so."""
    start_django()
    from guanshu.portal import clock
    from guanshu.portal.domain.accounts import canonical_username
    from guanshu.portal.domain.factors import remove_factor
    from guanshu.portal.models import Account

    name = canonical_username(arguments.username)
    account = Account.objects.filter(username=name).first()
    if account is None:
        raise WrongUse(f"没有账号 {name}")
    if not remove_factor(account=account, actor="", now=clock.now()):
        raise WrongUse(f"账号 {name} 没有设置动态验证码，不需要重置")
    say(f"账号 {name} 的动态验证码已重置，所有设备均已退出；须使用动态验证码的账号下次登录时重新设置。")
    return OK
