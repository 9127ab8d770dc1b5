"""`guanshu restore`: read a backup back."""

import argparse

from guanshu.commands.setup import start_django
from guanshu.commands.shared import OK, WrongUse, existing_folder, say

NAME = "restore"
HELP = "把备份恢复到空的数据库中；先核对清单上的每个校验值"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the source."""
    parser.add_argument("folder", metavar="文件夹", type=existing_folder, help="guanshu backup 写成的文件夹")


def run(arguments: argparse.Namespace) -> int:
    """Verify and restore."""
    start_django()
    from guanshu.portal.domain.maintenance.backup import BackupProblem
    from guanshu.portal.domain.maintenance.restore import restore_backup

    try:
        manifest = restore_backup(source=arguments.folder)
    except BackupProblem as error:
        raise WrongUse(str(error)) from error
    say(f"已恢复 {manifest['made_at']} 的备份（{len(manifest['files'])} 个文件）。请用 guanshu verify-audit 核对。")
    return OK
