"""Puts the workbook together, sheet by sheet."""

import re
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from guanshu.survey.definition.model import Table, TableKind
from guanshu.survey.documents.export_workbook.columns import (
    FIRST,
    LEADS,
    NAME,
    ROW_LEADS,
    TITLE,
    UNIT,
    form_columns,
    row_columns,
    write_header,
    write_leads,
)
from guanshu.survey.documents.export_workbook.content import ExportContent
from guanshu.survey.documents.export_workbook.formats import Formats, writer
from guanshu.survey.documents.export_workbook.notes import write_notes, write_opinions
from guanshu.survey.values.missing import BLANK

MAIN = "基础信息"
_NAME_COLUMN = 3


def write_workbook(content: ExportContent, target: Path | IO[bytes]) -> None:
    """Write the workbook to a file or stream: main sheet, one sheet a rows table, opinions, notes."""
    # No formula, address or number is ever made out of a respondent's text; no temporary files hold it either.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": content.title, "created": content.at.replace(tzinfo=None)})
    formats = Formats(book)
    _write_main(book, formats, content)
    for table in content.questionnaire.tables:
        if table.kind is TableKind.ROWS:
            _write_rows(book, formats, content, table)
    write_opinions(book.add_worksheet("审核意见与说明"), formats, content)
    write_notes(book.add_worksheet("说明"), formats, content)
    book.close()


def _write_main(book: Any, formats: Formats, content: ExportContent) -> None:
    sheet = book.add_worksheet(MAIN)
    columns = form_columns(content.questionnaire)
    start = len(LEADS)
    write_leads(sheet, formats, LEADS)
    write_header(sheet, formats, columns, start)
    writers = [
        (place, column, column.name, writer(column.cell, sheet, formats)) for place, column in enumerate(columns, start)
    ]
    text, write_string = formats.body("@", left=True), sheet.write_string
    for line, report in enumerate(content.reports, FIRST):
        for place, lead in enumerate(LEADS):
            write_string(line, place, lead.text(report), text)
        values = report.values
        for place, column, name, write in writers:
            write(line, place, values.get(name, BLANK) if column.cell else column.tick(report))
    _finish(sheet, len(content.reports), start + len(columns), _NAME_COLUMN, content.title)


def _write_rows(book: Any, formats: Formats, content: ExportContent, table: Table) -> None:
    sheet = book.add_worksheet(sheet_name(table))
    columns = row_columns(table)
    start = len(ROW_LEADS) + 1
    write_leads(sheet, formats, ROW_LEADS)
    sheet.merge_range(TITLE, start - 1, UNIT, start - 1, "行号", formats.head())
    sheet.write_string(NAME, start - 1, "row", formats.head(small=True))
    write_header(sheet, formats, columns, start)
    writers = [(place, column.name, writer(column.cell, sheet, formats)) for place, column in enumerate(columns, start)]
    text, count, write_string = formats.body("@", left=True), formats.body("0"), sheet.write_string
    line = FIRST
    for report in content.reports:
        values, leads = report.values, [lead.text(report) for lead in ROW_LEADS]
        for number, row in enumerate(report.answers.rows.get(table.name, ()), 1):
            for place, entry in enumerate(leads):
                write_string(line, place, entry, text)
            sheet.write_number(line, start - 1, number, count)
            prefix = f"{table.name}[{row.id}]."
            for place, name, write in writers:
                address = prefix + name
                write(line, place, values[address] if address in values else row.cells.get(name, BLANK))
            line += 1
    _finish(sheet, line - FIRST, start + len(columns), 0, content.title)


def sheet_name(table: Table) -> str:
    """Return the name of a rows table's sheet: number and title, without what Excel forbids, at most 31 characters."""
    return re.sub(r"[\[\]:*?/\\']", " ", f"{table.number} {table.title}")[:31].rstrip()


def _finish(sheet: Any, lines: int, columns: int, name: int, title: str) -> None:
    """Keep header and names in sight, on the screen and on every printed page; add filters."""
    sheet.freeze_panes(FIRST, name + 1)
    sheet.repeat_columns(name, name)
    if lines:
        sheet.autofilter(NAME, 0, NAME + lines, columns - 1)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.repeat_rows(TITLE, UNIT)
    sheet.set_header(f"&C{title.replace('&', '&&')}")
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
