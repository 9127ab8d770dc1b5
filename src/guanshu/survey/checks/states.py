"""What must be answered, and what of it is missing, table by table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from guanshu.survey.checks.again import Since, slots_read
from guanshu.survey.checks.calculate import State, decides_itself, na_of
from guanshu.survey.checks.evaluate import Compiler
from guanshu.survey.checks.findings import Surveyed, TableState
from guanshu.survey.checks.formulas import Formulas, cell_key
from guanshu.survey.checks.layout import Layout, Rows, blank_of
from guanshu.survey.checks.runtime import Run
from guanshu.survey.definition.model import Cell, Table
from guanshu.survey.definition.source import Source
from guanshu.survey.values.base import Kind


@dataclass(frozen=True, slots=True)
class Need:
    """One cell that may have to be answered. `at` is its slot, or in a rows table its place in the row."""

    name: str
    at: int
    blank: Any
    na: Any
    condition: Run | None
    hides: bool
    own_na: bool


@dataclass(frozen=True, slots=True)
class TableNeeds:
    """The needs of one table: form cells that are always required, those under a condition, columns of rows.

    `reads` are the slots that what is needed and what is missing depends on.
    """

    number: str
    name: str
    always: tuple[Need, ...]
    names: frozenset[str]
    sometimes: tuple[Need, ...]
    columns: tuple[Need, ...]
    rows: Rows | None
    reads: frozenset[int]


def needs_of(layout: Layout, formulas: Formulas) -> tuple[TableNeeds, ...]:
    """Return the needs of every table in order. Raises nothing."""
    return tuple(_table(table, layout, formulas) for table in layout.questionnaire.tables)


def _table(table: Table, layout: Layout, formulas: Formulas) -> TableNeeds:
    rows = layout.rows.get(table.name)
    form = [_need(table, cell, layout.form[cell.name], layout, formulas) for cell in table.form_cells if _asked(cell)]
    columns: list[Need] = []
    if rows is not None:
        columns = [_need(table, c, rows.columns[c.name], layout, formulas) for c in table.cells if _asked(c)]
    always = tuple(need for need in form if need.condition is None and not need.hides)
    sometimes = tuple(need for need in form if need.condition is not None or need.hides)
    names = frozenset(need.name for need in always)
    reads = frozenset(_reads(table, form, layout, formulas))
    return TableNeeds(table.number, table.name, always, names, sometimes, tuple(columns), rows, reads)


def _reads(table: Table, form: Iterable[Need], layout: Layout, formulas: Formulas) -> Iterator[int]:
    yield from (need.at for need in form)
    for cell in (*table.cells, *table.totals):
        node = formulas.required.get(cell_key(table, cell))
        if node is not None:
            yield from slots_read(layout, node)
    rows = layout.rows.get(table.name)
    if rows is not None:
        yield from (rows.rows, rows.none)


def _asked(cell: Cell) -> bool:
    return cell.typed and cell.required is not False and cell.type.kind is not Kind.FILE


def _need(table: Table, cell: Cell, at: int, layout: Layout, formulas: Formulas) -> Need:
    node = formulas.required.get(cell_key(table, cell))
    condition = Compiler(layout).run(node) if node is not None else None
    hides = isinstance(cell.applies, Source) or cell.applies is False
    return Need(cell.name, at, blank_of(cell), na_of(cell), condition, hides, decides_itself(cell))


def survey_tables(needs: Iterable[TableNeeds], state: State, since: Since | None = None) -> dict[str, Surveyed]:
    """Return the state of every table and what must be answered in it now. Raises nothing.

    With `since` the tables that nothing changed for are taken over.
    """
    return {
        table.number: since.trace.surveyed[table.number]
        if since is not None and since.keeps(table.reads)
        else _survey(table, state)
        for table in needs
    }


def _survey(table: TableNeeds, state: State) -> Surveyed:
    number = table.number
    if number in state.hidden:
        return TableState(number, False, False, 0, ()), frozenset()
    names, missing = _ticked(table, state) if number in state.na else _open(table, state)
    return TableState(number, True, number in state.na, len(names), tuple(missing)), frozenset(names)


def _ticked(table: TableNeeds, state: State) -> tuple[set[str], list[str]]:
    """Of a table ticked 不适用 only cells that decide for themselves can still be required."""
    v, hidden = state.v, state.hidden
    due = [
        need
        for need in (*table.always, *table.sometimes)
        if need.own_na
        and v[need.at] is not need.na
        and need.name not in hidden
        and (need.condition is None or need.condition(v) is True)
    ]
    return {need.name for need in due}, [need.name for need in due if v[need.at] is need.blank]


def _open(table: TableNeeds, state: State) -> tuple[set[str] | frozenset[str], list[str]]:
    v, hidden = state.v, state.hidden
    missing = [need.name for need in table.always if v[need.at] is need.blank]
    if not table.sometimes and table.rows is None:
        return table.names, missing
    names = set(table.names)
    for need in table.sometimes:
        if need.name not in hidden and (need.condition is None or need.condition(v) is True):
            names.add(need.name)
            if v[need.at] is need.blank:
                missing.append(need.name)
    if table.sometimes and missing:
        order = {need.name: need.at for need in (*table.always, *table.sometimes)}
        missing.sort(key=order.__getitem__)
    if table.rows is not None:
        _rows(table, table.rows, state, names, missing)
    return names, missing


def _rows(table: TableNeeds, rows: Rows, state: State, names: set[str], missing: list[str]) -> None:
    v = state.v
    if not v[rows.rows]:
        names.add(f"{table.name}.none")
        if not v[rows.none]:
            missing.append(f"{table.name}.none")
        return
    for row_id, row in zip(state.row_ids[table.name], v[rows.rows], strict=True):
        v[rows.at : rows.at + len(row)] = row
        for need in table.columns:
            address = f"{table.name}[{row_id}].{need.name}"
            if need.hides and address in state.hidden:
                continue
            if need.condition is None or need.condition(v) is True:
                names.add(address)
                if row[need.at] is need.blank:
                    missing.append(address)
