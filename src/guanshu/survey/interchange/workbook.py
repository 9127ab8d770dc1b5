"""Worksheets as sheets of text: the first is the main sheet, others hold rows tables."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.interchange.files import Bundle, bundle, find_table
from guanshu.survey.interchange.mapping import NO_MAPPING, Mapped
from guanshu.survey.interchange.sheet import ROW, SheetProblem, make_sheet

_Cell = int | float | str | bool | time | date | datetime | timedelta


def open_workbook(questionnaire: Questionnaire, path: Path, mapping: Mapped = NO_MAPPING) -> Bundle:
    """Return what lies in an Excel file: the first sheet, and each further sheet with a column `row`.

    A rows table's sheet begins with the table's number or name, or the mapping names it. Raises SheetProblem.
    """
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = list(book.sheet_names)
        lines = {name: list(_lines(book.get_sheet_by_name(name).to_python(skip_empty_area=False))) for name in names}
    except (CalamineError, OSError) as error:
        raise SheetProblem(f"{path.name} 不是可读的 Excel 文件（{error}）") from error
    if not names:
        raise SheetProblem(f"{path.name} 中没有工作表")
    main = make_sheet(f"{path.name}[{names[0]}]", lines[names[0]], mapping.name_of)
    rows = {}
    for name in names[1:]:
        table = mapping.table_of(name)
        # Notes and opinions lie in the same workbook; only sheets that number their rows are answers.
        if table or any(ROW in texts for _, texts in lines[name][:10]):
            table = table or find_table(questionnaire, name.split()[0])
            rows[table] = make_sheet(f"{path.name}[{name}]", lines[name], mapping.within(table))
    return bundle(questionnaire, main, rows)


def _lines(cells: list[list[_Cell]]) -> Iterator[tuple[int, Sequence[str]]]:
    for number, line in enumerate(cells, 1):
        texts = [as_text(cell) for cell in line]
        if any(texts):
            yield number, texts


def as_text(cell: _Cell) -> str:
    """Return what the cell would say in a CSV file: numbers without noise, days as ISO dates, 是 and 否."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        # Excel keeps fifteen digits; what lies beyond is binary noise.
        return format(Decimal(format(cell, ".15g")), "f")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
