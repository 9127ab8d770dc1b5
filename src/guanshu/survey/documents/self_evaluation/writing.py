"""The Word side of the draft: official page, headings of two levels, captions, tables, pictures."""

import io
import re
from collections.abc import Sequence

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from guanshu.survey.documents.charts import Bars, make_bars_png
from guanshu.survey.documents.word.fonts import (
    FANG,
    HEI,
    KAI,
    SONG,
    TITLE_SONG,
    indent,
    page_number,
    set_font,
    set_style,
    speak_chinese,
)
from guanshu.survey.documents.word.saving import describe, saved
from guanshu.survey.documents.word.tables import Align, add_row, add_table, inset, write

_WIDTH_CM = 15.6
_BLANK = re.compile(r"(【请补充[^】]*】)")
_MOST_BARS = 20


class Draft:
    """Builds the report from top to bottom."""

    def __init__(self, title: Sequence[str], author: str) -> None:
        self._document: Document = docx.Document()
        self._tables = self._pictures = 0
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
        section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
        page_number(section.footer.paragraphs[0])
        speak_chinese(self._document)
        set_style(self._document, "Normal", FANG, 16)
        set_style(self._document, "Title", TITLE_SONG, 22, 34)
        set_style(self._document, "Heading 1", HEI, 16)
        set_style(self._document, "Heading 2", KAI, 16)
        describe(self._document, "".join(title), author)
        for line in title:
            self._document.add_paragraph(line, style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER

    def number(self, text: str) -> None:
        """Add the document's number under the title."""
        self._document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.CENTER

    def gap(self) -> None:
        """Leave one line free."""
        self._document.add_paragraph()

    def heading(self, text: str, level: int = 1) -> None:
        """Add a heading of the notice (1) or one beneath it (2)."""
        paragraph = self._document.add_paragraph(text, style=f"Heading {level}")
        indent(paragraph)
        paragraph.paragraph_format.keep_with_next = True

    def text(self, text: str) -> None:
        """Add a paragraph; the places for a person to write are marked yellow."""
        paragraph = self._document.add_paragraph()
        indent(paragraph)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        _fill(paragraph, text)

    def right(self, text: str) -> None:
        """Add a line at the right, as who signs and when."""
        paragraph = self._document.add_paragraph()
        _fill(paragraph, text)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Cm(1.2)

    def table(
        self,
        caption: str,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        widths: Sequence[float],
        aligns: str,
        total: bool = False,
    ) -> None:
        """Add a numbered table; widths are shares, `aligns` one of l c r a column, `total`: the last row is a sum."""
        self._tables += 1
        self._caption(f"表{self._tables}　{caption}", above=True)
        wide = [_WIDTH_CM * share / sum(widths) for share in widths]
        table = add_table(self._document, wide)
        inset(table, 1.0)
        places: dict[str, Align] = {"l": "left", "c": "center", "r": "right"}
        for cell, text in zip(add_row(table, wide, head=True, height=0.8).cells, heads, strict=True):
            write(cell, text, HEI, 10.5, align="center", line=16)
        for place, texts in enumerate(rows, 1):
            row = add_row(table, wide, height=0.7)
            font = HEI if total and place == len(rows) else SONG
            for cell, text, align in zip(row.cells, texts, aligns, strict=True):
                write(cell, text, font, 10.5, align=places[align], line=16)
        self._document.add_paragraph().paragraph_format.line_spacing = Pt(12)

    def picture(self, caption: str, chart: Bars) -> None:
        """Add a numbered chart; of very many lines the first ones."""
        if not chart.lines:
            return
        self._pictures += 1
        shown = chart.lines[:_MOST_BARS]
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.line_spacing = 1.0
        paragraph.paragraph_format.keep_with_next = True
        picture = make_bars_png(Bars(chart.unit, chart.series, shown))
        paragraph.add_run().add_picture(io.BytesIO(picture), width=Cm(_WIDTH_CM))
        note = f"（前{_MOST_BARS}座）" if len(shown) < len(chart.lines) else ""
        self._caption(f"图{self._pictures}　{caption}{note}", above=False)

    def _caption(self, text: str, *, above: bool) -> Paragraph:
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(6 if above else 0)
        paragraph.paragraph_format.space_after = Pt(4 if above else 8)
        paragraph.paragraph_format.keep_with_next = above
        set_font(paragraph.add_run(text), HEI, 12)
        return paragraph

    def bytes(self) -> bytes:
        """Return the .docx."""
        return saved(self._document)


def _fill(paragraph: Paragraph, text: str) -> None:
    for part in filter(None, _BLANK.split(text)):
        run = paragraph.add_run(part)
        if _BLANK.fullmatch(part):
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
