"""A table as it lies in a CSV file or on a worksheet: a header of machine names and numbered lines of text."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ORG, ROW = "org", "row"
# How many lines of titles and units may stand above the line of machine names.
_ABOVE = 10


class SheetProblem(Exception):  # noqa: N818 - names the case, as callers read it
    """Raised when a file cannot be read as a sheet at all; the message is a Chinese sentence."""


@dataclass(frozen=True, slots=True, order=True)
class ReadProblem:
    """One thing in a file that cannot be taken over; `line` counts from 1, `column` is the machine name or empty."""

    file: str
    line: int
    column: str
    org: str
    message: str

    def __str__(self) -> str:
        place = " ".join(part for part in (f"{self.file}:{self.line}", self.org, self.column) if part)
        return f"{place}：{self.message}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `line` is the header's, `lines` are (line number, texts) and may be read once only."""

    name: str
    line: int
    header: tuple[str, ...]
    lines: Iterable[tuple[int, Sequence[str]]]

    def position(self, column: str) -> int:
        """Return where the column stands. Raises SheetProblem when it is missing."""
        try:
            return self.header.index(column)
        except ValueError:
            raise SheetProblem(f"{self.name} 缺少 {column} 列") from None


def make_sheet(name: str, lines: Iterable[tuple[int, Sequence[str]]], named: Callable[[str], str] = str.strip) -> Sheet:
    """Return the sheet whose header is the first line that names the column `org`; what stands above is for people.

    named: what a heading means, for files whose headings are their own. Raises SheetProblem when none of the first
    lines names it.
    """
    iterator = iter(lines)
    for count, (line, texts) in enumerate(iterator):
        header = tuple(named(text) for text in texts)
        if ORG in header:
            return Sheet(name, line, header, iterator)
        if count >= _ABOVE:
            break
    raise SheetProblem(f"{name} 的前 {_ABOVE} 行中没有列名行：应有一行写明各列的名称，其中单位编号一列名为 {ORG}")


def read_csv(path: Path, named: Callable[[str], str] = str.strip) -> Sheet:
    """Return the sheet in a CSV file, UTF-8 with or without BOM. Raises SheetProblem."""
    return make_sheet(path.name, csv_lines(path), named)


def csv_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Return the numbered lines of a CSV file, UTF-8 with or without BOM. Raises SheetProblem."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetProblem(f"{path.name} 不是 UTF-8 编码，请在 Excel 中另存为“CSV UTF-8”后再试") from error
    return _numbered(path.name, text)


def _numbered(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of a CSV text that hold anything, with the number of the line each begins on."""
    # Newlines are kept as they are, so that several lines in one cell stay several lines.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for texts in reader:
            if any(texts):
                yield begins, texts
            begins = reader.line_num + 1
    except csv.Error as error:
        raise SheetProblem(f"{name} 第 {begins} 行不是正确的 CSV（{error}），请检查引号和逗号") from error
