"""Plain lists of text as CSV or XLSX (the auditor's export): nothing in them is ever a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from guanshu.survey.documents.export_workbook.formats import LINE, Formats, row_height

# What Excel takes as the height of a row at most.
_HIGHEST = 409
# What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return UTF-8 with BOM; a text that looks like a formula gets an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([f"'{text}" if text.startswith(_FORMULA) else text for text in row])
    return buffer.getvalue().encode("utf-8-sig")


def write_xlsx(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> bytes:
    """Return a workbook with one sheet, every cell a text."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title)
    formats = Formats(book)
    bold, plain = formats.head(), formats.get(border=1, border_color=LINE, valign="top", text_wrap=True)
    for place, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.write_string(0, place, head, bold)
        sheet.set_column(place, place, width)
    line = 0
    for line, row in enumerate(rows, 1):
        sheet.set_row(line, min(row_height(row, widths), _HIGHEST))
        for place, text in enumerate(row):
            sheet.write_string(line, place, text[:32000], plain)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.autofilter(0, 0, max(line, 1), len(heads) - 1)
    book.close()
    return buffer.getvalue()
