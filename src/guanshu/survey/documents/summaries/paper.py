"""An official Word document: A4, Chinese fonts by name, headings that Word lists in its navigation pane."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

SONG, HEI, FANG = "宋体", "黑体", "仿宋"
_WESTERN = "Times New Roman"
_GREY = RGBColor(0x80, 0x80, 0x80)
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_WIDTH_CM = 15.6


class Paper:
    """Builds one document from top to bottom."""

    def __init__(self, title: str, author: str) -> None:
        self._document: Document = docx.Document()
        self._set_page()
        # Which country's shapes a substituted font takes, where the named ones are missing.
        for language in self._document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")
        self._style("Normal", FANG, 16)
        self._style("Title", HEI, 22)
        self._style("Heading 1", HEI, 16)
        properties = self._document.core_properties
        properties.title, properties.author, properties.language = title, author, "zh-CN"
        properties.comments = ""
        properties.created = properties.modified = _NO_TIME
        heading = self._document.add_paragraph(title, style="Title")
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        heading.paragraph_format.space_after = Pt(18)

    def _set_page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.top_margin, section.bottom_margin = Cm(3.5), Cm(3)
        section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
        _page_number(section.footer.paragraphs[0])

    def _style(self, name: str, font: str, size: float) -> None:
        style = self._document.styles[name]
        assert isinstance(style, ParagraphStyle)  # noqa: S101 (the three are paragraph styles in the package's template)
        style.font.name, style.font.size, style.font.bold = _WESTERN, Pt(size), False
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for kind in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{kind}"), _WESTERN)
        fonts.set(qn("w:eastAsia"), font)
        borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
        if borders is not None:
            style.element.get_or_add_pPr().remove(borders)
        style.paragraph_format.line_spacing = Pt(28)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)

    def line(self, text: str) -> None:
        """Add a centred line under the title."""
        paragraph = self._document.add_paragraph(text)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(12)

    def heading(self, text: str) -> None:
        """Add a heading of the notice."""
        paragraph = self._document.add_paragraph(text, style="Heading 1")
        _indent(paragraph)
        paragraph.paragraph_format.space_before = Pt(10)
        paragraph.paragraph_format.keep_with_next = True

    def text(self, text: str, *, hint: bool = False) -> None:
        """Add paragraphs, one a line; a hint is grey, to be written over."""
        for line in filter(None, (part.strip() for part in text.split("\n"))):
            paragraph = self._document.add_paragraph()
            _indent(paragraph)
            run = paragraph.add_run(line)
            if hint:
                run.font.color.rgb = _GREY

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], right: int) -> None:
        """Add a table (widths as shares) whose head repeats on every page; column `right` is aligned right."""
        table = self._document.add_table(rows=0, cols=len(heads))
        table.style = self._document.styles["Table Grid"]
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, share in zip(table.columns, widths, strict=True):
            column.width = Cm(_WIDTH_CM * share / sum(widths))
        for number, texts in enumerate([heads, *rows]):
            row = table.add_row()
            mark = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx offers no other way
            mark.append(OxmlElement("w:cantSplit"))
            if number == 0:
                mark.append(OxmlElement("w:tblHeader"))
            for column, (text, share) in enumerate(zip(texts, widths, strict=True)):
                cell = row.cells[column]
                cell.width = Cm(_WIDTH_CM * share / sum(widths))
                _small(cell.paragraphs[0], text, head=number == 0, right=column == right and number > 0)

    def bytes(self) -> bytes:
        """Return the .docx."""
        buffer = io.BytesIO()
        self._document.save(buffer)
        return buffer.getvalue()


def _small(paragraph: Paragraph, text: str, *, head: bool, right: bool) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(10.5)
    run.font.name = _WESTERN
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEI if head else SONG)  # noqa: SLF001
    paragraph.paragraph_format.line_spacing = Pt(18)
    if head:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _indent(paragraph: Paragraph) -> None:
    # Two characters, whatever their size.
    indent = OxmlElement("w:ind")
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), "640")
    paragraph._p.get_or_add_pPr().append(indent)  # noqa: SLF001


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in (("— ", ""), ("", "PAGE"), (" —", "")):
        run = paragraph.add_run(text)
        run.font.size = Pt(12)
        if field:
            element = OxmlElement("w:fldSimple")
            element.set(qn("w:instr"), field)
            element.append(run._element)  # noqa: SLF001
            paragraph._p.append(element)  # noqa: SLF001
