"""Working out a report: applicability, 不适用, calculated cells, in the order of what needs what.

Every table, cell or column with a formula becomes one step, a closure over the state of the report.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from guanshu.survey.checks.arithmetic import slots_of
from guanshu.survey.checks.evaluate import Compiler
from guanshu.survey.checks.formulas import Formulas, Key
from guanshu.survey.checks.layout import Layout, Rows, blank_of
from guanshu.survey.checks.overrows import partial_run
from guanshu.survey.checks.runtime import BLANK_NUMBER, NA_NUMBER, ZERO, Frame, Run
from guanshu.survey.checks.typed import Aggregate, Applied, Typed
from guanshu.survey.definition.model import Cell, Table, TableKind
from guanshu.survey.definition.source import Source
from guanshu.survey.values.base import Kind
from guanshu.survey.values.missing import BLANK, NA


@dataclass
class State:
    """One report while it is worked out."""

    v: Frame
    ticked: frozenset[str]
    """Numbers of tables the respondent ticked 不适用 (whether or not that is allowed)."""
    row_ids: dict[str, list[str]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    na: set[str] = field(default_factory=set)
    """Numbers of tables that are 不适用 by an allowed tick."""
    partial: dict[int, Decimal] = field(default_factory=dict)
    """Sums of incomplete totals, by slot."""
    row_partial: dict[str, Decimal] = field(default_factory=dict)


Step = Callable[[State], None]
Worker = Callable[[State], tuple[Any, Decimal | None]]


def na_of(cell: Cell) -> Any:
    """Return what a slot holds for a cell that reads 不适用. Raises nothing."""
    return NA_NUMBER if cell.type.kind is Kind.NUMBER else NA


def decides_itself(cell: Cell) -> bool:
    """Return whether a cell may have to be answered although its table is ticked 不适用. Raises nothing."""
    return cell.must_answer or isinstance(cell.na, Source)


@dataclass(frozen=True)
class Steps:
    """Makes the steps of one questionnaire."""

    layout: Layout
    formulas: Formulas

    def of(self, key: Key) -> Step | None:
        """Return the step of a table, cell or column, or None if nothing is to be done for it. Raises nothing."""
        kind, name, column = key
        if kind == "table":
            return self._table(self.layout.questionnaire.by_name[name])
        if kind == "column":
            return self._column(self.layout.rows[name], column)
        cell = self.layout.questionnaire.cells[name]
        return self._cell(self.layout.questionnaire.by_number[self._number(cell)], cell)

    def _number(self, cell: Cell) -> str:
        table = self.layout.questionnaire.by_number.get(cell.table) or self.layout.questionnaire.by_name[cell.table]
        return table.number

    def _decides(self, cell: Cell, key: Key) -> Run | None:
        """Return the condition under which a cell is 不适用 with its table; None if it always is."""
        return (lambda _: False) if cell.must_answer else self._run(self.formulas.na.get(key))

    def _run(self, node: Typed | None) -> Run | None:
        return Compiler(self.layout, strict=True).run(node) if node is not None else None

    def _table(self, table: Table) -> Step | None:
        key = ("table", table.name, "")
        if table.applies is True and table.na is False:
            return None
        applies = _condition(table.applies, self._run(self.formulas.applies.get(key)))
        allowed = _condition(table.na, self._run(self.formulas.na.get(key)))
        everything = [(self.layout.form[cell.name], na_of(cell)) for cell in table.form_cells]
        # Cells with a condition of their own decide for themselves when the table is ticked.
        following = [(self.layout.form[c.name], na_of(c)) for c in table.form_cells if not decides_itself(c)]
        rows = self.layout.rows[table.name].rows if table.kind is TableKind.ROWS else None
        number = table.number

        def step(state: State) -> None:
            v = state.v
            if applies(v) is False:
                state.hidden.add(number)
            elif number in state.ticked and allowed(v) is not False:
                state.na.add(number)
            else:
                return
            for slot, value in everything if number in state.hidden else following:
                v[slot] = value
            if rows is not None:
                v[rows] = None

        return step

    def _cell(self, table: Table, cell: Cell) -> Step | None:
        key = ("cell", cell.name, "")
        node = self.formulas.calc.get(key)
        if node is None and cell.applies is True and not isinstance(cell.na, Source):
            return None
        applies = _condition(cell.applies, self._run(self.formulas.applies.get(key)))
        own = self._decides(cell, key)
        worker = self._worker(node) if node is not None else None
        slot, na, blank = self.layout.form[cell.name], na_of(cell), blank_of(cell)
        name, number = cell.name, table.number

        def step(state: State) -> None:
            v = state.v
            if number in state.hidden:
                return
            if applies(v) is False:
                state.hidden.add(name)
                v[slot] = na
                return
            if number in state.na and (own is None or own(v) is not False):
                v[slot] = na
            elif worker is not None:
                v[slot], partial = worker(state)
                if partial is not None:
                    state.partial[slot] = partial
            elif v[slot] is na and own is not None and own(v) is False:
                v[slot] = blank

        return step

    def _column(self, rows: Rows, name: str) -> Step | None:
        key = ("column", rows.table.name, name)
        cell = rows.table.cells[rows.columns[name]]
        node = self.formulas.calc.get(key)
        if node is None and cell.applies is True and not isinstance(cell.na, Source):
            return None
        applies = _condition(cell.applies, self._run(self.formulas.applies.get(key)))
        own = self._decides(cell, key)
        worker = self._worker(node) if node is not None else None
        na, blank, index, table = na_of(cell), blank_of(cell), rows.columns[name], rows.table.name

        def step(state: State) -> None:
            v = state.v
            for number, row in enumerate(v[rows.rows] or ()):
                v[rows.at : rows.at + len(row)] = row
                address = f"{table}[{state.row_ids[table][number]}].{name}"
                if applies(v) is False:
                    state.hidden.add(address)
                    row[index] = na
                elif worker is not None:
                    row[index], partial = worker(state)
                    if partial is not None:
                        state.row_partial[address] = partial
                elif row[index] is na and own is not None and own(v) is False:
                    row[index] = blank

        return step

    def _worker(self, node: Typed) -> Worker:
        """Return how a calculated cell is worked out: its value, and the partial sum of an incomplete total."""
        make = Compiler(self.layout, strict=True)
        if isinstance(node, Aggregate) and node.function in {"sum", "count"}:
            summed = partial_run(make, node)
            return lambda state: _settled(*summed(state.v))
        if isinstance(node, Applied) and node.function == "total":
            return _total_worker(make, node)
        run = make.run(node)
        if node.type.kind is Kind.NUMBER:
            return lambda state: _settled(run(state.v), None)
        return lambda state: (BLANK if (value := run(state.v)) is None else value, None)


def _settled(value: Decimal, partial: Decimal | None) -> tuple[Decimal, Decimal | None]:
    """Keep a slot to known numbers, BLANK_NUMBER and NA_NUMBER: slots are told apart by identity."""
    if value == value or value is NA_NUMBER:  # noqa: PLR0124  NaN differs from itself
        return value, None
    return BLANK_NUMBER, partial


def _total_worker(make: Compiler, node: Applied) -> Worker:
    fast = make.run(node)
    runs = [(make.run(arg), slots_of((arg,))) for arg in node.args]

    def worker(state: State) -> tuple[Decimal, Decimal | None]:
        value: Decimal = fast(state.v)
        if value is not BLANK_NUMBER:
            return value, None
        given: list[Decimal] = []
        for run, slots in runs:
            part: Decimal = run(state.v)
            if not part.is_nan():
                given.append(part)
            elif slots is not None and slots[0] in state.partial:
                given.append(state.partial[slots[0]])
        return BLANK_NUMBER, sum(given, ZERO) if given else None

    return worker


def _condition(value: bool | Source, run: Run | None) -> Run:
    if run is not None:
        return run
    return lambda _: value
