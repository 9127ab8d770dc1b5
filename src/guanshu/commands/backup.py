"""`guanshu backup`: a consistent copy of everything."""

import argparse
from pathlib import Path

from guanshu.commands.setup import start_django
from guanshu.commands.shared import OK, WrongUse, say

NAME = "backup"
HELP = "把数据库和附件备份到一个空文件夹，附清单和校验值（密钥不在其中，请另行保管）"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the target."""
    parser.add_argument("folder", metavar="文件夹", type=Path, help="备份到哪里；须为空或不存在")


def run(arguments: argparse.Namespace) -> int:
    """Write the backup."""
    start_django()
    from guanshu.portal import clock
    from guanshu.portal.domain.maintenance.backup import BackupProblem, make_backup

    try:
        manifest = make_backup(target=arguments.folder, now=clock.now())
    except BackupProblem as error:
        raise WrongUse(str(error)) from error
    if seal := manifest["seal"]:
        say(f"最新封印：第 {seal['number']} 号，{seal['hash'][:16].upper()}。请抄录到备份之外，日后核对用。")
    say(f"备份完成：{len(manifest['files'])} 个文件，清单为 {arguments.folder / 'manifest.json'}。")
    return OK
