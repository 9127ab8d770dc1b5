"""Puts the workbook together: the lists, the units' states, and how to read it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from guanshu.survey.definition.model import Cell, Table
from guanshu.survey.documents.export_workbook.formats import Formats, writer
from guanshu.survey.documents.merged_lists.content import MergedContent
from guanshu.survey.values.base import Kind
from guanshu.survey.values.missing import BLANK

_TITLE, _HEAD, _UNIT, _FIRST = 0, 1, 2, 3
_LEADS = (("省级单位", 20), ("上报状态", 10), ("序号", 6))
_INTERNAL = "internal"
_A3, _A4 = 8, 9
# More columns than these cannot be read on an A4 sheet.
_ON_A4 = 8
_WIDTHS = {Kind.TEXT: 20, Kind.BOOL: 11}


def write_merged_lists(content: MergedContent, target: str | Path | IO[bytes]) -> None:
    """Write the workbook of the lists into a file or a buffer."""
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": content.title, "created": content.at.replace(tzinfo=None)})
    formats = Formats(book)
    for table in content.tables:
        _write_list(book.add_worksheet(_sheet_name(table)), formats, content, table)
    _write_units(book.add_worksheet("各单位情况"), formats, content)
    _write_notes(book.add_worksheet("说明"), formats, content)
    book.close()


def _sheet_name(table: Table) -> str:
    """Return the sheet's name, without what Excel forbids, at most 31 characters."""
    name = f"{table.heading.get('number_label') or table.number} {table.title}"
    return re.sub(r"[\[\]:*?/\\']", " ", name)[:31].rstrip()


def _write_list(sheet: Any, formats: Formats, content: MergedContent, table: Table) -> None:
    cells = table.cells
    last = len(_LEADS) + len(cells) - 1
    sheet.merge_range(_TITLE, 0, _TITLE, last, f"{content.year}年度 {table.title}（汇总）", formats.head(dark=True))
    for place, (label, width) in enumerate(_LEADS):
        sheet.merge_range(_HEAD, place, _UNIT, place, label, formats.head())
        sheet.set_column(place, place, width)
    for place, cell in enumerate(cells, len(_LEADS)):
        sheet.write_string(_HEAD, place, cell.label, formats.head())
        sheet.write_string(_UNIT, place, _under(cell), formats.head())
        sheet.set_column(place, place, _WIDTHS.get(cell.type.kind, 15))
    sheet.set_row(_HEAD, 42)
    line = _FIRST
    for cells_of_row in _rows(sheet, formats, content, table):
        cells_of_row(line)
        line += 1
    sheet.freeze_panes(_FIRST, len(_LEADS) + 1)
    if line > _FIRST:
        sheet.autofilter(_UNIT, 0, line - 1, last)
    _lay_out(sheet, content.title, wide=last > _ON_A4)


def _rows(sheet: Any, formats: Formats, content: MergedContent, table: Table) -> Iterator[Any]:
    """Yield for every row of every unit a function that writes it at a line."""
    text, count = formats.body("@", left=True), formats.body("0")
    writers = [(place, cell.name, writer(cell, sheet, formats)) for place, cell in enumerate(table.cells, len(_LEADS))]
    for unit in content.units:
        if not unit.included:
            continue
        for number, row in enumerate(unit.answers.rows.get(table.name, ()), 1):

            def write(line: int, unit: Any = unit, number: int = number, row: Any = row) -> None:
                sheet.write_string(line, 0, unit.unit, text)
                sheet.write_string(line, 1, unit.state, text)
                sheet.write_number(line, 2, number, count)
                for place, name, put in writers:
                    put(line, place, row.cells.get(name, BLANK))

            yield write


def _under(cell: Cell) -> str:
    """Return what stands under a column's label: its unit, or that the paper does not print it."""
    return "（附件不印）" if _INTERNAL in cell.tags else cell.unit


def _write_units(sheet: Any, formats: Formats, content: MergedContent) -> None:
    labels = [table.heading.get("number_label") or table.title for table in content.tables]
    heads = ["序号", "省级单位", "上报状态", "上报时间", *labels, "是否列入本表"]
    widths = [6, 24, 12, 18, *(12 for _ in labels), 14]
    for place, (label, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.write_string(0, place, label, formats.head())
        sheet.set_column(place, place, width)
    text, number = formats.body("@", left=True), formats.body("0")
    for line, unit in enumerate(content.units, 1):
        when = f"{unit.submitted_at:%Y-%m-%d %H:%M}" if unit.submitted and unit.submitted_at else ""
        sheet.write_number(line, 0, line, number)
        for place, entry in enumerate((unit.unit, unit.state, when), 1):
            sheet.write_string(line, place, entry, text)
        for place, table in enumerate(content.tables, 4):
            counted = unit.count(content.questionnaire, table) if unit.included else "–"
            if isinstance(counted, int):
                sheet.write_number(line, place, counted, number)
            else:
                sheet.write_string(line, place, counted, text)
        sheet.write_string(line, 4 + len(labels), "列入" if unit.included else "未列入", text)
    sheet.freeze_panes(1, 2)
    _lay_out(sheet, content.title)


def _write_notes(sheet: Any, formats: Formats, content: MergedContent) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, content.title, formats.get(bold=True, font_size=14, font_color="#1F3F77"))
    label, text = formats.get(bold=True, valign="top"), formats.get(text_wrap=True, valign="top")
    for line, (heading, sentence) in enumerate(_notes(content), 2):
        sheet.write_string(line, 0, heading, label)
        sheet.write_string(line, 1, sentence, text)
    _lay_out(sheet, content.title)


def _notes(content: MergedContent) -> Iterator[tuple[str, str]]:
    missing = [unit.unit for unit in content.units if not unit.submitted]
    yield "统计年度", f"{content.year} 年度"
    yield "名单格式", f"{content.questionnaire.title}（{content.questionnaire.id}）"
    yield "范围", "含未上报的单位，未上报的为当前填写的内容" if content.unsubmitted else "仅已上报的单位，按上报的内容"
    yield "导出", f"{content.by}，{content.at:%Y-%m-%d %H:%M:%S}"
    yield "已上报", f"{len(content.units) - len(missing)} 个单位"
    yield "未上报", f"{len(missing)} 个单位" + (f"：{'、'.join(missing)}" if missing else "")
    yield "上报状态", "未上报、已上报、全国退回、已接收；全国退回的视为未上报。"
    yield "空白", "未填写（不等于 0）。"
    yield "附件不印", "标有「附件不印」的列只在系统中填写，供核对，不印在附件上。"


def _lay_out(sheet: Any, title: str, *, wide: bool = False) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A3 if wide else _A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_TITLE, _UNIT)
    sheet.set_header(f"&C{title.replace('&', '&&')}")
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
