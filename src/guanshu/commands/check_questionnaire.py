"""`guanshu check-questionnaire`: read a questionnaire folder and name every mistake."""

import argparse

from guanshu.commands.shared import OK, PROBLEMS, complain, existing_folder, say, say_json
from guanshu.survey.checks.compiled import Compiled
from guanshu.survey.definition.model import TableKind
from guanshu.survey.loading import QuestionnaireError, load, read_folder

NAME = "check-questionnaire"
HELP = "检查调查表文件夹，逐条指出错误所在的文件、行、列和改法"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder and --json."""
    parser.add_argument(
        "folder", metavar="文件夹", type=existing_folder, help="调查表文件夹，如 questionnaires/museum-2022"
    )
    parser.add_argument("--json", action="store_true", help="只输出 JSON，供程序读取")


def run(arguments: argparse.Namespace) -> int:
    """Load the folder, print what it holds or what is wrong with it; 1 when anything is."""
    try:
        compiled = load(read_folder(arguments.folder))
    except QuestionnaireError as error:
        lines = [str(problem) for problem in error.problems]
        if arguments.json:
            say_json({**dict.fromkeys(_KEYS, 0), "problems": len(lines)})
            for line in lines:
                complain(line)
        else:
            for line in lines:
                say(line)
            say(f"发现 {len(lines)} 处错误，调查表不能使用。")
        return PROBLEMS
    counts = count(compiled)
    if arguments.json:
        say_json(counts)
    else:
        say(
            f"{compiled.questionnaire.title}：{counts['tables']} 张表，{counts['cells']} 个填报项，"
            f"{counts['rows_tables']} 张逐行填报的表，{counts['checks']} 条审核关系，"
            f"另有自动生成的 {counts['generated_checks']} 条；没有错误。"
        )
    return OK


_KEYS = ("tables", "cells", "rows_tables", "checks", "generated_checks")


def count(compiled: Compiled) -> dict[str, int]:
    """Return the numbers the command prints; `cells` are the typed ones outside rows tables."""
    questionnaire = compiled.questionnaire
    rows_tables = [table for table in questionnaire.tables if table.kind is TableKind.ROWS]
    generated = sum(check.generated for check in compiled.checks)
    return {
        "tables": len(questionnaire.tables),
        "cells": sum(
            cell.typed for table in questionnaire.tables if table.kind is not TableKind.ROWS for cell in table.cells
        ),
        "rows_tables": len(rows_tables),
        "checks": len(compiled.checks) - generated,
        "generated_checks": generated,
        "problems": 0,
    }
