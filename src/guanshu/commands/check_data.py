"""`guanshu check-data`: run every check over a file of answers, without a database."""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from guanshu.commands.shared import (
    OK,
    PROBLEMS,
    WrongUse,
    complain,
    existing_file,
    existing_folder,
    say,
    say_json,
    say_table,
)
from guanshu.survey.checks.compiled import Compiled
from guanshu.survey.checks.findings import Finding
from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.interchange.batch import Outcome, new_outcome, run_checks
from guanshu.survey.interchange.files import Bundle, open_csv
from guanshu.survey.interchange.reading import Organisation
from guanshu.survey.interchange.sheet import ReadProblem, SheetProblem
from guanshu.survey.loading import QuestionnaireError, load, read_folder

NAME = "check-data"
HELP = "用调查表的全部审核关系检查一个数据文件（不需要数据库）"
# Beyond this a list of unreadable values helps nobody.
_LISTED = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, the answers, last year's answers and the findings file."""
    parser.add_argument("folder", metavar="文件夹", type=existing_folder, help="调查表文件夹")
    parser.add_argument(
        "answers",
        metavar="数据.csv",
        type=existing_file,
        help="每行一个单位，org 列为单位编号，其余列以指标名为列名；逐行填报的表放在 数据.表名.csv 中",
    )
    parser.add_argument("--last", metavar="上年.csv", type=existing_file, help="上年数据，格式相同，按 org 对应")
    parser.add_argument("--findings", metavar="结果.csv", type=Path, help="把审核结果逐条写入这个文件")
    parser.add_argument("--json", action="store_true", help="只输出 JSON，供程序读取")


def run(arguments: argparse.Namespace) -> int:
    """Check the file and print the counts; 1 when there are findings or values that cannot be read."""
    try:
        compiled = load(read_folder(arguments.folder))
    except QuestionnaireError as error:
        for problem in error.problems:
            complain(str(problem))
        raise WrongUse(f"调查表有 {len(error.problems)} 处错误，请先用 check-questionnaire 检查") from error
    outcome = new_outcome(compiled)
    try:
        last = _last(compiled.questionnaire, arguments.last, outcome)
        data = open_csv(compiled.questionnaire, arguments.answers)
        outcome.problems += data.problems
        findings = run_checks(compiled, _progress(data, compiled.questionnaire), last, outcome)
        _consume(findings, arguments.findings)
    except SheetProblem as error:
        raise WrongUse(str(error)) from error
    _report(compiled, outcome, as_json=arguments.json)
    return PROBLEMS if outcome.findings or outcome.problems else OK


def _last(questionnaire: Questionnaire, path: Path | None, outcome: Outcome) -> dict[str, Answers]:
    """Return last year's answers by organisation."""
    if path is None:
        return {}
    data = open_csv(questionnaire, path)
    outcome.problems += data.problems
    answers = {}
    for organisation in data.organisations(questionnaire):
        outcome.problems += organisation.problems
        answers[organisation.org] = organisation.answers
    return answers


def _progress(data: Bundle, questionnaire: Questionnaire) -> Iterable[Organisation]:
    """Return the organisations, with a progress bar on stderr when somebody is watching."""
    organisations = data.organisations(questionnaire)
    if not sys.stderr.isatty():
        return organisations
    from tqdm import tqdm

    return tqdm(organisations, desc="检查", unit="个单位", file=sys.stderr)


def _consume(findings: Iterator[tuple[str, Finding]], path: Path | None) -> None:
    """Run the checks, writing each finding to the file if one is wanted."""
    with _writer(path) as write:
        for org, finding in findings:
            write(
                [org, finding.check, finding.cls.value, finding.scope, "|".join(finding.cells), finding.message]
                if path
                else []
            )


@contextmanager
def _writer(path: Path | None):  # type: ignore[no-untyped-def]
    if path is None:
        yield lambda _row: None
        return
    # With BOM: Excel takes Chinese for another encoding without it.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["org", "check", "class", "row", "cells", "message"])
        yield writer.writerow


def _report(compiled: Compiled, outcome: Outcome, *, as_json: bool) -> None:
    """Print the counts per check, and the values that cannot be read on stderr."""
    _complain_about(outcome.problems)
    checks = [(check.id, check.cls.value, outcome.tallies[check.id]) for check in compiled.checks]
    if as_json:
        say_json(
            {
                "organisations": outcome.organisations,
                "checks": [
                    {"id": name, "class": cls, "true": tally.true, "false": tally.false, "unknown": tally.unknown}
                    for name, cls, tally in checks
                ],
                "findings": outcome.findings,
                "problems": len(outcome.problems),
            }
        )
        return
    head = ("审核关系", "类别", "成立", "不成立", "无法判断")
    say_table([head, *((name, cls, str(t.true), str(t.false), str(t.unknown)) for name, cls, t in checks)])
    say(
        f"共 {outcome.organisations} 个单位，审核结果 {outcome.findings} 条，"
        f"不能读取的内容 {len(outcome.problems)} 处。"
    )


def _complain_about(problems: list[ReadProblem]) -> None:
    for problem in problems[:_LISTED]:
        complain(str(problem))
    if len(problems) > _LISTED:
        complain(f"……另有 {len(problems) - _LISTED} 处未列出")
