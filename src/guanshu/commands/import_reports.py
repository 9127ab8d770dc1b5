"""`guanshu import-reports`: reports of a closed year from a file."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from guanshu.commands.setup import start_django
from guanshu.commands.shared import OK, PROBLEMS, WrongUse, complain, existing_file, existing_folder, say, say_json

if TYPE_CHECKING:
    from guanshu.portal.domain.importing import ImportResult

NAME = "import-reports"
HELP = "导入已结束年度的报表（默认只预览；加 --apply 才写入）"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare year, questionnaire and file."""
    parser.add_argument(
        "file", metavar="数据.csv|xlsx", type=existing_file, help="每行一馆，org 列为九位馆编号、报表编号或馆名"
    )
    parser.add_argument(
        "--mapping", metavar="对照表.csv", type=existing_file, help="数据列名与本系统单元的对照（列：column,cell）"
    )
    parser.add_argument("--year", metavar="年度", type=int, required=True, help="数据所属年度，须已结束")
    parser.add_argument("--questionnaire", metavar="文件夹", type=existing_folder, help="该年度尚未建立时所用的调查表")
    parser.add_argument("--apply", action="store_true", help="写入数据库")
    parser.add_argument("--json", action="store_true", help="只输出 JSON，供程序读取")


def run(arguments: argparse.Namespace) -> int:
    """Preview or import; 1 when a line could not be taken over."""
    start_django()
    from guanshu.portal import clock
    from guanshu.portal.domain.importing import import_reports
    from guanshu.portal.problems import OperationProblem
    from guanshu.survey.interchange.sheet import SheetProblem
    from guanshu.survey.loading import QuestionnaireError, read_folder

    folder: Path | None = arguments.questionnaire
    try:
        result = import_reports(
            year=arguments.year,
            path=arguments.file,
            files=read_folder(folder) if folder else None,
            write=arguments.apply,
            mapping=arguments.mapping,
            now=clock.now(),
        )
    except QuestionnaireError as error:
        raise WrongUse(f"调查表有 {len(error.problems)} 处错误，请先用 check-questionnaire 检查") from error
    except (OperationProblem, SheetProblem) as error:
        raise WrongUse(str(error)) from error
    _report(result, arguments)
    return PROBLEMS if result.errors else OK


def _report(result: "ImportResult", arguments: argparse.Namespace) -> None:
    for error in result.errors:
        complain(str(error))
    if arguments.json:
        counts = {"new": result.new, "changed": result.changed, "unchanged": result.unchanged, "people": result.people}
        say_json({**counts, "errors": len(result.errors), "applied": arguments.apply})
        return
    say(f"{arguments.year} 年度：新增 {result.new} 馆，变更 {result.changed} 馆，未变 {result.unchanged} 馆。")
    if result.people:
        say(f"填报人、审核人的姓名和手机：登记 {result.people} 个账号。")
    say(f"不能导入的内容 {len(result.errors)} 处{'（见上）' if result.errors else ''}。")
    if not arguments.apply:
        say("这是预览，没有写入。核对无误后加 --apply 再执行一次。")
