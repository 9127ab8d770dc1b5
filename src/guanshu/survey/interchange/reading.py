"""From lines of text to answers, with everything that cannot be taken over named and nothing else lost."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from guanshu.survey.definition.answers import Answers, Row
from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind
from guanshu.survey.interchange.sheet import ORG, ROW, ReadProblem, Sheet
from guanshu.survey.values.base import Kind, Value, ValueProblem
from guanshu.survey.values.missing import BLANK, NA

# Columns for people, in files that machines read too.
IGNORED = "_"
_UNKNOWN = "调查表中没有这一项，此列未读取；列名不同的，请在对照表（--mapping）中写明对应的单元，不需要的写 _"
_YES = frozenset({"是", "1", "true", "TRUE", "yes", "Y", "√"})
_NO = frozenset({"", "否", "0", "false", "FALSE", "no", "N"})


@dataclass(frozen=True, slots=True)
class Organisation:
    """One line: who, where it stands, what was answered, what could not be read."""

    org: str
    line: int
    answers: Answers
    problems: tuple[ReadProblem, ...]


class CellReader:
    """Reads the texts of one column; the same text is parsed once."""

    def __init__(self, cell: Cell, table: Table) -> None:
        self.cell = cell
        self._may_be_na = cell.na is not False
        # Where 不适用 comes from a condition or from the table's tick, exports show it although nobody typed it here.
        self._derived = cell.applies is not True or table.applies is not True or table.na is not False
        self._known: dict[str, Value | ValueProblem] | None = None if cell.type.kind is Kind.TEXT else {}

    def read(self, text: str) -> Value:
        """Return the value of the text. Raises ValueProblem."""
        if self._known is None or len(text) > 24:
            return self._parse(text)
        found = self._known.get(text)
        if found is None:
            try:
                found = self._parse(text)
            except ValueProblem as problem:
                found = problem
            self._known[text] = found
        if isinstance(found, ValueProblem):
            raise ValueProblem(found.code, found.message)
        return found

    def _parse(self, text: str) -> Value:
        value = self.cell.type.parse(text)
        if value is NA and not self._may_be_na:
            if self._derived:
                return BLANK
            raise ValueProblem("na", "这一项不能填「不适用」，请填数值；没有发生请填 0。")
        return value


def read_organisations(
    questionnaire: Questionnaire, sheet: Sheet, rows: Mapping[str, Mapping[str, tuple[Row, ...]]]
) -> Iterator[Organisation]:
    """Yield one organisation a line. `rows` holds the rows tables: table name -> org -> rows.

    Computed cells, file cells and columns whose name begins with `_` are passed over; a line of labels under the header
    too. Raises SheetProblem when there is no column `org`.
    """
    at = sheet.position(ORG)
    columns = _form_columns(questionnaire, sheet.header)
    seen: dict[str, int] = {}
    for count, (line, texts) in enumerate(sheet.lines):
        if count == 0 and _is_labels(columns, texts):
            continue
        org = texts[at].strip() if at < len(texts) else ""
        problem = _org_problem(org, line, seen)
        if problem:
            yield Organisation(org, line, Answers(), (ReadProblem(sheet.name, line, ORG, org, problem),))
            continue
        seen[org] = line
        cells, problems = _cells(sheet.name, line, org, columns, texts)
        none, na, wrong = _ticks((sheet.name, line, org), columns, texts)
        own = {name: by_org[org] for name, by_org in rows.items() if org in by_org}
        yield Organisation(org, line, Answers(cells, own, none, na), (*problems, *wrong))


def header_problems(questionnaire: Questionnaire, sheet: Sheet, table: Table | None = None) -> list[ReadProblem]:
    """Return a problem for each column that is named like nothing in the questionnaire, or named twice."""
    known = set(_form_names(questionnaire)) if table is None else {ROW, *(cell.name for cell in table.cells)}
    problems = []
    for place, name in enumerate(sheet.header):
        if name and not name.startswith(IGNORED) and name != ORG and name not in known:
            problems.append(ReadProblem(sheet.name, sheet.line, name, "", _UNKNOWN))
        elif name and name in sheet.header[:place]:
            problems.append(ReadProblem(sheet.name, sheet.line, name, "", "列名重复，只读取第一列"))
    return problems


def read_rows(table: Table, sheet: Sheet) -> tuple[dict[str, tuple[Row, ...]], list[ReadProblem]]:
    """Return the rows of one rows table by organisation, in the order of their numbers, and what could not be read.

    Raises SheetProblem when the columns `org` or `row` are missing.
    """
    org_at, row_at = sheet.position(ORG), sheet.position(ROW)
    columns = _columns({cell.name: CellReader(cell, table) for cell in table.cells if _readable(cell)}, sheet.header)
    found: dict[str, list[tuple[tuple[int, str], Row]]] = defaultdict(list)
    problems: list[ReadProblem] = []
    for count, (line, texts) in enumerate(sheet.lines):
        if count == 0 and _is_labels(columns, texts):
            continue
        org, name = (texts[at].strip() if at < len(texts) else "" for at in (org_at, row_at))
        same = any(row.id == _row_id(name) for _, row in found.get(org, ()))
        if not org or not name or same:
            message = f"第 {name} 行重复" if same else "缺少单位编号或行号"
            problems.append(ReadProblem(sheet.name, line, ROW, org, message))
            continue
        cells, wrong = _cells(sheet.name, line, org, columns, texts)
        problems += wrong
        found[org].append(((int(name) if name.isdecimal() else len(found[org]), name), Row(_row_id(name), cells)))
    ordered = {org: tuple(row for _, row in sorted(rows, key=lambda pair: pair[0])) for org, rows in found.items()}
    return ordered, problems


def _row_id(name: str) -> str:
    """Return the id of the row numbered or named so; the same file always makes the same ids."""
    return (
        f"r{name}" if name.isdecimal() else "".join(char for char in name if char.isascii() and char.isalnum()) or "r"
    )


def _readable(cell: Cell) -> bool:
    return cell.typed and cell.type.kind is not Kind.FILE


def _form_names(questionnaire: Questionnaire) -> Iterator[str]:
    """Yield the names a column of the main sheet may have."""
    for table in questionnaire.tables:
        if table.na is not False:
            yield f"{table.number}.na"
        yield from (cell.name for cell in table.form_cells)
        if table.kind is TableKind.ROWS:
            yield f"{table.name}.none"


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a sheet: cells and ticks by position."""

    cells: tuple[tuple[int, CellReader], ...]
    none: tuple[tuple[int, str], ...] = ()
    na: tuple[tuple[int, str], ...] = ()


