"""A list as a Word document."""

from datetime import date

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENTATION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from docx.table import Table, _Cell

from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.documents.province_lists.sheet import NOTHING, Sheet, list_sheet
from guanshu.survey.documents.word.fonts import FANG, HEI, TITLE_SONG, page_number, set_font, set_style, speak_chinese
from guanshu.survey.documents.word.saving import describe, saved
from guanshu.survey.documents.word.tables import add_row, add_table, inset, keep_with_next, write

_LONG, _SHORT = 29.7, 21.0
_MARGIN_TOP, _MARGIN_SIDE = 2.5, 2.3
_ROW = 0.95
# How far 签字 and 日期 stand from the left, in centimetres.
_SIGN = 6.0


def make_list_docx(
    questionnaire: Questionnaire,
    list_role_or_table: str,
    answers: Answers,
    *,
    unit: str,
    filled_on: date | None = None,
) -> bytes:
    """Return a list as .docx; the same arguments give the same bytes. Raises KeyError for what is no list."""
    sheet = list_sheet(questionnaire, list_role_or_table, answers, unit=unit, filled_on=filled_on)
    document = docx.Document()
    width = _set_page(document, lying=sheet.lying)
    speak_chinese(document)
    set_style(document, "Normal", FANG, 12, 20)
    describe(document, "".join(sheet.title), unit)
    _write_head(document, sheet)
    _write_table(document, sheet, width)
    note = document.add_paragraph()
    set_font(note.add_run(sheet.note), FANG, 12)
    note.paragraph_format.space_before = Pt(8)
    return saved(document)


def _set_page(document: Document, *, lying: bool) -> float:
    section = document.sections[0]
    section.orientation = WD_ORIENTATION.LANDSCAPE if lying else WD_ORIENTATION.PORTRAIT
    wide, high = (_LONG, _SHORT) if lying else (_SHORT, _LONG)
    section.page_width, section.page_height = Cm(wide), Cm(high)
    section.top_margin = section.bottom_margin = Cm(_MARGIN_TOP)
    section.left_margin = section.right_margin = Cm(_MARGIN_SIDE)
    page_number(section.footer.paragraphs[0])
    return wide - 2 * _MARGIN_SIDE


def _write_head(document: Document, sheet: Sheet) -> None:
    set_font(document.add_paragraph().add_run(sheet.number), HEI, 16)
    for place, line in enumerate(sheet.title):
        title = document.add_paragraph()
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.paragraph_format.line_spacing = Pt(32)
        title.paragraph_format.space_before = Pt(0 if place else 6)
        title.paragraph_format.keep_with_next = True
        set_font(title.add_run(line), TITLE_SONG, 22)
    head = document.add_paragraph()
    head.paragraph_format.space_before, head.paragraph_format.space_after = Pt(12), Pt(6)
    head.paragraph_format.keep_with_next = True
    set_font(head.add_run(sheet.head), FANG, 14)


def _write_table(document: Document, sheet: Sheet, width: float) -> None:
    size = 10.5 if sheet.lying else 12
    whole = sum(column.share for column in sheet.columns)
    widths = [width * column.share / whole for column in sheet.columns]
    table = add_table(document, widths)
    inset(table, 1.2)
    head = add_row(table, widths, head=True, height=_ROW)
    for cell, column in zip(head.cells, sheet.columns, strict=True):
        write(cell, column.label, HEI, size, align="center")
    for texts in sheet.rows or [("",) * len(sheet.columns)]:
        row = add_row(table, widths, height=_ROW)
        if sheet.nothing:
            write(row.cells[0].merge(row.cells[-1]), NOTHING, FANG, size, align="center")
            continue
        for cell, text, column in zip(row.cells, texts, sheet.columns, strict=True):
            write(cell, text, FANG, size, align=column.align)
    if sheet.opinion:
        _write_opinion(table, sheet, widths, size)


def _write_opinion(table: Table, sheet: Sheet, widths: list[float], size: float) -> None:
    # The last line of the list goes with it, so that no page has nothing but the place for the seal.
    keep_with_next(table.rows[-1])
    row = add_row(table, widths, height=4.2)
    label = row.cells[0]
    write(label, sheet.opinion_label, FANG, size, align="center")
    room = row.cells[1].merge(row.cells[-1])
    write(room, sheet.opinion, FANG, size, line=20)
    room.paragraphs[0].paragraph_format.first_line_indent = Pt(2 * size)
    for place, text in enumerate(sheet.sign):
        _sign(room, text, size, first=place == 0)


def _sign(room: _Cell, text: str, size: float, *, first: bool) -> None:
    paragraph = room.add_paragraph()
    set_font(paragraph.add_run(text), FANG, size)
    paragraph.paragraph_format.left_indent = Cm(_SIGN)
    paragraph.paragraph_format.space_before = Pt(24 if first else 6)
    paragraph.paragraph_format.space_after = Pt(6)
