"""`guanshu create-admin`: an account of one of the three national duties."""

import argparse

from guanshu.commands.setup import start_django
from guanshu.commands.shared import OK, WrongUse, say
from guanshu.survey.values.contacts import is_mobile

NAME = "create-admin"
HELP = "建立全国级账号：系统管理员、安全（运维）人员或安全审计员"
_NAMES = "账号名为 3 至 20 个字母、数字、点或横线，以字母开头，且不能与省级或馆账号相像"
_ROLES = {"system": "系统管理员", "security": "运维人员", "audit": "安全审计员"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare role and name."""
    parser.add_argument("--role", choices=tuple(_ROLES), required=True, help="职责；三种职责不得由一人兼任")
    parser.add_argument("--username", metavar="账号", help="账号名，不写则与职责同名")
    parser.add_argument("--name", metavar="姓名", required=True, help="持有人姓名")
    # Without a number nobody could tell that one person holds two duties.
    parser.add_argument("--phone", metavar="手机号", required=True, help="持有人手机号；同一手机号不能有两种职责")


def run(arguments: argparse.Namespace) -> int:
    """Make the account and print its initial password once."""
    start_django()
    from django.db import transaction

    from guanshu.portal import clock
    from guanshu.portal.domain.accounts import canonical_username, create_admin
    from guanshu.portal.domain.people import set_person
    from guanshu.portal.models import Account
    from guanshu.portal.problems import OtherDuty
    from guanshu.portal.queries.people import Person

    name, now = arguments.username or arguments.role, clock.now()
    person = Person(arguments.name, arguments.phone)
    if not is_mobile(person.phone):
        raise WrongUse("手机号应为 11 位数字")
    try:
        with transaction.atomic():
            made = create_admin(role=arguments.role, username=name, actor="", now=now)
            set_person(account=made.account, person=person, actor="", source="command", now=now)
    except OtherDuty as error:
        raise WrongUse(error.message) from error
    except ValueError as error:
        taken = Account.objects.filter(username=canonical_username(name)).exists()
        raise WrongUse(f"不能建立账号 {name}：{'已有同名账号' if taken else _NAMES}") from error
    say(f"账号：{made.account.username}（{_ROLES[arguments.role]}）")
    say(f"初始密码：{made.password}")
    say("密码只显示这一次，首次登录时必须修改。")
    return OK
