"""Puts the workbook together, sheet by sheet."""

import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from guanshu.survey.definition.model import Questionnaire, Table, TableKind
from guanshu.survey.documents.export_workbook.columns import (
    FIRST,
    LEADS,
    NAME,
    ROW_LEADS,
    TITLE,
    UNIT,
    Lead,
    form_columns,
    row_columns,
    write_header,
)
from guanshu.survey.documents.export_workbook.content import ExportContent, ExportedReport
from guanshu.survey.documents.export_workbook.formats import Formats, writer
from guanshu.survey.documents.export_workbook.notes import OpinionSheet, write_notes
from guanshu.survey.values.missing import BLANK

MAIN = "基础信息"
_NAME_COLUMN = 3
_NO_GUESSING = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
_NUMBER = Lead("row", "行号", 8, lambda _: "")


def write_workbook(content: ExportContent, target: Path | IO[bytes]) -> None:
    """Write the workbook to a file or stream: main sheet, one sheet a rows table, opinions, notes."""
    with tempfile.TemporaryDirectory(prefix="guanshu-export-") as place:
        # Lines go to files at once instead of staying in memory; nobody else may read the folder, and it is removed.
        # No formula, address or number is ever made out of a respondent's text.
        options = {"constant_memory": True, "tmpdir": place, **dict.fromkeys(_NO_GUESSING, False)}
        book = xlsxwriter.Workbook(target, options)
        _fill(book, content)
        book.close()


def _fill(book: Any, content: ExportContent) -> None:
    """Write every sheet, going through the organisations once."""
    book.set_properties({"title": content.title, "created": content.at.replace(tzinfo=None)})
    formats, form = Formats(book), content.questionnaire
    tables = [table for table in form.tables if table.kind is TableKind.ROWS]
    sheets: list[MainSheet | RowsSheet | OpinionSheet] = [
        MainSheet(book.add_worksheet(MAIN), formats, form),
        *(RowsSheet(book.add_worksheet(sheet_name(table)), formats, table) for table in tables),
        OpinionSheet(book.add_worksheet("审核意见与说明"), formats),
    ]
    states: Counter[str] = Counter()
    for report in content.reports:
        states[f"{report.state}／{report.review_state}"] += 1
        for sheet in sheets:
            sheet.add(report)
    for sheet in sheets:
        sheet.finish()
        if not isinstance(sheet, OpinionSheet):
            _set_page(sheet.sheet, content.title)
    write_notes(book.add_worksheet("说明"), formats, content, states)


class MainSheet:
    """One line an organisation, a column a field."""

    def __init__(self, sheet: Any, formats: Formats, form: Questionnaire) -> None:
        self.sheet, self.line = sheet, FIRST
        columns, start = form_columns(form), len(LEADS)
        self.width = start + len(columns)
        write_header(sheet, formats, LEADS, columns)
        self.writers = [
            (place, column, column.name, writer(column.cell, sheet, formats))
            for place, column in enumerate(columns, start)
        ]
        self.text = formats.body("@", left=True)

    def add(self, report: ExportedReport) -> None:
        """Write one organisation."""
        line, values = self.line, report.values
        for place, lead in enumerate(LEADS):
            self.sheet.write_string(line, place, lead.text(report), self.text)
        for place, column, name, write in self.writers:
            write(line, place, values.get(name, BLANK) if column.cell else column.tick(report))
        self.line += 1

    def finish(self) -> None:
        """Keep header and names in sight, on the screen and on every printed page; add filters."""
        _finish(self.sheet, self.line - FIRST, self.width, _NAME_COLUMN)


class RowsSheet:
    """One line a row of a rows table."""

    def __init__(self, sheet: Any, formats: Formats, table: Table) -> None:
        self.sheet, self.table, self.line = sheet, table, FIRST
        columns, start = row_columns(table), len(ROW_LEADS) + 1
        self.width = start + len(columns)
        write_header(sheet, formats, (*ROW_LEADS, _NUMBER), columns)
        self.writers = [
            (place, column.name, writer(column.cell, sheet, formats)) for place, column in enumerate(columns, start)
        ]
        self.text, self.count = formats.body("@", left=True), formats.body("0")

    def add(self, report: ExportedReport) -> None:
        """Write the rows of one organisation."""
        write_string, values, leads = self.sheet.write_string, report.values, [lead.text(report) for lead in ROW_LEADS]
        for number, row in enumerate(report.answers.rows.get(self.table.name, ()), 1):
            line = self.line
            for place, entry in enumerate(leads):
                write_string(line, place, entry, self.text)
            self.sheet.write_number(line, len(leads), number, self.count)
            prefix = f"{self.table.name}[{row.id}]."
            for place, name, write in self.writers:
                address = prefix + name
                write(line, place, values[address] if address in values else row.cells.get(name, BLANK))
            self.line += 1

    def finish(self) -> None:
        """Keep header and names in sight, on the screen and on every printed page; add filters."""
        _finish(self.sheet, self.line - FIRST, self.width, 0)


def sheet_name(table: Table) -> str:
    """Return the name of a rows table's sheet: number and title, without what Excel forbids, at most 31 characters."""
    return re.sub(r"[\[\]:*?/\\']", " ", f"{table.number} {table.title}")[:31].rstrip()


def _finish(sheet: Any, lines: int, columns: int, name: int) -> None:
    sheet.freeze_panes(FIRST, name + 1)
    sheet.repeat_columns(name, name)
    if lines:
        sheet.autofilter(NAME, 0, NAME + lines, columns - 1)


def _set_page(sheet: Any, title: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.repeat_rows(TITLE, UNIT)
    sheet.set_header(f"&C{title.replace('&', '&&')}")
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
