"""Tables of Word documents: fixed widths, header rows repeated on every page, rows that are not torn apart."""

from collections.abc import Sequence
from typing import Any, Literal

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell, _Row

from guanshu.survey.documents.word.fonts import set_font

Align = Literal["left", "center", "right"]
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def add_table(document: Document, widths: Sequence[float]) -> Table:
    """Add a table with these column widths in centimetres and no row yet."""
    table: Table = document.add_table(rows=0, cols=len(widths))
    table.style = document.styles["Table Grid"]
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    return table


def add_row(table: Table, widths: Sequence[float], *, head: bool = False, height: float = 0.0) -> _Row:
    """Add a row that stays on one page, at least so many centimetres high; a header row comes again on every page."""
    untyped: Any = table
    row: _Row = untyped.add_row()
    marks = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx offers no other way
    marks.append(OxmlElement("w:cantSplit"))
    if height:
        row.height = Cm(height)
    if head:
        marks.append(OxmlElement("w:tblHeader"))
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = Cm(width)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return row


def write(cell: _Cell, text: str, font: str, size: float, *, align: Align = "left", line: float = 18) -> None:
    """Write a cell's text, one paragraph a line."""
    for place, part in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        set_font(paragraph.add_run(part), font, size)
        paragraph.alignment = _ALIGN[align]
        paragraph.paragraph_format.line_spacing = Pt(line)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)


def keep_with_next(row: _Row) -> None:
    """Keep a row on the page of the row after it."""
    for cell in row.cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def inset(table: Table, millimetres: float) -> None:
    """Set the room left and right of every cell's text."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        room = OxmlElement(f"w:{side}")
        room.set(qn("w:w"), str(round(millimetres * 56.7)))
        room.set(qn("w:type"), "dxa")
        margins.append(room)
    # Word wants it before what the style's bands look like.
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)  # noqa: SLF001
