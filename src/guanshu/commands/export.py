"""`guanshu export`: the annual workbook."""

import argparse
from pathlib import Path

from guanshu.commands.setup import start_django
from guanshu.commands.shared import OK, WrongUse, say

NAME = "export"
HELP = "导出年度基础信息（Excel，全部字段）"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare year, filters and target."""
    parser.add_argument("file", metavar="输出.xlsx", type=Path, help="写到哪个文件；写文件夹则用规定的文件名")
    parser.add_argument("--year", metavar="年度", type=int, required=True, help="统计年度")
    parser.add_argument("--free", action="store_true", help="只导出免费开放科技馆")
    parser.add_argument("--submitted", action="store_true", help="只导出已提交省级科协的科技馆")
    parser.add_argument("--actor", default="", help=argparse.SUPPRESS)
    parser.add_argument("--province", metavar="代码", default="", help="省级账号的前两位数字，如 13")


def run(arguments: argparse.Namespace) -> int:
    """Write the workbook; the export is recorded in the audit trail."""
    start_django()
    from guanshu.portal import clock
    from guanshu.portal.domain.exporting import export_workbook
    from guanshu.portal.problems import OperationProblem
    from guanshu.portal.queries.exports import find_province

    try:
        exported = export_workbook(
            year=arguments.year,
            province=find_province(arguments.province) if arguments.province else None,
            free=arguments.free,
            unsubmitted=not arguments.submitted,
            actor=arguments.actor,
            now=clock.now(),
        )
    except OperationProblem as error:
        raise WrongUse(error.message) from error
    target: Path = arguments.file
    if target.is_dir():
        target /= exported.name
    try:
        target.write_bytes(exported.data)
    except OSError as error:
        raise WrongUse(f"不能写入 {target}：{error}") from error
    say(f"已导出 {exported.count} 馆：{target}（{exported.name}）")
    return OK
