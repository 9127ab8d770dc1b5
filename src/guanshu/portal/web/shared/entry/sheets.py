"""One table of the form as a page shows it: a list, a matrix, or rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guanshu.portal.queries.opened import Opened
from guanshu.portal.web.shared.entry.cells import (
    CellMaker,
    CellView,
    is_fixed,
    is_offered,
    is_shown,
    seen_text,
    unit_beside,
)
from guanshu.portal.web.shared.entry.notes import Note
from guanshu.portal.web.shared.entry.reading import Reading, shown_text
from guanshu.survey.definition.answers import Row
from guanshu.survey.definition.model import Cell, Line, Table, TableKind
from guanshu.survey.values.base import Kind
from guanshu.survey.values.missing import BLANK

# Stands for a row's id in the row a browser copies when one is added; no stored id can be this.
NEW_ROW = "__row__"


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator of a list (or a total beneath a rows table)."""

    code: str
    label: str
    unit: str
    period: str
    indent: int
    help: str
    fixed: bool
    cell: CellView
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one column, or of one row of a matrix."""

    name: str
    code: str
    label: str
    unit: str
    indent: int
    help: str
    numeric: bool = True
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """One row of a matrix; None stands for a closed crossing. `name` is the head's, or the row's id."""

    head: Head
    cells: tuple[CellView | None, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a rows table, counted from 1."""

    id: str
    number: int
    cells: tuple[CellView, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class LastCell:
    """One cell of last year's row; `offer` is its plain text where it may be copied into `column`."""

    column: str
    shown: str
    offer: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class LastYear:
    """Last year's rows: to look at, and to copy where the form offers them."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[LastCell, ...], ...]
    offered: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. Which fields are filled depends on `kind`; see the templates of the same name."""

    number: str
    number_label: str
    name: str
    title: str
    kind: str
    note: str
    applies: bool
    editable: bool
    commenting: bool
    has_last: bool
    na_offered: bool
    na: bool
    unit: str = ""
    units: bool = False
    numbers: bool = False
    items: tuple[Item, ...] = ()
    columns: tuple[Head, ...] = ()
    strips: tuple[Strip, ...] = ()
    entries: tuple[Entry, ...] = ()
    blank: Entry | None = None
    order: str = ""
    limit: int = 0
    none: bool = False
    none_label: str = ""
    wide: bool = False
    last_year: LastYear | None = None
    notes: tuple[Note, ...] = ()


def make_sheet(reading: Reading[Opened], table: Table) -> Sheet:
    """Return the view of one table."""
    return {TableKind.LIST: _list, TableKind.MATRIX: _matrix, TableKind.ROWS: _rows}[table.kind](reading, table)


def _base(reading: Reading[Opened], table: Table, **more: object) -> Sheet:
    maker = CellMaker(reading, table)
    own = (f"{table.number}.na", f"{table.name}.rows", f"{table.name}.none")
    state = reading.evaluation.states.get(table.number)
    return Sheet(
        number=table.number,
        number_label=table.number_label,
        name=table.name,
        title=table.title,
        kind=table.kind.value,
        note=table.note,
        applies=state is None or state.applies,
        editable=reading.editable,
        commenting=reading.commenting,
        has_last=bool(reading.last_values),
        na_offered=reading.na_offered(table),
        na=reading.ticked_na(table),
        notes=tuple(note for address in own for note in maker.notes.get(address, ())),
        **more,  # type: ignore[arg-type]  # the fields of one kind of table, named by its function
    )


def _list(reading: Reading[Opened], table: Table) -> Sheet:
    items = _items(reading, table, table.cells)
    units = any(item.unit or item.period for item in items)
    # A list of texts with a year among them has no use for a column of changes.
    numbers = 2 * sum(item.cell.numeric for item in items) >= len(items)
    return _base(reading, table, items=items, units=units, numbers=numbers)


def _items(reading: Reading[Opened], table: Table, cells: Iterable[Cell]) -> tuple[Item, ...]:
    maker = CellMaker(reading, table)
    return tuple(_item(maker, cell) for cell in cells if is_shown(cell))


def _item(maker: CellMaker, cell: Cell) -> Item:
    view = maker.make(cell)
    period = cell.period.value if cell.period else ""
    return Item(cell.code, cell.label, cell.unit, period, cell.indent, cell.help, is_fixed(cell), view, view.notes)


def _matrix(reading: Reading[Opened], table: Table) -> Sheet:
    maker = CellMaker(reading, table)
    strips = tuple(_strip(maker, table, row) for row in table.rows)
    units = {cell.unit for cell in table.cells}
    columns = tuple(_head(column, alone=len(units) == 1) for column in table.columns)
    return _base(reading, table, columns=columns, strips=strips, unit=_common_unit(table.cells), wide=len(columns) > 10)


def _head(line: Line, *, alone: bool = False) -> Head:
    return Head(line.name, line.code, line.label, "" if alone else line.unit, line.indent, line.help)


def _strip(maker: CellMaker, table: Table, row: Line) -> Strip:
    found = [table.at.get((row.name, column.name)) for column in table.columns]
    cells = tuple(maker.make(cell) if cell is not None and is_shown(cell) else None for cell in found)
    return Strip(_head(row), cells, _notes(cells))


def _notes(cells: Sequence[CellView | None]) -> tuple[Note, ...]:
    return tuple(note for cell in cells if cell is not None for note in cell.notes)


def _common_unit(cells: Sequence[Cell]) -> str:
    """Return "人 · 年末" where all cells share unit and period, so that heads need not repeat it."""
    units = {cell.unit for cell in cells}
    periods = {cell.period.value for cell in cells if cell.period}
    return " · ".join([*(units if len(units) == 1 else ()), *(periods if len(periods) == 1 else ())])


def _rows(reading: Reading[Opened], table: Table) -> Sheet:
    maker = CellMaker(reading, table)
    columns = [cell for cell in table.cells if is_shown(cell)]
    rows = reading.rows(table)
    return _base(
        reading,
        table,
        columns=tuple(_column_head(cell) for cell in columns),
        entries=tuple(_entry(maker, columns, row, n) for n, row in enumerate(rows, 1)),
        blank=_entry(maker, columns, Row(NEW_ROW, {}), 0) if reading.editable else None,
        order=" ".join(row.id for row in rows),
        limit=table.limit,
        none=table.name in reading.answers.none,
        none_label=table.none_label,
        items=_items(reading, table, table.totals),
        units=True,
        numbers=True,
        last_year=_last_year(reading, table, columns),
        wide=len(columns) > 5,
    )


def _column_head(cell: Cell) -> Head:
    numeric, optional = cell.type.kind is Kind.NUMBER, cell.required is False
    return Head(cell.name, cell.code, cell.label, unit_beside(cell), cell.indent, cell.help, numeric, optional)


def _entry(maker: CellMaker, columns: Sequence[Cell], row: Row, number: int) -> Entry:
    cells = tuple(maker.make(cell, row) for cell in columns)
    return Entry(row.id, number, cells, _notes(cells))


def _last_year(reading: Reading[Opened], table: Table, columns: Sequence[Cell]) -> LastYear | None:
    last = reading.opened.last
    rows = last.rows.get(table.name, ()) if last is not None else ()
    if not rows:
        return None
    typed = [cell for cell in columns if cell.typed]
    shown = tuple(tuple(_last_cell(cell, row) for cell in typed) for row in rows)
    offered = reading.editable and any(is_offered(cell) for cell in typed)
    return LastYear(tuple(_column_head(cell) for cell in typed), shown, offered)


def _last_cell(cell: Cell, row: Row) -> LastCell:
    value = row.cells.get(cell.name, BLANK)
    offer = seen_text(cell.type, value) if is_offered(cell) else ""
    return LastCell(cell.name, shown_text(cell, value), offer, cell.type.kind is Kind.NUMBER)
