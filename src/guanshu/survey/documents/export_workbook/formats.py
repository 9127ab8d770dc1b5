"""The looks of cells and how values of each type are written: numbers as numbers, days as days, 不适用 as text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from math import ceil
from typing import Any

from guanshu.survey.definition.model import Cell
from guanshu.survey.values.base import Kind, Value
from guanshu.survey.values.missing import BLANK, NA

NA_TEXT = "不适用"
FONT = "宋体"
_LINE = 14
BLUE, PALE, LINE, GREY = "#1F3F77", "#EAF0F8", "#C5CEDB", "#8A94A3"
# Excel's calendar begins in 1900 and counts a day too many until March.
_FIRST_DAY = date(1900, 3, 1)
_CODED = frozenset({Kind.CHOICE, Kind.MULTI, Kind.BOOL})


@dataclass
class Formats:
    """Makes each format once per workbook."""

    workbook: Any
    _made: dict[tuple[tuple[str, object], ...], Any] = field(default_factory=dict)

    def get(self, **properties: object) -> Any:
        """Return the format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self.workbook.add_format({"font_name": FONT, "font_size": 10, **properties})
        return self._made[key]

    def body(self, number: str = "", *, left: bool = False, wrap: bool = False) -> Any:
        """Return the format of a value with a number format."""
        shape: dict[str, object] = {"border": 1, "border_color": LINE, "valign": "vcenter"}
        if number:
            shape["num_format"] = number
        if left:
            shape["align"] = "left"
        if wrap:
            shape["text_wrap"] = True
        return self.get(**shape)

    def head(self, *, dark: bool = False, small: bool = False) -> Any:
        """Return the format of a header cell: a table's title, an indicator, or a machine name."""
        shape: dict[str, object] = {"border": 1, "border_color": LINE, "align": "center", "valign": "vcenter"}
        if small:
            return self.get(**shape, font_color=GREY, font_size=8)
        if dark:
            # Over many columns a centred title would rarely be on the screen.
            return self.get(**{**shape, "align": "left"}, bold=True, font_color="#FFFFFF", bg_color=BLUE)
        return self.get(**shape, bold=True, bg_color=PALE, text_wrap=True)


def writer(cell: Cell | None, sheet: Any, formats: Formats) -> Callable[[int, int, Value], None]:
    """Return the function that will write values of this cell (None: a tick) at (row, column) of the sheet.

    It runs for every cell of every organisation: what can be found out beforehand is.
    """
    right = cell is not None and cell.type.kind is Kind.NUMBER
    blank, text = formats.body(), formats.body("@", left=True)
    missing = formats.body("@", left=not right)
    proper = formats.body(number_format(cell), left=not right) if cell else text
    write_number, write_string, write_blank = sheet.write_number, sheet.write_string, sheet.write_blank
    # Codes come again and again, and so do their labels; free text is its own label.
    label: Callable[[Value], str] = partial(label_text, cell) if cell else str
    if cell is not None and cell.type.kind in _CODED:
        label = lru_cache(maxsize=10_000)(label)

    def write(row: int, column: int, value: Value) -> None:
        if isinstance(value, Decimal):
            # What Excel holds is a float anyway, and all our numbers survive it (at most 10¹², few decimals).
            write_number(row, column, float(value), proper)
        elif value is BLANK:
            write_blank(row, column, None, blank)
        elif value is NA:
            write_string(row, column, NA_TEXT, missing)
        elif isinstance(value, date) and value >= _FIRST_DAY:
            sheet.write_datetime(row, column, value, proper)
        else:
            write_string(row, column, label(value), text)

    return write


def number_format(cell: Cell) -> str:
    """Return Excel's number format for the cell's type."""
    kind = cell.type.kind
    if kind is Kind.NUMBER:
        scale = len(cell.type.to_text(Decimal(0)).partition(".")[2])
        whole = "#,##0" if "," in cell.type.to_display(Decimal(1000)) else "0"
        return whole + (f".{'0' * scale}" if scale else "")
    return {Kind.DATE: "yyyy-mm-dd", Kind.MONTH: "yyyy-mm"}.get(kind, "@")


def label_text(cell: Cell, value: Value) -> str:
    """Return the text of a value with labels for codes; several choices are joined by |, as in all our files."""
    if isinstance(value, tuple):
        return "|".join(cell.type.to_display((code,)) for code in value)
    return cell.type.to_text(value) if isinstance(value, date) else cell.type.to_display(value)


def row_height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Return the height in points of a row of wrapped texts; not every program finds it by itself."""
    return _LINE * max(map(_lines, texts, widths))


def _lines(text: str, width: float) -> int:
    if 2 * len(text) <= width:
        return 1
    return max(1, ceil(sum(2 if ord(char) > 0x2E80 else 1 for char in text) / width))
