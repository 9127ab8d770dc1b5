"""附件1 of all units as one workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

import xlsxwriter

from guanshu.survey.documents.export_workbook.formats import Formats, row_height

_HEADS = (
    ("序号", 5), ("单位名称", 16), ("管理员账号", 12), ("状态", 8), ("单位及部门", 20), ("姓名", 9), ("性别", 5),
    ("职务（职级）", 14), ("办公电话", 15), ("手机", 13), ("电子邮箱", 22), ("填报时间", 16),
    ("确认时间", 16), ("确认人", 11),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One unit: `texts` are the columns from 单位名称 on."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummaryContent:
    """What the workbook says."""

    year: int
    at: datetime
    by: str
    lines: Sequence[SummaryLine]

    @property
    def title(self) -> str:
        """Return the workbook's title, which is its file's name too."""
        return f"{self.year}年度省级科协管理员信息采集表（汇总）"


def write_summary(content: SummaryContent, target: IO[bytes]) -> None:
    """Write the workbook into a buffer; every value is text, so that no number loses a digit and nothing is run."""
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": content.title, "created": content.at.replace(tzinfo=None)})
    formats = Formats(book)
    sheet: Any = book.add_worksheet("附件1汇总")
    sheet.merge_range(0, 0, 0, len(_HEADS) - 1, content.title, formats.head(dark=True))
    for place, (label, width) in enumerate(_HEADS):
        sheet.write_string(1, place, label, formats.head())
        sheet.set_column(place, place, width)
    text, count = formats.body("@", left=True, wrap=True), formats.body("0")
    for number, line in enumerate(content.lines, 1):
        sheet.set_row(number + 1, row_height(line.texts, [width for _, width in _HEADS[1:]]))
        sheet.write_number(number + 1, 0, number, count)
        for place, value in enumerate(line.texts, 1):
            sheet.write_string(number + 1, place, value, text)
    last = len(content.lines) + 3
    sheet.write_string(
        last, 0, f"导出：{content.by}，{content.at:%Y-%m-%d %H:%M:%S}。含个人信息，请妥善保管。", formats.get()
    )
    sheet.freeze_panes(2, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    book.close()
