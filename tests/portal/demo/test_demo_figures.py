"""Demo figures drawn from data files: exact, the same every time, and mostly what the checks want."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanshu.portal.domain.demo.apportion import by_weights, into_matrix
from guanshu.portal.domain.demo.figures import Draft, draw
from guanshu.portal.domain.demo.places import places
from guanshu.portal.domain.demo.recipes import Line
from guanshu.portal.domain.demo.reports import Recipes, draw_report
from guanshu.survey.checks.compiled import Compiled, Context
from guanshu.survey.checks.findings import CheckClass
from guanshu.survey.definition.answers import Answers
from guanshu.survey.loading import load, read_folder

ROOT = Path(__file__).parents[3]


def line(cell: str, recipe: str, *, when: str = "", steady: bool = False, places: int = 0) -> Line:
    return Line(cell, when, steady, places, recipe, "test")


def drawn(*lines: Line, year: int = 2022, last: dict[str, Decimal] | None = None) -> Draft:
    draft = Draft("seed", year, {"level": "city", "city": "保定市"}, {}, last)
    draw(draft, lines)
    return draft


@given(st.integers(0, 10**7), st.lists(st.floats(0, 100), min_size=1, max_size=9), st.integers(0, 2))
def test_parts_add_up_to_the_whole(whole: int, weights: list[float], scale: int) -> None:
    total = Decimal(whole).scaleb(-scale)
    parts = by_weights(total, weights, scale)
    assert sum(parts) == total
    assert min(parts) >= 0


@given(st.lists(st.integers(0, 60), min_size=1, max_size=5), st.data())
def test_a_matrix_has_the_margins_it_was_given(rows: list[int], data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.floats(0.1, 9), min_size=1, max_size=5))
    columns = [int(part) for part in by_weights(Decimal(sum(rows)), weights, 0)]
    cells = into_matrix(rows, columns)
    assert [sum(row) for row in cells] == rows
    assert [sum(column) for column in zip(*cells, strict=True)] == columns


def test_the_same_museum_and_year_always_get_the_same() -> None:
    recipe = line("visits", "range 100 90000")
    assert drawn(recipe).values == drawn(recipe).values
    assert drawn(recipe).values != drawn(recipe, year=2021).values


def test_steady_figures_do_not_drift() -> None:
    recipe = line("area", "range 100 90000", steady=True)
    assert drawn(recipe).values == drawn(recipe, year=2021).values


def test_conditions_choose_between_lines() -> None:
    found = drawn(line("a", "text 1", when="level=county"), line("a", "text 2", when="level=city"))
    assert found.values == {"a": "2"}


def test_last_year_is_carried_on() -> None:
    recipe = line("before", "last total else range 5 5", steady=True)
    assert drawn(recipe).numbers == {"before": 5}
    assert drawn(recipe, last={"total": Decimal(77)}).numbers == {"before": 77}


def test_a_broken_recipe_names_its_line() -> None:
    with pytest.raises(ValueError, match="test: "):
        drawn(line("a", "share 1 2 of nothing"))


def test_places_are_real_and_different() -> None:
    found = places(400)
    assert (found[0].code, found[0].museum_name) == ("130600", "保定市科技馆（演示）")
    assert len({place.code for place in found}) == len({place.museum_name for place in found[:64]}) + 336
    assert len({place.unit for place in found[:64]}) == 32
    assert all("市辖区" not in place.museum_name for place in found)


@pytest.fixture(scope="module")
def form() -> Compiled:
    return load(read_folder(ROOT / "questionnaires" / "museum-2022"))


@pytest.fixture(scope="module")
def recipes() -> Recipes:
    return Recipes.read(ROOT / "demo" / "museum-2022")


@pytest.mark.parametrize("level", ["province", "city", "county"])
@pytest.mark.parametrize("free", ["yes", "no"])
def test_whole_reports_are_complete_and_block_nowhere(form: Compiled, recipes: Recipes, level: str, free: str) -> None:
    facts = {"code": f"1306{level}", "level": level, "free": free, "city": "保定市", "division": "130606"}
    facts |= {"name": "馆", "short": "馆", "supervisor": "科协", "serial": "0001"}
    questionnaire, last_report, last = form.questionnaire, None, None
    for year in (2021, 2022):
        report = draw_report(questionnaire, recipes, facts, year, last_report)
        answers = report.answers()
        roles = {"name": "馆", "level": level, "free": free == "yes"}
        register = {questionnaire.roles[role]: value for role, value in roles.items()}
        answers = Answers({**answers.cells, **register}, answers.rows, answers.none, answers.na)
        evaluation = form.evaluate(answers, Context(report_year=year, last=last))
        files = {cell.name for table in questionnaire.tables for cell in table.form_cells if cell.type.name == "file"}
        missing = [address for state in evaluation.states.values() for address in state.missing]
        assert set(missing) <= files
        blocking = [f for f in evaluation.findings if f.cls in {CheckClass.MANDATORY, CheckClass.QUASI}]
        assert blocking == []
        assert len(evaluation.findings) <= 4
        last_report, last = report, Answers(dict(evaluation.values), answers.rows, answers.none, answers.na)
