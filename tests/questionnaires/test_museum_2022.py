"""The questionnaire of 2022: it loads, it is as large as the outline says, and every check of it can become false."""

from collections import Counter

import pytest

from guanshu.survey.checks.compiled import Compiled, Context
from guanshu.survey.checks.findings import CheckClass, Evaluation
from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind
from guanshu.survey.loading import load, read_folder
from tests.questionnaires.museum_2022 import FOLDER, Case, cases, changed, consistent

CONTEXT = Context(report_year=2022, params={}, last=None)


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return load(read_folder(FOLDER))


@pytest.fixture(scope="module")
def q(compiled: Compiled) -> Questionnaire:
    return compiled.questionnaire


@pytest.fixture(scope="module")
def usual(compiled: Compiled) -> Evaluation:
    return compiled.evaluate(consistent().answers(compiled.questionnaire), CONTEXT)


def everything(table: Table) -> tuple[Cell, ...]:
    return (*table.cells, *table.totals)


def test_it_has_the_tables_of_the_outline(q: Questionnaire) -> None:
    kinds = Counter(table.kind for table in q.tables)
    assert kinds == {TableKind.LIST: 18, TableKind.MATRIX: 5, TableKind.ROWS: 7}
    assert len({table.group for table in q.tables}) == 7


def test_it_has_the_cells_of_the_outline(q: Questionnaire) -> None:
    typed = [cell for cell in q.cells.values() if cell.typed]
    from_register = [cell for cell in typed if cell.prefill and cell.prefill.source == "register"]
    assert len(typed) - len(from_register) == 326
    assert len(from_register) == 3


def test_it_has_the_checks_of_the_outline(compiled: Compiled) -> None:
    named = [check for check in compiled.checks if not check.generated]
    assert len(named) >= 150
    assert {check.cls for check in named} == set(CheckClass)
    assert all(check.id.startswith(f"{check.table}-") for check in named)


def test_every_cell_is_explained(q: Questionnaire) -> None:
    lines = [line for table in q.tables for line in (*table.rows, *table.columns)]
    cells = [cell for table in q.tables if table.kind is not TableKind.MATRIX for cell in everything(table)]
    assert [item.name for item in (*cells, *lines) if not item.help.endswith("。")] == []


def test_every_choice_list_is_used(q: Questionnaire) -> None:
    used = {cell.type.name.partition("(")[2].rstrip(")") for table in q.tables for cell in everything(table)}
    assert set(q.choices) <= used


def test_every_role_names_a_cell(q: Questionnaire) -> None:
    assert set(q.roles.values()) <= set(q.cells)


def test_cells_that_decide_money_are_tagged(q: Questionnaire) -> None:
    tagged = {cell.name for table in q.tables for cell in everything(table) if "subsidy" in cell.tags}
    deciding = {
        "edu_area", "visit_total__visitors", "exhibits_new", "exhibits_updated", "edu_total__sessions",
        "temporary_count", "web_visits", "exhibits_asset", "income_total", "expense_total",
    }  # fmt: skip
    assert deciding <= tagged


def test_people_are_personal(q: Questionnaire) -> None:
    personal = {cell.name for cell in q.cells.values() if cell.personal}
    people = ("filler", "reviewer", "leader")
    assert personal == {
        f"{who}_{what}" for who in people for what in ("name", "phone", "mobile", "email") if f"{who}_{what}" in q.cells
    }


def test_the_consistent_museum_misses_nothing_and_has_no_finding(usual: Evaluation) -> None:
    assert [state.missing for state in usual.states.values() if not state.complete] == []
    assert [f"{finding.key} {finding.message}" for finding in usual.findings] == []


def test_the_consistent_museum_answers_every_cell(q: Questionnaire) -> None:
    given = consistent().cells
    assert set(given) == {cell.name for cell in q.cells.values() if cell.typed}


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_check_becomes_false(compiled: Compiled, case: Case) -> None:
    now, last = changed(compiled.questionnaire, case)
    evaluation = compiled.evaluate(now, Context(report_year=2022, params={}, last=last))
    assert {finding.check for finding in evaluation.findings} == set(case.expected)


def test_every_check_has_a_case(compiled: Compiled) -> None:
    named = {check.id for check in compiled.checks if not check.generated}
    assert named - {case.expected[0] for case in cases()} == set()


def test_year_on_year_checks_can_be_switched_off(compiled: Compiled) -> None:
    switches = {name: False for name in compiled.questionnaire.params if name.startswith("yoy_")}
    assert switches
    switched = [case for case in cases() if any(f"param.{name}" in text_of(compiled, case) for name in switches)]
    assert len(switched) >= 30
    for case in switched:
        now, last = changed(compiled.questionnaire, case)
        evaluation = compiled.evaluate(now, Context(report_year=2022, params=switches, last=last))
        assert case.expected[0] not in {finding.check for finding in evaluation.findings}


def text_of(compiled: Compiled, case: Case) -> str:
    return compiled.check_by_id[case.expected[0]].text


def test_a_paying_museum_sees_no_subsidy_tables(compiled: Compiled) -> None:
    draft = consistent()
    draft.cells["is_free"] = "否"
    evaluation = compiled.evaluate(draft.answers(compiled.questionnaire), CONTEXT)
    assert {"2-6", "2-8", "free_report"} <= evaluation.hidden
