"""Fonts of Word documents, by the names Chinese offices have them; Latin letters and digits in Times New Roman."""

from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

SONG, HEI, FANG, KAI = "宋体", "黑体", "仿宋", "楷体"
# The face of official titles; where it is missing, Word takes another Song.
TITLE_SONG = "方正小标宋简体"
WESTERN = "Times New Roman"
_THEMES = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def speak_chinese(document: Document) -> None:
    """Say which country's shapes a substituted font takes, where the named ones are missing."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def set_style(document: Document, name: str, font: str, size: float, line: float = 28) -> None:
    """Give a paragraph style its faces, size and line height in points; nothing bold, blue or underlined is left."""
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)  # noqa: S101 (all of ours are paragraph styles in the package's template)
    style.font.name, style.font.size, style.font.bold = WESTERN, Pt(size), False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in _THEMES:
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{kind}"), WESTERN)
    fonts.set(qn("w:eastAsia"), font)
    borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:
        style.element.get_or_add_pPr().remove(borders)
    style.paragraph_format.line_spacing = Pt(line)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)


def set_font(run: Run, font: str, size: float) -> Run:
    """Give a run its faces and size."""
    run.font.size, run.font.name = Pt(size), WESTERN
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001
    return run


def indent(paragraph: Paragraph) -> None:
    """Indent the first line by two characters, whatever their size."""
    found = OxmlElement("w:ind")
    found.set(qn("w:firstLineChars"), "200")
    found.set(qn("w:firstLine"), "640")
    paragraph._p.get_or_add_pPr().append(found)  # noqa: SLF001


def page_number(paragraph: Paragraph) -> None:
    """Write — 3 — with the number of the page."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in (("— ", ""), ("", "PAGE"), (" —", "")):
        run = paragraph.add_run(text)
        run.font.size = Pt(12)
        if field:
            element: Any = OxmlElement("w:fldSimple")
            element.set(qn("w:instr"), field)
            element.append(run._element)  # noqa: SLF001
            paragraph._p.append(element)  # noqa: SLF001
