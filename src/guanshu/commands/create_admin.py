"""`guanshu create-admin`: an account of one of the three national duties."""

import argparse

from guanshu.commands.setup import start_django
from guanshu.commands.shared import OK, WrongUse, say

NAME = "create-admin"
HELP = "建立全国级账号：系统管理员、安全（运维）人员或安全审计员"
_ROLES = {"system": "系统管理员", "security": "运维人员", "audit": "安全审计员"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare role and name."""
    parser.add_argument("--role", choices=tuple(_ROLES), required=True, help="职责；三种职责不得由一人兼任")
    parser.add_argument("--username", metavar="账号", help="账号名，不写则与职责同名")


def run(arguments: argparse.Namespace) -> int:
    """Make the account and print its initial password once."""
    start_django()
    from guanshu.portal import clock
    from guanshu.portal.domain.accounts import create_admin

    name = arguments.username or arguments.role
    try:
        made = create_admin(role=arguments.role, username=name, actor="", now=clock.now())
    except ValueError as error:
        raise WrongUse(f"不能建立账号 {name}：{error}") from error
    say(f"账号：{made.account.username}（{_ROLES[arguments.role]}）")
    say(f"初始密码：{made.password}")
    say("密码只显示这一次，首次登录时必须修改。")
    return OK
