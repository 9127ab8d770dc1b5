"""The blank form as a workbook, a sheet a table, as it looks on paper."""

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

import xlsxwriter

from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.documents.blank_form.content import BlankSheet, notes, sheets
from guanshu.survey.documents.report_pdf.grid import Box, Grid, positions

_FILLS = {"calc": "#F3F3F3", "closed": "#CDCDCD", "head": "#E8EDF5"}
# Millimetres to the width of a 0 in Excel's default face, a little more because 宋体 is wider.
_MM = 0.56
_TITLE, _LINES, _FIRST = 0, 1, 2


def make_blank_xlsx(questionnaire: Questionnaire, year: int) -> bytes:
    """Return the form of a year as .xlsx: the contents, then every table."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"{year}年度{questionnaire.title}"})
    maker = _Maker(book)
    found = list(sheets(questionnaire, year))
    maker.contents(questionnaire, year, found)
    for sheet in found:
        maker.table(sheet, year)
    book.close()
    return buffer.getvalue()


class _Maker:
    """Writes sheets; formats are made once each."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **wanted: Any) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            usual = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
            self._formats[key] = self.book.add_format(usual | wanted)
        return self._formats[key]

    def contents(self, questionnaire: Questionnaire, year: int, found: list[BlankSheet]) -> None:
        """Write the first sheet: title, explanations, a link to every table."""
        page = self.book.add_worksheet("目录")
        page.hide_gridlines(2)
        page.set_column(0, 0, 14)
        page.set_column(1, 1, 80)
        page.merge_range(0, 0, 0, 1, f"{questionnaire.title}（{year} 年度）", self.format(font_size=16, bold=True))
        page.set_row(0, 32)
        line = 1
        for place, note in enumerate(notes(year), 1):
            page.merge_range(line, 0, line, 1, f"{place}．{note}", self.format(text_wrap=True))
            line += 1
        line += 1
        for sheet in found:
            page.write_string(line, 0, sheet.table.number_label, self.format())
            target = f"internal:'{sheet_name(sheet)}'!A1"
            page.write_url(line, 1, target, self.format(font_color="#1F4FA3", underline=1), sheet.table.title)
            line += 1
        _print(page, across=False)

    def table(self, sheet: BlankSheet, year: int) -> None:
        page = self.book.add_worksheet(sheet_name(sheet))
        page.hide_gridlines(2)
        columns = max((len(grid.columns) for grid in sheet.grids), default=2)
        title = f"{sheet.table.number_label}　{sheet.table.title}"
        _merge(page, (_TITLE, 0, _TITLE, columns - 1), title, self.format(font_size=14, bold=True, align="center"))
        page.set_row(_TITLE, 28)
        told = "　".join((*sheet.lines, "填报单位：", f"{year} 年"))
        _merge(page, (_LINES, 0, _LINES, columns - 1), told, self.format(font_size=9, font_color="#444444"))
        line = _FIRST
        for number, grid in enumerate(sheet.grids):
            if number == 0:
                for place, width in enumerate(grid.columns):
                    page.set_column(place, place, width * _MM)
                page.repeat_rows(_TITLE, _FIRST + len(grid.head) - 1)
                page.freeze_panes(_FIRST + len(grid.head), 0)
            line = self._grid(page, grid, line, spread(grid.columns, sheet.grids[0].columns)) + 1
        if sheet.table.note:
            note = f"说明：{sheet.table.note}"
            _merge(page, (line, 0, line, columns - 1), note, self.format(font_size=9, text_wrap=True, valign="top"))
            width = sum(sheet.grids[0].columns) if sheet.grids else 170
            page.set_row(line, 13.5 * (1 + int(len(note) * 3.3 // width)))
        _print(page, across=sheet.across)

    def _grid(self, page: Any, grid: Grid, line: int, edges: Sequence[int]) -> int:
        """Write a grid from a line on and return the line after it; `edges` are its columns on the sheet."""
        for row, boxes in self._rows(grid):
            lines = 1
            for start, box in boxes:
                end = start + box.across
                place = (line + row, edges[start], line + row + box.down - 1, edges[end] - 1)
                _merge(page, place, box.text, self._look(box))
                if box.down == 1:
                    lines = max(lines, _lines(box, sum(grid.columns[start:end])))
            page.set_row(line + row, max(20.0, 13.5 * lines + 5))
        return line + len(grid.head) + len(grid.body)

    @staticmethod
    def _rows(grid: Grid) -> Iterator[tuple[int, list[tuple[int, Box]]]]:
        yield from enumerate(positions(grid.head, len(grid.columns)))
        yield from enumerate(positions(grid.body, len(grid.columns)), len(grid.head))

    def _look(self, box: Box) -> Any:
        look: dict[str, Any] = {"border": 1, "text_wrap": True, "align": box.align, "indent": box.indent}
        if box.fill:
            look["bg_color"] = _FILLS[box.fill]
        if box.fill == "head":
            look["bold"] = not box.small
        if box.small:
            look["font_size"] = 9
        return self.format(**look)


def spread(columns: Sequence[float], sheet: Sequence[float]) -> list[int]:
    """Return where a grid's columns begin among those of the sheet, and after the last where they end.

    Each gets at least one, and about as much room as it asks for; more columns than the sheet has go on beside it.
    """
    edges, reached, wanted = [0], 0.0, 0.0
    for place, width in enumerate(columns, 1):
        wanted += width
        last = len(sheet) - (len(columns) - place)
        end = edges[-1] + 1
        reached = sum(sheet[:end])
        while end < last and reached + sheet[end] / 2 <= wanted:
            reached += sheet[end]
            end += 1
        edges.append(end)
    return edges


def _lines(box: Box, width: float) -> int:
    """Return about how many lines a text takes in so many millimetres, at 3.6 mm a character."""
    room = max(1.0, (width - 3) / 3.6 - box.indent)
    return sum(max(1, -(-len(part) // int(room) if room >= 1 else len(part))) for part in box.text.split("\n"))


def _merge(page: Any, place: tuple[int, int, int, int], text: str, look: Any) -> None:
    if place[:2] == place[2:]:
        page.write_string(*place[:2], text, look)
    else:
        page.merge_range(*place, text, look)


def _print(page: Any, *, across: bool) -> None:
    page.set_paper(9)
    if across:
        page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.set_footer("&C第 &P 页，共 &N 页")


def sheet_name(sheet: BlankSheet) -> str:
    """Return number and title, without what Excel forbids, at most 31 characters."""
    return re.sub(r"[\[\]:*?/\\']", " ", f"{sheet.table.number} {sheet.table.title}")[:31].rstrip()
