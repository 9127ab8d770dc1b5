"""A report's figures as a table on a screen that nobody can type in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guanshu.portal.queries.reports import OpenReport
from guanshu.survey.definition.model import Cell, Line, Table, TableKind
from guanshu.survey.values.base import Kind, Value
from guanshu.survey.values.missing import BLANK

# Shown instead of names and telephone numbers: looking a figure up is no reason to read them.
MASKED = "已填（个人信息不在此显示）"


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry: its text, whether it is a number, whether nothing was answered."""

    text: str
    number: bool = False
    blank: bool = False


LIST_HEADS = (Shown("指标"), Shown("数值", number=True), Shown("计量单位"))


@dataclass(frozen=True, slots=True)
class Figures:
    """One table as it is shown: headings, lines (what they are about first), lines beneath a rows table, a remark."""

    heads: Sequence[Shown]
    lines: Sequence[Sequence[Shown]]
    totals: Sequence[Sequence[Shown]] = ()
    remark: str = ""


def figures(opened: OpenReport, table: Table) -> Figures:
    """Return a table's figures, for a list one indicator a line, for a matrix and a rows table as on paper."""
    state = opened.evaluation.states.get(table.number)
    if state is not None and not state.applies:
        return Figures((), (), remark="按本馆情况，本表不需填报。")
    remark = "本馆对本表选择了「不适用」。" if table.number in opened.answers.na else ""
    if table.kind is TableKind.LIST:
        return Figures(LIST_HEADS, list(_list(opened, table.cells)), remark=remark)
    if table.kind is TableKind.MATRIX:
        heads = (Shown(""), *(Shown(column.label, number=True) for column in table.columns))
        return Figures(heads, [_matrix_line(opened, table, row) for row in table.rows], remark=remark)
    return _rows(opened, table, remark)


def _list(opened: OpenReport, cells: Sequence[Cell]) -> Iterator[Sequence[Shown]]:
    for cell in cells:
        if cell.name not in opened.evaluation.hidden:
            label = "　" * cell.indent + cell.label
            yield Shown(label), _show(cell, _value(opened, cell)), Shown(cell.unit)


def _matrix_line(opened: OpenReport, table: Table, row: Line) -> Sequence[Shown]:
    found = [table.at.get((row.name, column.name)) for column in table.columns]
    return [
        Shown("　" * row.indent + row.label),
        *(_show(cell, _value(opened, cell)) if cell else Shown("×") for cell in found),
    ]


def _rows(opened: OpenReport, table: Table, remark: str) -> Figures:
    rows = opened.answers.rows.get(table.name, ())
    lines = [
        [Shown(str(number)), *(_show(cell, _row_value(opened, table, row.id, cell, row.cells)) for cell in table.cells)]
        for number, row in enumerate(rows, 1)
    ]
    if not rows:
        remark = remark or (f"{table.none_label}。" if table.name in opened.answers.none else "尚未填报。")
    heads = (Shown("行号"), *(_headed(cell) for cell in table.cells))
    return Figures(heads, lines, list(_list(opened, table.totals)), remark)


def _headed(cell: Cell) -> Shown:
    text = f"{cell.label}（{cell.unit}）" if cell.unit else cell.label
    return Shown(text, number=cell.type.kind is Kind.NUMBER)


def _value(opened: OpenReport, cell: Cell) -> Value:
    return opened.evaluation.values.get(cell.name, BLANK)


def _row_value(opened: OpenReport, table: Table, row: str, cell: Cell, cells: object) -> Value:
    stored = cells.get(cell.name, BLANK) if isinstance(cells, dict) else BLANK
    return opened.evaluation.values.get(f"{table.name}[{row}].{cell.name}", stored)


def _show(cell: Cell, value: Value) -> Shown:
    if value is BLANK:
        return Shown("未填", blank=True)
    if cell.personal:
        return Shown(MASKED)
    return Shown(cell.type.to_display(value), number=cell.type.kind is Kind.NUMBER)
