"""Rows tables: one entry a row, with totals beneath."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil

from guanshu.survey.definition.answers import Answers, Row
from guanshu.survey.definition.model import Cell, Table
from guanshu.survey.documents.report_pdf.grid import (
    CALC_MARK,
    LANDSCAPE,
    PAD,
    PORTRAIT,
    Box,
    Grid,
    head_box,
    unit_text,
    value_box,
    value_text,
)
from guanshu.survey.documents.report_pdf.text import BODY_PT, ems, longest_word, millimetres
from guanshu.survey.values.base import Kind, Value
from guanshu.survey.values.missing import BLANK

_NUMBER, _NARROWEST = 9.0, 12.0
# Text columns: what they need at least, and what they can make use of.
_TEXT_LEAST, _TEXT_MOST = 22.0, 110.0
# Rows of more lines on average are better laid across the sheet.
_EASY_LINES = 2.6
_SMALLEST_PT, _SMALLEST_UPRIGHT_PT = 5.5, 8.0


def rows_grid(table: Table, answers: Answers, values: Mapping[str, Value]) -> tuple[Grid, bool]:
    """Return the grid of a rows table, and whether it lies across the sheet."""
    rows = counted_rows(table, answers, values)
    grid = _grid(table, rows, values, PORTRAIT)
    across = grid.points < _SMALLEST_UPRIGHT_PT or grid.mean_lines > _EASY_LINES
    if across:
        grid = _grid(table, rows, values, LANDSCAPE)
    if not rows:
        said = table.none_label if table.name in answers.none else ""
        grid = replace(grid, body=((Box(said, "center", across=1 + len(table.cells)),),))
    return grid, across


def _grid(table: Table, rows: Sequence[Row], values: Mapping[str, Value], width: float) -> Grid:
    present = [[_value(table, row, cell, values) for cell in table.cells] for row in rows]
    needs = [
        _need(cell, [value_text(cell, line[place], narrow=True) for line in present])
        for place, cell in enumerate(table.cells)
    ]
    columns, points = _fit(needs, width - _NUMBER)
    body = []
    for number, line in enumerate(present, 1):
        boxes = (value_box(cell, value, narrow=True) for cell, value in zip(table.cells, line, strict=True))
        body.append((Box(str(number), "center"), *boxes))
    return Grid((_NUMBER, *columns), _head(table.cells), tuple(body), points)


def counted_rows(table: Table, answers: Answers, values: Mapping[str, Value]) -> list[Row]:
    """Return the rows that count; of rows in a table that is 不适用 the evaluation has no values."""
    found = answers.rows.get(table.name, ())
    return [row for row in found if any(f"{table.name}[{row.id}].{cell.name}" in values for cell in table.cells)]


def _value(table: Table, row: Row, cell: Cell, values: Mapping[str, Value]) -> Value:
    return values.get(f"{table.name}[{row.id}].{cell.name}", row.cells.get(cell.name, BLANK))


def _need(cell: Cell, texts: Sequence[str]) -> tuple[float, float]:
    """Return the least width of a column and the most it can make use of."""
    natural = millimetres(max(map(ems, texts), default=0.0)) + 2 * PAD + 1
    label = cell.label + ("" if cell.typed else CALC_MARK)
    heading = millimetres(max(ceil(ems(label) / 3), longest_word(label), 3)) + 2 * PAD + 1
    if cell.type.kind in (Kind.TEXT, Kind.MULTI, Kind.FILE, Kind.CHOICE):
        least = max(heading, min(natural, _TEXT_LEAST))
        return least, max(least, min(natural, _TEXT_MOST))
    least = max(_NARROWEST, heading, natural)
    return least, least


def _fit(needs: Sequence[tuple[float, float]], width: float) -> tuple[list[float], float]:
    """Return widths that fill the page, and the size of text: smaller where even the least widths are too much."""
    least = sum(need for need, _ in needs)
    if least >= width:
        return [need * width / least for need, _ in needs], max(_SMALLEST_PT, BODY_PT * width / least)
    wishes = [most - need for need, most in needs]
    if sum(wishes) >= width - least:
        share = (width - least) / sum(wishes)
        return [need + wish * share for (need, _), wish in zip(needs, wishes, strict=True)], BODY_PT
    full = sum(most for _, most in needs)
    return [most * width / full for _, most in needs], BODY_PT


def _head(cells: Sequence[Cell]) -> tuple[tuple[Box, ...], ...]:
    units = [unit_text(cell) for cell in cells]
    down = 2 if any(units) else 1
    labels = [
        head_box(cell.label + ("" if cell.typed else CALC_MARK), down=1 if unit else down)
        for cell, unit in zip(cells, units, strict=True)
    ]
    rows = [(head_box("序号", down=down), *labels)]
    if down == 2:
        rows.append(tuple(head_box(unit, small=True) for unit in units if unit))
    return tuple(rows)
