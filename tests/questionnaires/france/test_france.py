"""A questionnaire unlike the first one runs on the same code: the French museums' attendance return."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from guanshu.survey.checks.compiled import Compiled, Context
from guanshu.survey.checks.findings import CheckClass, Finding
from guanshu.survey.definition.answers import Answers
from guanshu.survey.loading import load, read_folder
from guanshu.survey.values.missing import BLANK
from tests.questionnaires.france.convert import COLUMNS, convert, iso_date, main

HERE = Path(__file__).parent
EXCERPT = HERE / "excerpt.csv"
CONTEXT = Context(report_year=2021, params={}, last=None)


@pytest.fixture(scope="module")
def france() -> Compiled:
    return load(read_folder(HERE.parent.parent.parent / "questionnaires" / "france-museums"))


@pytest.fixture(scope="module")
def answers(france: Compiled) -> dict[str, Answers]:
    cells = france.questionnaire.cells
    with EXCERPT.open(encoding="utf-8-sig", newline="") as lines:
        converted = list(convert(lines))
    return {
        line["org"]: Answers(cells={name: cells[name].type.parse(line[name]) for name in COLUMNS}) for line in converted
    }


def test_every_museum_and_year_has_a_name_of_its_own(answers: dict[str, Answers]) -> None:
    with EXCERPT.open(encoding="utf-8-sig") as lines:
        assert len(answers) == len(lines.readlines()) - 1
    assert {"7134201-2002", "7134201-2002-2", "6912301-2008-2"} <= set(answers)


def test_exactly_one_total_is_not_the_sum_of_its_parts(france: Compiled, answers: dict[str, Answers]) -> None:
    found: dict[str, tuple[Finding, ...]] = {
        org: findings for org, one in answers.items() if (findings := france.evaluate(one, CONTEXT).findings)
    }
    assert list(found) == ["0608808-2019"]
    [finding] = found["0608808-2019"]
    assert (finding.check, finding.cls, finding.table) == ("B-01", CheckClass.MANDATORY, "B")


def test_unknown_is_no_pass(france: Compiled, answers: dict[str, Answers]) -> None:
    counts: Counter[str] = Counter()
    for one in answers.values():
        for verdict, count in zip(("true", "false", "unknown"), france.coverage(one, CONTEXT)["B-01"], strict=True):
            counts[verdict] += count
    figures = [[one.cells[name] for name in ("paid", "free", "total")] for one in answers.values()]
    complete = [three for three in figures if BLANK not in three]
    assert counts["false"] == 1
    assert counts["true"] == len(complete) - 1
    assert counts["unknown"] == len(answers) - len(complete) > 0


def test_the_ministry_writes_dates_in_two_ways() -> None:
    assert (iso_date("01/02/2003"), iso_date("2003-02-01 00:00:00"), iso_date("")) == ("2003-02-01", "2003-02-01", "")


def test_the_answers_file_has_one_line_each(answers: dict[str, Answers]) -> None:
    out = io.StringIO()
    main(str(EXCERPT), out)
    lines = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [line["org"] for line in lines] == list(answers)
    assert lines[0].keys() == {"org", *COLUMNS}
