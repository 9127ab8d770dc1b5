"""Which columns a sheet has, and the header above them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind
from guanshu.survey.documents.export_workbook.content import ExportedReport
from guanshu.survey.documents.export_workbook.formats import Formats
from guanshu.survey.values.base import Kind, Value
from guanshu.survey.values.missing import BLANK

# The header's lines: table, indicator, unit, machine name; the first line of values follows.
TITLE, LABEL, UNIT, NAME, FIRST = 0, 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Lead:
    """A column about the report itself; names that begin with `_` are passed over when the file is read back."""

    name: str
    label: str
    width: int
    text: Callable[[ExportedReport], str]


LEADS = (
    Lead("_state", "报表状态", 14, lambda report: report.state),
    Lead("_review_state", "省级审核状态", 13, lambda report: report.review_state),
    Lead("_province", "省份", 10, lambda report: report.province),
    Lead("_name", "馆名", 26, lambda report: report.name),
    Lead("org", "账号编号", 12, lambda report: report.account),
    Lead("_report", "报表编号", 17, lambda report: report.number),
)
ROW_LEADS = (LEADS[3], LEADS[5], LEADS[4])


@dataclass(frozen=True, slots=True)
class Column:
    """A column of values: a cell, or a table's tick (本年度无, 不适用), which has no cell."""

    table: Table
    name: str
    label: str
    cell: Cell | None = None

    @property
    def unit(self) -> str:
        """Return the unit, and whether the figure is of the year or of its last day."""
        if self.cell is None:
            return "是"
        period = f"（{self.cell.period.value}）" if self.cell.period else ""
        return " ".join(part for part in (self.cell.unit, period) if part)

    def tick(self, report: ExportedReport) -> Value:
        """Return 是 where the table is ticked."""
        marked = report.answers.na if self.name.endswith(".na") else report.answers.none
        return "是" if self.table.number in marked or self.table.name in marked else BLANK


def form_columns(questionnaire: Questionnaire) -> list[Column]:
    """Return every column of the main sheet in order; files are left out."""
    columns = []
    for table in questionnaire.tables:
        if table.na is not False:
            columns.append(Column(table, f"{table.number}.na", "整表不适用"))
        if table.kind is TableKind.ROWS:
            columns.append(Column(table, f"{table.name}.none", table.none_label))
        columns += [
            Column(table, cell.name, label(table, cell), cell)
            for cell in table.form_cells
            if cell.type.kind is not Kind.FILE
        ]
    return columns


def row_columns(table: Table) -> list[Column]:
    """Return the columns of a rows table, files left out."""
    return [Column(table, cell.name, cell.label, cell) for cell in table.cells if cell.type.kind is not Kind.FILE]


def label(table: Table, cell: Cell) -> str:
    """Return the words above a column: the indicator, or row · column of a matrix."""
    if table.kind is TableKind.MATRIX and cell.row:
        row = next(line.label for line in table.rows if line.name == cell.row)
        column = next(line.label for line in table.columns if line.name == cell.column)
        return f"{row} · {column}"
    return cell.label


def write_header(sheet: Any, formats: Formats, leads: Sequence[Lead], columns: Sequence[Column]) -> None:
    """Write table, label, unit and name above each column; a table's title spans its columns, a lead's label all three.

    Line after line: a workbook that keeps no lines in memory has passed one on when the next begins.
    """
    head, small, start = formats.head(), formats.head(small=True), len(leads)
    for place, lead in enumerate(leads):
        sheet.set_column(place, place, lead.width)
        sheet.write_string(TITLE, place, lead.label, head)
        # What merge_range does, without the blanks beneath, which would begin the next line.
        sheet.merge.append([TITLE, place, UNIT, place])
    for place, column in enumerate(columns, start):
        sheet.set_column(place, place, _width(column))
    _write_titles(sheet, formats, columns, start)
    sheet.set_row(LABEL, 45)
    sheet.set_row(NAME, 11)
    for line, texts in (
        (LABEL, [column.label for column in columns]),
        (UNIT, [column.unit for column in columns]),
    ):
        for place in range(start):
            sheet.write_blank(line, place, None, head)
        for place, text in enumerate(texts, start):
            sheet.write_string(line, place, text, head)
    for place, name in enumerate([*(lead.name for lead in leads), *(column.name for column in columns)]):
        sheet.write_string(NAME, place, name, small)


def _write_titles(sheet: Any, formats: Formats, columns: Sequence[Column], place: int) -> None:
    for number, group in groupby(columns, key=lambda column: column.table.number):
        members = list(group)
        title = f"表{number} {members[0].table.title}"
        if len(members) > 1:
            sheet.merge_range(TITLE, place, TITLE, place + len(members) - 1, title, formats.head(dark=True))
        else:
            sheet.write_string(TITLE, place, title, formats.head(dark=True))
        place += len(members)


def _width(column: Column) -> float:
    """Return a width in which usual values of the type can be read."""
    kind = column.cell.type.kind if column.cell else Kind.BOOL
    return {Kind.TEXT: 20, Kind.MULTI: 16, Kind.BOOL: 9}.get(kind, 13)
