"""The formulas that cells and tables carry (calc, applies, required, na), typed and compiled."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from guanshu.survey.checks import parser, typed
from guanshu.survey.checks.infer import KIND_NAMES, Inference, Mode
from guanshu.survey.checks.names import FORM, Names, Scope
from guanshu.survey.checks.place import Located, Mistake
from guanshu.survey.checks.typed import Typed
from guanshu.survey.checks.units import spell
from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind
from guanshu.survey.definition.source import Problem, Source
from guanshu.survey.values.base import Kind

# A table, a form cell or a column of a rows table: ("table", name, ""), ("cell", name, ""), ("column", table, name).
Key = tuple[str, str, str]


@dataclass
class Formulas:
    """All typed formulas of one questionnaire, by what they belong to."""

    calc: dict[Key, Typed] = field(default_factory=dict)
    applies: dict[Key, Typed] = field(default_factory=dict)
    required: dict[Key, Typed] = field(default_factory=dict)
    na: dict[Key, Typed] = field(default_factory=dict)
    sources: dict[Key, Source] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def cell_key(table: Table, cell: Cell) -> Key:
    """Return the key of a cell: a form cell, or a column of a rows table. Raises nothing."""
    if table.kind is TableKind.ROWS and any(cell is column for column in table.cells):
        return ("column", table.name, cell.name)
    return ("cell", cell.name, "")


def all_cells(questionnaire: Questionnaire) -> Iterator[tuple[Key, Table, Cell]]:
    """Yield every cell, columns and totals of rows tables included. Raises nothing."""
    for table in questionnaire.tables:
        for cell in (*table.cells, *table.totals):
            yield cell_key(table, cell), table, cell


def read_formulas(names: Names) -> Formulas:
    """Return the formulas of a questionnaire. This function will gather mistakes in `problems`. Raises nothing."""
    found = Formulas()
    for table in names.questionnaire.tables:
        key = ("table", table.name, "")
        _condition(names, FORM, key, table.applies, into=found.applies, found=found)
        _condition(names, FORM, key, table.na, into=found.na, found=found)
    for key, table, cell in all_cells(names.questionnaire):
        scope = Scope(table) if key[0] == "column" else FORM
        for value, into in ((cell.applies, found.applies), (cell.required, found.required), (cell.na, found.na)):
            _condition(names, scope, key, value, into=into, found=found)
        if cell.calc is not None:
            _calc(names, _calc_scope(table, cell, key), key, cell, cell.calc, found=found)
    return found


def _calc_scope(table: Table, cell: Cell, key: Key) -> Scope:
    if key[0] == "column":
        return Scope(table)
    if cell.calc_scope == "rows":
        return Scope(table, cell.column, by_column=True)
    return Scope(table, cell.row) if cell.calc_scope == "columns" else FORM


def _condition(
    names: Names, scope: Scope, key: Key, value: bool | Source, *, into: dict[Key, Typed], found: Formulas
) -> None:
    if not isinstance(value, Source):
        return
    inference = Inference(names, scope, Mode.CONDITION)
    located = Located.of(value)
    try:
        into[key] = inference.verdict(parser.parse(value.text))
    except Mistake as mistake:
        inference.mistakes.append(mistake)
    found.sources.setdefault(key, value)
    found.problems.extend(located.problem(item.offset, item.message, item.cure) for item in inference.mistakes)


def _calc(names: Names, scope: Scope, key: Key, cell: Cell, calc: Source, *, found: Formulas) -> None:
    inference = Inference(names, scope, Mode.CALC)
    located = Located.of(calc)
    wanted = names.type_of(cell)
    try:
        result = inference.infer(parser.parse(calc.text), wanted)
        _fits(inference, result, cell, wanted)
        found.calc[key] = result
    except Mistake as mistake:
        inference.mistakes.append(mistake)
    found.sources[key] = calc
    found.problems.extend(located.problem(item.offset, item.message, item.cure) for item in inference.mistakes)


def _fits(inference: Inference, result: Typed, cell: Cell, wanted: typed.Type) -> None:
    kind = result.type.kind
    if kind is None or wanted.kind is None:
        return
    if kind is not wanted.kind or wanted.kind is Kind.MULTI:
        message = f"公式的结果是{KIND_NAMES[kind]}，指标“{cell.label}”是{KIND_NAMES[wanted.kind]}"
        inference.report(0, message, "改公式或改指标的类型")
    elif result.type.choices != wanted.choices:
        inference.report(0, "公式结果的选项表与指标的不同", "用指标自己的选项")
    elif kind is Kind.NUMBER and not inference.names.units.same(result.type.unit, wanted.unit):
        message = f"单位不一致：公式的结果是 {spell(result.type.unit)}，指标“{cell.label}”是 {spell(wanted.unit)}"
        inference.report(0, message, "检查公式，或改指标的单位")
