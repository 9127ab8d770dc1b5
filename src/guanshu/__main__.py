"""The `guanshu` command, also `python -m guanshu`."""

import sys
from collections.abc import Sequence

from guanshu.commands import (
    backup,
    check_data,
    check_deploy,
    check_questionnaire,
    create_admin,
    demo,
    export,
    import_reports,
    migrate,
    remind,
    reset_factor,
    restore,
    run,
    verify_audit,
    verify_files,
    worker,
)
from guanshu.commands.shared import WRONG_USE, Command, Parser, WrongUse, complain

_COMMANDS: tuple[Command, ...] = (
    run,
    worker,
    demo,
    check_questionnaire,
    check_data,
    import_reports,
    export,
    create_admin,
    migrate,
    backup,
    restore,
    verify_audit,
    verify_files,
    check_deploy,
    remind,
    reset_factor,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command named on the command line and return its exit status: 0 ok, 1 problems found, 2 wrong use."""
    parser = Parser(prog="guanshu", description="馆数：科技馆体系数据采集系统")
    commands = parser.add_subparsers(title="命令", metavar="命令", dest="command", required=True, parser_class=Parser)
    for command in _COMMANDS:
        subparser = commands.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    given = parser.parse_args(arguments)
    try:
        return int(given.run(given))
    except WrongUse as error:
        complain(f"无法执行：{error}")
        return WRONG_USE


if __name__ == "__main__":
    sys.exit(main())