def _columns(readers: Mapping[str, CellReader], header: Sequence[str]) -> _Columns:
    first = {name: place for place, name in reversed(list(enumerate(header)))}
    return _Columns(tuple((first[name], reader) for name, reader in readers.items() if name in first))


def _form_columns(questionnaire: Questionnaire, header: Sequence[str]) -> _Columns:
    readers = {
        cell.name: CellReader(cell, table)
        for table in questionnaire.tables
        for cell in table.form_cells
        if _readable(cell)
    }
    first = {name: place for place, name in reversed(list(enumerate(header)))}
    ticks = {f"{table.name}.none": table.name for table in questionnaire.tables if table.kind is TableKind.ROWS}
    whole = {f"{table.number}.na": table.number for table in questionnaire.tables if table.na is not False}
    return replace(
        _columns(readers, header),
        none=tuple((first[column], name) for column, name in ticks.items() if column in first),
        na=tuple((first[column], number) for column, number in whole.items() if column in first),
    )


def _is_labels(columns: _Columns, texts: Sequence[str]) -> bool:
    """Return whether the line repeats the labels of its columns (for people) instead of answering."""
    pairs = [(reader.cell, texts[at].strip()) for at, reader in columns.cells if at < len(texts) and texts[at].strip()]
    return bool(pairs) and sum(cell.label == text for cell, text in pairs) * 2 > len(pairs)


def _org_problem(org: str, line: int, seen: Mapping[str, int]) -> str:
    if not org:
        return "缺少单位编号，此行未读取"
    if org in seen and seen[org] != line:
        return f"单位编号与第 {seen[org]} 行重复，此行未读取"
    return ""


def _ticks(
    place: tuple[str, int, str], columns: _Columns, texts: Sequence[str]
) -> tuple[frozenset[str], frozenset[str], list[ReadProblem]]:
    """Return the tables ticked 本年度无 and 不适用, and what is no tick; `place` is file, line and organisation."""
    ticked: tuple[set[str], set[str]] = (set(), set())
    problems = []
    file, line, org = place
    for places, names in zip((columns.none, columns.na), ticked, strict=True):
        for at, name in places:
            text = texts[at].strip() if at < len(texts) else ""
            if text in _YES:
                names.add(name)
            elif text not in _NO:
                problems.append(ReadProblem(file, line, name, org, f"「{text[:20]}」应为「是」或空白"))
    return frozenset(ticked[0]), frozenset(ticked[1]), problems


def _cells(
    file: str, line: int, org: str, columns: _Columns, texts: Sequence[str]
) -> tuple[dict[str, Value], list[ReadProblem]]:
    """Return the values of one line that are not blank, and the texts that are no values."""
    values: dict[str, Value] = {}
    problems: list[ReadProblem] = []
    for at, reader in columns.cells:
        text = texts[at] if at < len(texts) else ""
        if not text:
            continue
        try:
            value = reader.read(text)
        except ValueProblem as problem:
            problems.append(ReadProblem(file, line, reader.cell.name, org, problem.message))
            continue
        if value is not BLANK:
            values[reader.cell.name] = value
    return values, problems
