"""A CSV file as records by column name, and what spreadsheets do to such files."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from guanshu.survey.definition.source import Source
from guanshu.survey.loading.csvfile import read_records
from guanshu.survey.loading.decode import decode
from guanshu.survey.loading.problems import Problems, suggest, top_of

_ERROR = re.compile(r"#(?:NAME\?|REF!|VALUE!|N/A|DIV/0!|NUM!|NULL!|#{2,})")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E[+-]?[0-9]{2,}")
# Columns in which a long number or a sign is just prose.
_PROSE = frozenset({"label", "title", "help", "note", "group"})


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a sheet. A column that the file does not have reads as an empty field at the line's start."""

    fields: Mapping[str, Source]
    start: Source

    def __getitem__(self, column: str) -> Source:
        found = self.fields.get(column)
        return Source("", self.start.file, self.start.line, self.start.column) if found is None else found

    def text(self, column: str) -> str:
        """Return the text of a column, "" when empty or absent."""
        return self[column].text


def read_sheet(
    file: str, data: bytes, known: Collection[str], needed: Collection[str], out: Problems
) -> list[Record] | None:
    """Return the records of a CSV file; None, after noting why, when it cannot be read or lacks a needed column.

    Lines without any text are skipped; columns without a name and without content are fine.
    """
    text = decode(file, data, out)
    if text is None:
        return None
    lines = [line for line in read_records(file, text, out) if any(field.text for field in line)]
    if not lines:
        out.add(top_of(file), "文件是空的", f"第一行写列名：{'、'.join(needed)}")
        return None
    columns = _read_header(lines[0], known, needed, out)
    if columns is None:
        return None
    return [_record(columns, line, out) for line in lines[1:]]


def _read_header(
    header: list[Source], known: Collection[str], needed: Collection[str], out: Problems
) -> dict[int, str] | None:
    """Return the known columns by position."""
    if len(header) == 1 and re.search("[;\t]", header[0].text):
        out.add(header[0], "文件用分号或制表符分隔，不是逗号", "另存为「CSV UTF-8（逗号分隔）」")
        return None
    columns: dict[int, str] = {}
    for position, field in enumerate(header):
        if field.text in columns.values():
            out.add(field, f"列名「{field.text}」重复", "删去或改名其中一列")
        elif field.text in known:
            columns[position] = field.text
        elif field.text:
            out.add(
                field, f"没有名为「{field.text}」的列", suggest(field.text, known, f"可用的列名：{'、'.join(known)}")
            )
    missing = [name for name in needed if name not in columns.values()]
    for name in missing:
        out.add(header[0], f"缺少列「{name}」", f"在第一行加上列名 {name}，并逐行填写")
    return None if missing else columns


def _record(columns: Mapping[int, str], line: list[Source], out: Problems) -> Record:
    width = max(columns) + 1
    for field in line[width:]:
        if field.text:
            out.add(field, f"「{field.text[:20]}」在没有列名的位置", "格内有逗号时整格用双引号括起来，或删去多余的格")
            break
    fields = {name: line[position] for position, name in columns.items() if position < len(line)}
    for name, field in fields.items():
        _check_spoiled(name, field, out)
    return Record(fields, Source("", line[0].file, line[0].line, line[0].column))


def _check_spoiled(column: str, field: Source, out: Problems) -> None:
    if _ERROR.search(field.text):
        out.add(field, f"「{field.text[:20]}」是电子表格的错误值", "在电子表格中把这一格设为文本后重新填写")
    elif column not in _PROSE and _SCIENTIFIC.fullmatch(field.text):
        out.add(field, f"「{field.text}」被电子表格改成了科学计数", "在电子表格中把这一列设为文本后重新填写")
    elif column not in _PROSE and field.text.startswith("="):
        out.add(field, f"「{field.text[:20]}」以等号开头，是电子表格公式的写法", "去掉开头的等号")


_DAY = re.compile(r"(?:[0-9]{4}[年/-])?([0-9]{1,2})[月/]([0-9]{1,2})日?|[0-9]{4}[/-]([0-9]{1,2})[/-]([0-9]{1,2})")
_ENGLISH = re.compile(r"([A-Z][a-z]{2})-([0-9]{1,2})|([0-9]{1,2})-([A-Z][a-z]{2})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def unspoil_number(text: str) -> str:
    """Return the table number that a spreadsheet made a date of (1月2日, Jan-02, 2-Jan), "" if it is none."""
    day = _DAY.fullmatch(text)
    if day:
        return f"{int(day[1] or day[3])}-{int(day[2] or day[4])}"
    english = _ENGLISH.fullmatch(text)
    month = (english[1] or english[4]) if english else ""
    if english is None or month not in _MONTHS:
        return ""
    return f"{_MONTHS.index(month) + 1}-{int(english[2] or english[3])}"
