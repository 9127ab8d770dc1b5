"""One unit's 附件1 as a Word document."""

from dataclasses import dataclass
from datetime import date

NUMBER, TITLE = "附件1", "省级科协管理员信息采集表"
# Exactly as the notice has them, with the spaces that set short labels wide.
LABELS = ("单位及部门", "姓  名", "性  别", "职务（职级）", "办公电话", "手  机", "电子邮箱")
_WIDTHS = (5.2, 10.4)
_ROW = 1.5


@dataclass(frozen=True, slots=True)
class CardContent:
    """What is printed: the values in the order of LABELS, and what the note below says."""

    unit: str
    values: tuple[str, ...]
    due: date
    mail: str = ""
    phone: str = ""


def note(due: date, mail: str = "", phone: str = "") -> str:
    """Return 注意事项 in the notice's words; mail and phone: the system's own, left out where they are not known."""
    return (
        f"注意事项：请在{due.year}年{due.month}月{due.day}日前将联系人信息表发送"
        f"至邮箱{mail}，发送后请电话联系{phone}确认。"
    )


def make_card_docx(content: CardContent) -> bytes:
    """Return the .docx; the same content gives the same bytes."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    from guanshu.survey.documents.word.fonts import FANG, HEI, TITLE_SONG, set_font, set_style, speak_chinese
    from guanshu.survey.documents.word.saving import describe, saved
    from guanshu.survey.documents.word.tables import add_row, add_table, write

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.top_margin = section.bottom_margin = Cm(3.0)
    section.left_margin = section.right_margin = Cm(2.7)
    speak_chinese(document)
    set_style(document, "Normal", FANG, 14, 26)
    describe(document, TITLE, content.unit)
    set_font(document.add_paragraph().add_run(NUMBER), HEI, 16)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(34)
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(10), Pt(16)
    set_font(title.add_run(TITLE), TITLE_SONG, 22)
    table = add_table(document, _WIDTHS)
    for label, value in zip(LABELS, content.values, strict=True):
        row = add_row(table, _WIDTHS, height=_ROW)
        write(row.cells[0], label, FANG, 16, align="center", line=24)
        write(row.cells[1], value, FANG, 16, align="center", line=24)
    below = document.add_paragraph()
    below.paragraph_format.space_before = Pt(14)
    set_font(below.add_run(note(content.due, content.mail, content.phone)), FANG, 14)
    return saved(document)
