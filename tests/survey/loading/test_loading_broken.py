"""A folder full of mistakes is refused, and every mistake is named with file, line, column and cure."""

from pathlib import Path

import pytest

from guanshu.survey.definition.source import Problem
from guanshu.survey.loading import QuestionnaireError, load, load_definition, read_folder

BROKEN = Path("tests/questionnaires/broken")

PLANTED = [
    # file, line, column, a word of the message, a word of the cure
    ("questionnaire.toml", 7, 1, "museum_nam", "museum_name"),
    ("questionnaire.toml", 8, 1, "land_area」是数字", "改指另一格"),
    ("questionnaire.toml", 9, 1, "nmae", "name"),
    ("tables.csv", 3, 1, "1月2日", "1-2"),
    ("tables.csv", 5, 14, "row", "rows"),
    ("tables.csv", 6, 1, "缺少文件 tables/1-5.csv", "加上此文件"),
    ("choices.csv", 3, 7, "province", "改成另一个"),
    ("tables/1-1.csv", 1, 35, "prefil", "prefill"),
    ("tables/1-1.csv", 3, 1, "丢了开头的 0", "02"),
    ("tables/1-1.csv", 3, 27, "land_aera", "land_area"),
    ("tables/1-1.csv", 4, 14, "没有选项表「levle」，是否应为「level」", "type"),
    ("tables/1-1.csv", 5, 17, "没有类型「dat」，是否应为「date」", "type"),
    ("tables/1-1.csv", 6, 4, "保留字", "if_value"),
    ("tables/1-1.csv", 7, 4, "Area", "小写字母"),
    ("tables/1-1.csv", 8, 4, "museum_name」重复", "改成另一个"),
    ("tables/1-1.csv", 9, 19, "#NAME?", "设为文本"),
    ("tables/1-1.csv", 10, 20, "等号开头", "去掉"),
    ("tables/1-3.rows.csv", 3, 8, "totl", "total"),
    ("tables/1-3.cells.csv", 2, 1, "owner", "own"),
    ("tables/1-4.totals.csv", 1, 1, "分号", "CSV UTF-8"),
    ("tables/9-9.csv", 1, 1, "不属于任何一张表", "删去此文件"),
]
# Mistakes in formulas and checks, named in the same run.
PLANTED_IN_FORMULAS = [
    ("tables/1-2.csv", 2, "days_a"),
    ("tables/1-2.csv", 3, "loop_a"),
    ("checks/1-1.rules", 1, "平方米"),
    ("checks/1-1.rules", 4, "landarea"),
    ("checks/1-1.rules", 6, "1-1-02"),
]


@pytest.fixture(scope="module")
def found() -> list[Problem]:
    questionnaire, problems = load_definition(read_folder(BROKEN))
    assert questionnaire is None
    return problems


@pytest.mark.parametrize(("file", "line", "column", "message", "cure"), PLANTED)
def test_each_mistake_is_named(
    found: list[Problem], file: str, line: int, column: int, message: str, cure: str
) -> None:
    here = [problem for problem in found if (problem.file, problem.line, problem.column) == (file, line, column)]
    assert any(message in problem.message and cure in problem.cure for problem in here), found


def test_nothing_is_named_that_is_no_mistake(found: list[Problem]) -> None:
    places = {(file, line, column) for file, line, column, _, _ in PLANTED}
    assert [str(problem) for problem in found if (problem.file, problem.line, problem.column) not in places] == []


def test_one_run_names_the_mistakes_in_formulas_too() -> None:
    with pytest.raises(QuestionnaireError) as caught:
        load(read_folder(BROKEN))
    problems = caught.value.problems
    # One mistake, one message: no echoes of a mistake already named.
    assert len(problems) == len(PLANTED) + len(PLANTED_IN_FORMULAS)
    for file, line, word in PLANTED_IN_FORMULAS:
        here = [problem for problem in problems if (problem.file, problem.line) == (file, line)]
        assert any(word in problem.message + problem.cure for problem in here), (file, line, word, problems)
    assert all(problem.column >= 1 and problem.message and problem.cure for problem in problems)
    assert problems == tuple(sorted(problems))
    assert str(problems[0]) in str(caught.value)
