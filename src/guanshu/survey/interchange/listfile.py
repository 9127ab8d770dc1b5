"""One list in a file of its own: a CSV or Excel file with the list's headings as on paper, or its column names."""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

from guanshu.survey.definition.model import Cell, Table
from guanshu.survey.definition.storage import to_stored
from guanshu.survey.interchange.sheet import SheetProblem
from guanshu.survey.interchange.workbook import as_text
from guanshu.survey.values.base import Json, Kind, ValueProblem
from guanshu.survey.values.missing import BLANK

# How many lines of titles and signatures may stand above the headings.
_ABOVE = 20
# Notes stand beneath a list on paper, in one cell.
_FOOT = re.compile(r"填表说明|说明[：:]|注[：:]|合计|总计|签字|日期[：:]")
_ZIP = b"PK\x03\x04"
_EXCEL = (_ZIP, b"\xd0\xcf\x11\xe0")
# A list is a page or two: more bytes are no list, packed or unpacked.
_LARGEST, _LARGEST_UNPACKED = 5_000_000, 50_000_000
_TOO_LARGE = "文件过大，不像一份名单；请只保留名单所在的工作表，去掉图片后再试。"


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row: the line it stands on, its texts and stored values by column, and a sentence for each bad cell."""

    line: int
    texts: dict[str, str]
    values: dict[str, Json]
    problems: dict[str, str]


@dataclass(frozen=True, slots=True)
class ListFile:
    """What lies in a file: the columns it has, in the list's order, its rows, and headings nobody knows."""

    columns: tuple[Cell, ...]
    rows: tuple[FileRow, ...]
    unknown: tuple[str, ...]


def read_list(table: Table, data: bytes) -> ListFile:
    """Return the rows of a list in the bytes of a CSV or Excel file.

    The line of headings is the one that names most columns; what stands above it is for people. Raises SheetProblem
    with a sentence when the bytes are no such file or name none of the list's columns.
    """
    if len(data) > _LARGEST:
        raise SheetProblem(_TOO_LARGE)
    lines = list(_excel(data) if data.startswith(_EXCEL) else _csv(data))
    known = {_plain(text): cell for cell in table.cells if cell.typed for text in _names(cell)}
    headed = [(sum(_plain(text) in known for text in texts), -place) for place, (_, texts) in enumerate(lines[:_ABOVE])]
    most, place = max(headed, default=(0, 0))
    if most < 2 and most < len(table.cells):
        names = "、".join(cell.label for cell in table.cells if "internal" not in cell.tags)
        raise SheetProblem(f"文件的前 {_ABOVE} 行中没有找到表头。表头应与名单各栏一致：{names}。")
    header = lines[-place][1]
    at = {known[_plain(text)].name: index for index, text in reversed(list(enumerate(header))) if _plain(text) in known}
    columns = tuple(cell for cell in table.cells if cell.name in at)
    unknown = tuple(text.strip() for text in header if text.strip() and _plain(text) not in {*known, "序号"})
    found = (_row(line, texts, columns, at) for line, texts in lines[-place + 1 :])
    rows = tuple(row for row in found if row is not None)
    if not rows:
        raise SheetProblem("文件中只有表头，没有名单的行。")
    return ListFile(columns, rows, unknown)


def _names(cell: Cell) -> tuple[str, ...]:
    """Return what a column may be headed: as on paper, the same without what stands in brackets, or its name."""
    return cell.label, re.sub(r"（[^）]*）", "", cell.label), cell.name


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _row(line: int, texts: Sequence[str], columns: Sequence[Cell], at: dict[str, int]) -> FileRow | None:
    """Return one row, None for a line that is none: blank, or a remark beneath the list."""
    typed = {cell.name: texts[at[cell.name]].strip() if at[cell.name] < len(texts) else "" for cell in columns}
    first = next((text for text in texts if text.strip()), "")
    given = {name: text for name, text in typed.items() if text}
    if not given or (len(given) <= 1 and _FOOT.match(first.strip())) or set(given.values()) == {"无"}:
        return None
    values: dict[str, Json] = {}
    problems: dict[str, str] = {}
    for cell in columns:
        text = _spelled(cell, given.get(cell.name, ""))
        try:
            stored = to_stored(cell.type, cell.type.parse(text)) if text else to_stored(cell.type, BLANK)
        except ValueProblem as problem:
            problems[cell.name] = problem.message
            continue
        if stored is not None:
            values[cell.name] = stored
    return FileRow(line, given, values, problems)


def _spelled(cell: Cell, text: str) -> str:
    """Return a text as the cell's type reads it; 是 and 否 are ticked in many ways on paper."""
    if cell.type.kind is Kind.BOOL:
        return {"√": "是", "✓": "是", "×": "否"}.get(text, text)
    return text


def _csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        yield from enumerate(_parsed(text), 1)
        return
    raise SheetProblem("这不是可读的 CSV 或 Excel 文件，请另存为 .xlsx 或“CSV UTF-8”后再试。")


def _parsed(text: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise SheetProblem(f"文件不是正确的 CSV（{error}），请检查引号和逗号，或另存为 .xlsx 后再试。") from error


def _check_unpacked(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > _LARGEST_UNPACKED:
            raise SheetProblem(_TOO_LARGE)


def _excel(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        if data.startswith(_ZIP):
            _check_unpacked(data)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, IndexError, zipfile.BadZipFile) as error:
        raise SheetProblem("Excel 文件读不出来，可能已损坏或有密码，请另存为 .xlsx 后再试。") from error
    for number, line in enumerate(cells, 1):
        yield number, [as_text(cell) for cell in line]
