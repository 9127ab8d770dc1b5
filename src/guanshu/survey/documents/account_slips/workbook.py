"""Slips as a worksheet, for provinces that write letters from it."""

import io

import xlsxwriter

from guanshu.survey.documents.account_slips.content import SlipSheet
from guanshu.survey.documents.export_workbook.formats import Formats

_COLUMNS = (
    ("序号", 6),
    ("馆名", 34),
    ("账号类别", 10),
    ("账号", 14),
    ("初始密码", 20),
    ("登录地址", 30),
    ("有效期至", 14),
    ("发放给", 14),
)


def make_slips_xlsx(sheet: SlipSheet) -> bytes:
    """Return the slips as a workbook of one sheet, a line a slip."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": sheet.title, "created": sheet.at.replace(tzinfo=None)})
    formats, page = Formats(book), book.add_worksheet("账号通知单")
    last = len(_COLUMNS) - 1
    page.merge_range(0, 0, 0, last, f"{sheet.title}　{sheet.unit}　{sheet.at:%Y-%m-%d}", formats.head(dark=True))
    for place, (label, width) in enumerate(_COLUMNS):
        page.write_string(1, place, label, formats.head())
        page.set_column(place, place, width)
    text = formats.body("@", left=True)
    for number, slip in enumerate(sheet.slips, 1):
        line = (str(number), slip.office, slip.role, slip.account, slip.password, sheet.site, sheet.until, sheet.to)
        for place, value in enumerate(line):
            page.write_string(number + 1, place, value, text)
    for place, note in enumerate(sheet.notes, 1):
        page.write_string(len(sheet.slips) + 2 + place, 0, f"{place}．{note}", formats.get())
    page.freeze_panes(2, 0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, 1)
    page.set_footer("&C第 &P 页，共 &N 页")
    book.close()
    return buffer.getvalue()
