"""Which heading of a file is which cell: `column,cell` in a CSV file, for data that come in another layout.

`cell` is what a column of our own files would be called: a cell's name, `org`, `row`, `3-1.na`, `shows.none`; a column
of a rows table as `shows.title`; a rows table itself where `column` is the name of a sheet; `_` for what is not read.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from guanshu.survey.definition.model import Questionnaire, TableKind
from guanshu.survey.interchange.sheet import ORG, ROW, SheetProblem, csv_lines

_COLUMN, _CELL = "column", "cell"
_NOT_READ = "_"
_MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Mapped:
    """names: heading → machine name in the main sheet; columns: the same within a rows table; tables: sheet → table."""

    names: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, heading: str) -> str:
        """Return the machine name a heading of the main sheet stands for; its own text when nothing is said of it."""
        return self.names.get(_key(heading), heading.strip())

    def within(self, table: str) -> Callable[[str], str]:
        """Return the same for the sheet of a rows table."""
        own = self.columns.get(table, {})
        shared = {heading: name for heading, name in self.names.items() if name in {ORG, ROW, _NOT_READ}}
        return lambda heading: own.get(_key(heading), shared.get(_key(heading), heading.strip()))

    def table_of(self, sheet: str) -> str:
        """Return the rows table a sheet holds, "" when the mapping does not say."""
        return self.tables.get(_key(sheet), "")


NO_MAPPING = Mapped()


def read_mapping(questionnaire: Questionnaire, path: Path) -> Mapped:
    """Return the mapping of a CSV file. Raises SheetProblem that names every line which means nothing, with a cure."""
    lines = csv_lines(path)
    _, first = next(lines, (0, []))
    header = [text.strip() for text in first]
    if _COLUMN not in header or _CELL not in header:
        raise SheetProblem(f"{path.name} 的第一行应为列名 {_COLUMN},{_CELL}：左边写数据文件的列名，右边写本系统的单元")
    places = (header.index(_COLUMN), header.index(_CELL))
    targets = _Targets(questionnaire)
    for line, texts in lines:
        heading, target = (texts[at].strip() if at < len(texts) else "" for at in places)
        targets.take(line, heading, target)
    if targets.problems:
        more = len(targets.problems) - _MOST_TOLD
        told = "；".join(targets.problems[:_MOST_TOLD]) + (f"；另有 {more} 处" if more > 0 else "")
        raise SheetProblem(f"{path.name} 有 {len(targets.problems)} 处不能使用：{told}")
    return Mapped(targets.names, targets.columns, targets.tables)


class _Targets:
    """Collects what the lines of a mapping say."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        rows = [table for table in questionnaire.tables if table.kind is TableKind.ROWS]
        self._rows = {table.name: table for table in rows} | {table.number: table for table in rows}
        ticks = {f"{table.number}.na" for table in questionnaire.tables if table.na is not False}
        self._main = {ORG, ROW, _NOT_READ, *questionnaire.cells, *ticks, *(f"{table.name}.none" for table in rows)}
        self._columns = {f"{table.name}.{cell.name}": (table.name, cell.name) for table in rows for cell in table.cells}
        self.names: dict[str, str] = {}
        self.columns: dict[str, dict[str, str]] = {}
        self.tables: dict[str, str] = {}
        self.problems: list[str] = []

    def take(self, line: int, heading: str, target: str) -> None:
        """Note one line, or what is wrong with it."""
        key, target = _key(heading), target or _NOT_READ
        if not key:
            self.problems.append(f"第 {line} 行没有写数据文件的列名")
        elif target in self._main:
            self._put(line, self.names, key, target)
        elif target in self._columns:
            table, column = self._columns[target]
            self._put(line, self.columns.setdefault(table, {}), key, column)
        elif target in self._rows:
            self._put(line, self.tables, key, self._rows[target].name)
        else:
            self.problems.append(f"第 {line} 行：本系统没有单元「{target[:40]}」{self._near(target)}")

    def _put(self, line: int, place: dict[str, str], key: str, target: str) -> None:
        if place.setdefault(key, target) != target:
            self.problems.append(f"第 {line} 行：列名「{key[:40]}」前面已对应另一个单元，请只保留一行")

    def _near(self, target: str) -> str:
        near = difflib.get_close_matches(target, [*self._main, *self._columns, *self._rows], n=1)
        return f"，是否为「{near[0]}」" if near else "，请对照调查表填写单元名；不需要的列写 _"


def _key(heading: str) -> str:
    """Return a heading as it is compared: one width, no spaces or line breaks, which spreadsheets put in freely."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", heading))
