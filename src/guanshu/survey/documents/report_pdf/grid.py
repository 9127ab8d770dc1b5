"""Grids: tables as the templates draw them, every text settled and every width in millimetres."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from guanshu.survey.definition.model import Cell
from guanshu.survey.documents.report_pdf.text import BODY_PT, balanced, lines_in, millimetres, prepared
from guanshu.survey.values.base import Kind, Value
from guanshu.survey.values.missing import BLANK, NA

Align = Literal["left", "center", "right"]
Fill = Literal["", "calc", "closed", "head"]
PORTRAIT, LANDSCAPE = 176.0, 262.0
# The height of a page between header and footer, standing and lying.
HEIGHTS = {False: 239.0, True: 152.0}
PAD = 1.5
CALC_MARK = " △"
# Nobody writes the year 2,016.
_YEARS = "年"
# A row with more lines than this may be broken over pages: it might not fit on one.
_UNBROKEN_LINES = 30
_LINE_MM, _ROW_MM = 4.4, 2.4


@dataclass(frozen=True, slots=True)
class Box:
    """One cell of a grid. `across` and `down` are how many columns and rows it spans, `indent` in ems."""

    text: str = ""
    align: Align = "left"
    fill: Fill = ""
    across: int = 1
    down: int = 1
    indent: int = 0
    bold: bool = False
    small: bool = False


def positions(rows: Sequence[Sequence[Box]], columns: int) -> Iterator[list[tuple[int, Box]]]:
    """Yield each row's boxes with the column they begin in: boxes of rows above may reach down beside them."""
    taken = [0] * columns
    for row in rows:
        start, found = 0, []
        for box in row:
            while start < len(taken) and taken[start]:
                start += 1
            found.append((start, box))
            taken[start : start + box.across] = [box.down] * box.across
            start += box.across
        taken = [max(0, rows_left - 1) for rows_left in taken]
        yield found


@dataclass(frozen=True)
class Grid:
    """Columns in millimetres, header rows that are repeated on every page, body rows; `points` the size of text."""

    columns: tuple[float, ...]
    head: tuple[tuple[Box, ...], ...]
    body: tuple[tuple[Box, ...], ...]
    points: float = BODY_PT
    caption: str = ""

    @cached_property
    def _placed(self) -> tuple[list[list["_Placed"]], list[list["_Placed"]]]:
        return self._place(self.head), self._place(self.body)

    def _place(self, rows: Sequence[Sequence[Box]]) -> list[list["_Placed"]]:
        """Return every box with its room, rows of a block together: boxes reach into the rows below."""
        placed = []
        for row in positions(rows, len(self.columns)):
            found = []
            for start, box in row:
                room = sum(self.columns[start : start + box.across]) - 2 * PAD - millimetres(box.indent, self.points)
                found.append(_Placed(box, room, lines_in(box.text, room, self.points)))
            placed.append(found)
        return placed

    @property
    def height(self) -> float:
        """Return about how many millimetres the grid is high."""
        lines = [max((place.lines for place in row), default=1) for part in self._placed for row in part]
        return sum(count * _LINE_MM + _ROW_MM for count in lines)

    @property
    def mean_lines(self) -> float:
        """Return how many lines a body row has on average."""
        lines = [max(place.lines for place in row) for row in self._placed[1]]
        return sum(lines) / len(lines) if lines else 0.0

    @property
    def long(self) -> bool:
        """Return whether a row may have to be broken over pages."""
        return any(place.lines > _UNBROKEN_LINES for row in self._placed[1] for place in row)

    def data(self) -> dict[str, object]:
        """Return the grid as the templates read it."""
        head, body = self._placed
        return {
            "columns": self.columns,
            "head": [place.data(self.points) for row in head for place in row],
            "head_rows": len(head),
            "body": [box for row in body for box in self._row_data(row)],
            "points": self.points,
            "caption": prepared(self.caption, sum(self.columns)),
        }

    def _row_data(self, row: Sequence["_Placed"]) -> list[dict[str, object]]:
        """Return a row's boxes; a row too high for a page is the only one that may be broken, all of it."""
        boxes = [place.data(self.points) for place in row]
        if max(place.lines for place in row) > _UNBROKEN_LINES:
            return [box | {"k": True} for box in boxes]
        return boxes


@dataclass(frozen=True, slots=True)
class _Placed:
    """A box with the millimetres it has for text, and about how many lines that makes."""

    box: Box
    room: float
    lines: int

    def data(self, points: float) -> dict[str, object]:
        box = self.box
        text = balanced(box.text, self.room, points) if box.fill == "head" else box.text
        found: dict[str, object] = {"t": prepared(text, self.room, points), "a": box.align}
        optional = {
            "f": box.fill,
            "x": box.across if box.across > 1 else 0,
            "y": box.down if box.down > 1 else 0,
            "i": box.indent,
            "b": box.bold,
            "s": box.small,
        }
        return found | {key: value for key, value in optional.items() if value}


def value_text(cell: Cell, value: Value, *, narrow: bool = False) -> str:
    """Return a value as it is printed; `narrow` writes days as 2022-01-31."""
    if narrow and cell.type.kind in (Kind.DATE, Kind.MONTH) and value is not NA:
        return cell.type.to_text(value)
    if cell.unit == _YEARS and value is not NA:
        return cell.type.to_text(value)
    return cell.type.to_display(value)


def value_box(cell: Cell, value: Value, *, narrow: bool = False) -> Box:
    """Return the box of a value: blank is empty, 不适用 is —, numbers stand right."""
    fill: Fill = "" if cell.typed else "calc"
    text = value_text(cell, value, narrow=narrow)
    if value is NA:
        return Box(text, "center", fill)
    if value is BLANK:
        return Box("", "left", fill)
    short = narrow and cell.type.kind in (Kind.DATE, Kind.MONTH, Kind.BOOL, Kind.CHOICE)
    # A year is a name, not a figure: among texts it stands as they do.
    figure = cell.type.kind is Kind.NUMBER and cell.unit != _YEARS
    align: Align = "right" if figure else "center" if short else "left"
    return Box(text, align, fill)


def head_box(text: str, *, down: int = 1, small: bool = False) -> Box:
    """Return the box of a heading."""
    return Box(text, "center", "head", down=down, small=small)


def unit_text(cell: Cell) -> str:
    """Return unit and period, one a line; of what is no figure only the unit."""
    period = f"（{cell.period.value}）" if cell.period and cell.type.kind is Kind.NUMBER else ""
    return "\n".join(part for part in (cell.unit, period) if part)


def ordinal(number: int) -> str:
    """Return 甲, 乙, 丙 … for the columns that only describe, as statistical forms number them."""
    return "甲乙丙丁戊己"[number]
