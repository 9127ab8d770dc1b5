"""Evaluating again after a change must find exactly what evaluating anew finds, whatever was changed."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from guanshu.survey.checks.compiled import Compiled, Context
from guanshu.survey.checks.findings import Evaluation
from guanshu.survey.definition.answers import Answers, Row
from guanshu.survey.definition.model import Cell, TableKind
from guanshu.survey.loading import load, read_folder
from guanshu.survey.values.base import Kind, Value
from guanshu.survey.values.missing import BLANK, NA
from tests.survey.checks import forms

FOLDER = Path(__file__).parents[3] / "questionnaires" / "museum-2022"


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return load(read_folder(FOLDER))


def _value(compiled: Compiled, cell: Cell, source: random.Random) -> Value:
    if source.random() < 0.1:
        return BLANK
    if cell.na is not False and source.random() < 0.2:
        return NA
    kind = cell.type.kind
    if kind is Kind.NUMBER:
        places = {"dec1": 1, "dec2": 2, "sdec2": 2}.get(cell.type.name, 0)
        return Decimal(source.choice([0, 1, 7, 120, 120, 3500])).scaleb(-places)
    if kind in {Kind.DATE, Kind.MONTH}:
        return date(source.choice([1999, 2021, 2022]), source.randint(1, 12), 1)
    if kind is Kind.BOOL:
        return source.random() < 0.5
    options = getattr(cell.type, "options", ())
    if kind is Kind.CHOICE:
        return str(source.choice(options).code)
    if kind is Kind.MULTI:
        return tuple(option.code for option in options if source.random() < 0.3) or BLANK
    return BLANK if kind is Kind.FILE else source.choice(["甲", "乙"])


def _random(compiled: Compiled, source: random.Random) -> Answers:
    answers = Answers()
    for _ in range(1500):
        answers = _edited(compiled, answers, source)
    return answers


def _edited(compiled: Compiled, answers: Answers, source: random.Random) -> Answers:
    """Return the answers with one thing changed: a cell, a row, a tick or an explanation."""
    form = compiled.questionnaire
    rows_tables = [table for table in form.tables if table.kind is TableKind.ROWS]
    match source.randrange(13):
        case 0:
            table = source.choice(rows_tables)
            row = Row(f"k{source.randrange(99)}", {c.name: _value(compiled, c, source) for c in table.cells if c.typed})
            return replace(answers, rows={**answers.rows, table.name: (*answers.rows.get(table.name, ()), row)})
        case 1:
            table = source.choice(rows_tables)
            return replace(answers, rows={**answers.rows, table.name: answers.rows.get(table.name, ())[1:]})
        case 12:
            # The same content in another row: only the id tells.
            table = source.choice(rows_tables)
            rows = [Row(f"k{source.randrange(99)}", row.cells) for row in answers.rows.get(table.name, ())]
            return replace(answers, rows={**answers.rows, table.name: tuple(rows)})
        case 2:
            return replace(answers, none=answers.none ^ {source.choice(rows_tables).name})
        case 3:
            numbers = [table.number for table in form.tables if table.na is not False]
            return replace(answers, na=answers.na ^ {source.choice(numbers)})
        case 4:
            check = source.choice(compiled.checks).id
            return replace(answers, explanations={**answers.explanations, check: source.choice(["", "经核对属实无误"])})
        case _:
            cell = source.choice([cell for cell in form.cells.values() if cell.typed])
            return replace(answers, cells={**answers.cells, cell.name: _value(compiled, cell, source)})


@pytest.mark.parametrize("seed", range(6))
def test_evaluating_again_equals_evaluating_anew(compiled: Compiled, seed: int) -> None:
    source = random.Random(seed)
    answers, last = _random(compiled, source), _random(compiled, source)
    contexts = [Context(2022), Context(2022, {}, last), Context(2021, {"open_days_min": Decimal(100)}, last)]
    context = contexts[1]
    before: Evaluation | None = None
    found: set[str] = set()
    for step in range(120):
        for _ in range(source.choice([1, 1, 1, 5])):
            answers = _edited(compiled, answers, source)
        if step % 15 == 14:
            context = source.choice(contexts)
        again = compiled.evaluate(answers, context, before)
        assert again == compiled.evaluate(answers, context)
        found.update(finding.check for finding in again.findings)
        before = again
    assert len(found) > 50


def test_only_checks_that_read_the_change_are_run(compiled: Compiled, monkeypatch: pytest.MonkeyPatch) -> None:
    source = random.Random(1)
    answers = _random(compiled, source)
    before = compiled.evaluate(answers, Context(2022))
    ran: list[int] = []
    watched = tuple(
        (index, bound, lambda v, place=place, run=run: (ran.append(place), run(v))[1])
        for place, (index, bound, run) in enumerate(compiled.form_runs)
    )
    monkeypatch.setitem(compiled.__dict__, "form_runs", watched)
    land = replace(answers, cells={**answers.cells, "land_area": Decimal("4.00")})
    compiled.evaluate(land, Context(2022), before)
    assert 0 < len(ran) < 20


def test_an_evaluation_of_another_questionnaire_is_not_taken_over(compiled: Compiled) -> None:
    other = load(read_folder(Path(__file__).parents[2] / "questionnaires" / "tiny-save"))
    before = other.evaluate(Answers(), Context(2022))
    assert compiled.evaluate(Answers(), Context(2022), before) == compiled.evaluate(Answers(), Context(2022))


def test_a_message_that_names_another_cell_is_said_anew_when_that_cell_changes() -> None:
    q = forms.questionnaire(forms.list_table("1-1", "t", "a: int 人\nb: int 人\nc: int 人"))
    made = forms.compiled(q, "1-1-01 强制性: a <= b\n    另见 {c}。\n")
    before = made.evaluate(forms.answers(a=2, b=1, c=5), forms.context())
    again = made.evaluate(forms.answers(a=2, b=1, c=7), forms.context(), before)
    assert [finding.message for finding in again.findings] == ["另见 7 人。"]
