"""Matrix tables: fixed rows and columns; too many columns lie across the sheet, still more are split."""

from collections.abc import Mapping, Sequence
from math import ceil

from guanshu.survey.definition.model import Cell, Line, Table
from guanshu.survey.documents.report_pdf.grid import (
    CALC_MARK,
    LANDSCAPE,
    PAD,
    PORTRAIT,
    Box,
    Grid,
    head_box,
    ordinal,
    unit_text,
    value_box,
)
from guanshu.survey.documents.report_pdf.text import ems, longest_word, millimetres, widest
from guanshu.survey.values.base import Value
from guanshu.survey.values.missing import BLANK

_CODE, _UNIT = 11.0, 27.0
_LONGEST_LABEL, _NARROWEST = 56.0, 10.0


def matrix_grids(table: Table, values: Mapping[str, Value]) -> tuple[list[Grid], bool]:
    """Return the grids of a matrix, and whether they lie across the sheet."""
    fixed = _fixed(table)
    widths = [_column_width(table, column, values) for column in table.columns]
    across = sum(fixed) + sum(widths) > PORTRAIT
    room = (LANDSCAPE if across else PORTRAIT) - sum(fixed)
    parts = _split(table.columns, widths, room)
    grids = [_grid(table, part, values, fixed, room) for part in parts]
    return grids, across


def _fixed(table: Table) -> list[float]:
    label = max(millimetres(ems(row.label + CALC_MARK) + row.indent) for row in table.rows) + 2 * PAD + 2
    fixed = [_CODE] if any(row.code for row in table.rows) else []
    fixed.append(min(max(label, 24.0), _LONGEST_LABEL))
    return fixed + ([_UNIT] if _by_row(table) else [])


def _column_width(table: Table, column: Line, values: Mapping[str, Value]) -> float:
    cells = [cell for cell in table.cells if cell.column == column.name]
    figures = widest(cell.type.to_display(values.get(cell.name, BLANK)) for cell in cells)
    # A heading has four lines at most and is not broken inside a word.
    heading = millimetres(max(ceil(ems(column.label) / 4), longest_word(column.label)))
    return max(_NARROWEST, min(60.0, figures) + 2 * PAD + 0.5, heading + 2 * PAD + 0.5)


def _split(columns: Sequence[Line], widths: Sequence[float], room: float) -> list[list[Line]]:
    """Return the columns in as few parts as fit, of about the same width each."""
    target = sum(widths) / max(1, ceil(sum(widths) / room))
    parts: list[list[Line]] = [[]]
    used = total = 0.0
    for column, width in zip(columns, widths, strict=True):
        full = used + width > room or total >= target * len(parts) - 0.01
        if parts[-1] and full:
            parts.append([])
            used = 0.0
        parts[-1].append(column)
        used, total = used + width, total + width
    return parts


def _by_row(table: Table) -> bool:
    """Return whether units go by row: each row has one, but not each column."""
    return not _same(table, by="column") and _same(table, by="row")


def _same(table: Table, *, by: str) -> bool:
    units: dict[str, set[str]] = {}
    for cell in table.cells:
        units.setdefault(cell.column if by == "column" else cell.row, set()).add(unit_text(cell))
    return all(len(found) == 1 for found in units.values())


def _grid(
    table: Table, columns: Sequence[Line], values: Mapping[str, Value], fixed: Sequence[float], room: float
) -> Grid:
    widths = [_column_width(table, column, values) for column in columns]
    # Columns of one matrix look best when they are equally wide, if the widest allows it.
    even = room / len(columns)
    spread = [even] * len(columns) if max(widths) <= even else [width * room / sum(widths) for width in widths]
    codes, by_row = len(fixed) > 1 + _by_row(table), _by_row(table)
    body = []
    for row in table.rows:
        cells = [table.at.get((row.name, column.name)) for column in columns]
        lead = [Box(row.code, "center")] * codes + [Box(row.label + _mark(cells, table), indent=row.indent)]
        unit = next((unit_text(cell).replace("\n", "") for cell in cells if cell is not None), "")
        lead += [Box(unit, "center")] * by_row
        body.append((*lead, *(_crossing(cell, values) for cell in cells)))
    return Grid((*fixed, *spread), _head(table, columns, codes=codes, by_row=by_row), tuple(body))


def _crossing(cell: Cell | None, values: Mapping[str, Value]) -> Box:
    return Box("", fill="closed") if cell is None else value_box(cell, values.get(cell.name, BLANK), narrow=True)


def _mark(cells: Sequence[Cell | None], table: Table) -> str:
    """Return the mark of a line whose cells are all calculated while others are not."""
    calculated = all(cell is None or not cell.typed for cell in cells)
    return CALC_MARK if calculated and any(cell.typed for cell in table.cells) else ""


def _head(table: Table, columns: Sequence[Line], *, codes: bool, by_row: bool) -> tuple[tuple[Box, ...], ...]:
    units = [] if by_row else [_column_unit(table, column) for column in columns]
    down = 2 if any(units) else 1
    titles = ["代码"] * codes + ["指标名称"] + ["计量单位"] * by_row
    labels = []
    for column in columns:
        cells = [cell for cell in table.cells if cell.column == column.name]
        labels.append(head_box(column.label + _mark(cells, table)))
    rows = [(*(head_box(title, down=down) for title in titles), *labels)]
    if down == 2:
        rows.append(tuple(head_box(unit, small=True) for unit in units))
    numbers = [*(ordinal(place) for place in range(len(titles))), *_numbers(table, columns)]
    return (*rows, tuple(head_box(number, small=True) for number in numbers))


def _numbers(table: Table, columns: Sequence[Line]) -> list[str]:
    return [str(table.columns.index(column) + 1) for column in columns]


def _column_unit(table: Table, column: Line) -> str:
    """Return the unit of a column; where its cells differ, all there are."""
    found = dict.fromkeys(unit_text(cell) for cell in table.cells if cell.column == column.name)
    return "、".join(unit for unit in found if unit) or column.unit
