"""The blank form as a Word file, one table after the other, wide ones on lying sheets."""

from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell

from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.documents.blank_form.content import BlankSheet, notes, sheets
from guanshu.survey.documents.report_pdf.grid import Box, Grid, positions
from guanshu.survey.documents.word.fonts import HEI, SONG, TITLE_SONG, page_number, set_font, set_style, speak_chinese
from guanshu.survey.documents.word.saving import describe, saved
from guanshu.survey.documents.word.tables import add_row, add_table, inset, keep_with_next, write

_BODY, _SMALL, _LINE = 9.0, 8.0, 12.0
_ROW_CM = 0.62
# A4 and its side margins, in millimetres.
_LONG, _SHORT, _SIDE = 297, 210, 17
# A table of so many rows is not torn apart; a longer one only not before its last rows.
_TOGETHER, _LAST = 20, 2
_FILLS = {"calc": "F3F3F3", "closed": "CDCDCD", "head": "ECECEC"}
_SIGNED = ("填报单位（盖章）", "单位负责人", "审核人", "填报人", "联系电话", "报出日期")


def make_blank_docx(questionnaire: Questionnaire, year: int) -> bytes:
    """Return the form of a year as .docx; the same arguments give the same bytes."""
    document = docx.Document()
    speak_chinese(document)
    set_style(document, "Normal", SONG, _BODY, _LINE)
    for level, size in ((1, 15.0), (2, 13.0)):
        set_style(document, f"Heading {level}", HEI, size, size * 1.6)
    _turn(document, across=False)
    page_number(document.sections[0].footer.paragraphs[0])
    _cover(document, questionnaire, year)
    across, group = None, ""
    for sheet in sheets(questionnaire, year):
        if sheet.across is not across:
            document.add_section(WD_SECTION.NEW_PAGE)
            _turn(document, across=sheet.across)
            across = sheet.across
        if sheet.table.group not in (group, sheet.table.title):
            heading = document.add_heading(level=1)
            heading.paragraph_format.space_before = Pt(16)
            heading.add_run(sheet.table.group)
        group = sheet.table.group
        _table(document, sheet, year)
    describe(document, f"{year}年度{questionnaire.title}", questionnaire.organisation)
    return saved(document)


def _turn(document: Document, *, across: bool) -> None:
    """Set the last section's sheet: A4, standing or lying."""
    section = document.sections[-1]
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(_LONG), Mm(_SHORT)) if across else (Mm(_SHORT), Mm(_LONG))
    section.left_margin = section.right_margin = Mm(_SIDE)
    section.top_margin, section.bottom_margin = Mm(18), Mm(16)


def _cover(document: Document, questionnaire: Questionnaire, year: int) -> None:
    _line(document, "", 60)
    _line(document, questionnaire.title, 40, font=TITLE_SONG, size=24, center=True)
    _line(document, f"{year} 年度", 30, font=TITLE_SONG, size=16, center=True)
    _line(document, "", 40)
    table = add_table(document, widths := (4.5, 9.5))
    for label in _SIGNED:
        row = add_row(table, widths, height=1.1)
        write(row.cells[0], label, SONG, 11, align="center")
        write(row.cells[1], "", SONG, 11)
    _line(document, "", 30)
    _line(document, "填报说明", 18, font=HEI, size=10.5)
    for place, note in enumerate(notes(year), 1):
        _line(document, f"{place}．{note}", 16, size=10.5)


def _line(
    document: Document, text: str, height: float, *, font: str = SONG, size: float = _BODY, center: bool = False
) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(height)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if center else WD_ALIGN_PARAGRAPH.LEFT
    set_font(paragraph.add_run(text), font, size)


def _table(document: Document, sheet: BlankSheet, year: int) -> None:
    heading = document.add_heading(level=2)
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    heading.paragraph_format.space_before = Pt(12)
    heading.add_run(sheet.table.title)
    told = document.add_paragraph()
    told.paragraph_format.keep_with_next = True
    width = (_LONG if sheet.across else _SHORT) - 2 * _SIDE
    told.paragraph_format.tab_stops.add_tab_stop(Mm(width), WD_TAB_ALIGNMENT.RIGHT)
    set_font(told.add_run("　".join((*sheet.lines, f"填报单位：\t{year} 年"))), SONG, _SMALL)
    for place, grid in enumerate(sheet.grids, 1):
        _grid(document, grid, followed=place < len(sheet.grids) or bool(sheet.table.note))
    if sheet.table.note:
        set_font(document.add_paragraph().add_run(f"说明：{sheet.table.note}"), SONG, _SMALL)


def _grid(document: Document, grid: Grid, *, followed: bool) -> None:
    """Write a grid; followed: what comes after it stays with its last rows."""
    widths = [width / 10 for width in grid.columns]
    table = add_table(document, widths)
    inset(table, 1.2)
    points = min(grid.points, _BODY)
    for rows, head in ((grid.head, True), (grid.body, False)):
        made = [list(add_row(table, widths, head=head, height=_ROW_CM).cells) for _ in rows]
        for place, row in enumerate(positions(rows, len(widths))):
            for start, box in row:
                cell = made[place][start]
                if box.across > 1 or box.down > 1:
                    cell = cell.merge(made[place + box.down - 1][start + box.across - 1])
                _box(cell, box, points)
    _keep(table, len(grid.head), followed=followed)
    after = document.add_paragraph().paragraph_format
    after.line_spacing, after.keep_with_next = Pt(6), followed


def _keep(table: Table, heads: int, *, followed: bool) -> None:
    rows = list(table.rows)
    together = rows if len(rows) <= _TOGETHER else [*rows[: heads + 1], *rows[-_LAST:]]
    for row in together if followed else together[:-1]:
        keep_with_next(row)


def _box(cell: _Cell, box: Box, points: float) -> None:
    text = "　" * box.indent + box.text
    write(cell, text, SONG, points - (1 if box.small else 0), align=box.align, line=max(points + 3, 8))
    fill = _FILLS.get(box.fill)
    if fill:
        shade: Any = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:color"), "auto")
        shade.set(qn("w:fill"), fill)
        cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - python-docx offers no other way
