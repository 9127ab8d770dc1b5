"""An official Word document: A4, Chinese fonts by name, headings that Word lists in its navigation pane."""

from collections.abc import Sequence

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt, RGBColor

from guanshu.survey.documents.report_pdf.text import ems
from guanshu.survey.documents.word.fonts import FANG, HEI, SONG, indent, page_number, set_style, speak_chinese
from guanshu.survey.documents.word.saving import describe, saved
from guanshu.survey.documents.word.tables import Align, add_row, add_table, write

_GREY = RGBColor(0x80, 0x80, 0x80)
_WIDTH_CM = 15.6
# What stands on one line of the title.
_TITLE_EMS = 20


class Paper:
    """Builds one document from top to bottom."""

    def __init__(self, title: str, author: str) -> None:
        self._document: Document = docx.Document()
        self._set_page()
        speak_chinese(self._document)
        set_style(self._document, "Normal", FANG, 16)
        set_style(self._document, "Title", HEI, 22)
        set_style(self._document, "Heading 1", HEI, 16)
        describe(self._document, title, author)
        # A title of two lines is broken after the office's name, not before its last character.
        broken = title.startswith(author) and ems(title) > _TITLE_EMS
        lines = [author, title.removeprefix(author)] if broken else [title]
        heading = self._document.add_paragraph(lines[0], style="Title")
        for line in lines[1:]:
            heading.add_run().add_break()
            heading.add_run(line)
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        heading.paragraph_format.space_after = Pt(18)

    def _set_page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.top_margin, section.bottom_margin = Cm(3.5), Cm(3)
        section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
        page_number(section.footer.paragraphs[0])

    def line(self, text: str) -> None:
        """Add a centred line under the title."""
        paragraph = self._document.add_paragraph(text)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(12)

    def heading(self, text: str) -> None:
        """Add a heading of the notice."""
        paragraph = self._document.add_paragraph(text, style="Heading 1")
        indent(paragraph)
        paragraph.paragraph_format.space_before = Pt(10)
        paragraph.paragraph_format.keep_with_next = True

    def text(self, text: str, *, hint: bool = False) -> None:
        """Add paragraphs, one a line; a hint is grey, to be written over."""
        for line in filter(None, (part.strip() for part in text.split("\n"))):
            paragraph = self._document.add_paragraph()
            indent(paragraph)
            run = paragraph.add_run(line)
            if hint:
                run.font.color.rgb = _GREY

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], right: int) -> None:
        """Add a table (widths as shares) whose head repeats on every page; column `right` is aligned right."""
        wide = [_WIDTH_CM * share / sum(widths) for share in widths]
        table = add_table(self._document, wide)
        for number, texts in enumerate([heads, *rows]):
            head = number == 0
            row = add_row(table, wide, head=head)
            for column, text in enumerate(texts):
                align: Align = "center" if head else "right" if column == right else "left"
                write(row.cells[column], text, HEI if head else SONG, 10.5, align=align)

    def bytes(self) -> bytes:
        """Return the .docx."""
        return saved(self._document)
