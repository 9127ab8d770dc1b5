"""Matrix tables: rows crossed with columns, and single crossings that differ."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from guanshu.survey.definition.model import Cell, Line
from guanshu.survey.definition.source import Source
from guanshu.survey.loading.cells import MOST_INDENT, PLACEHOLDER, Draft, Link, check_codes, check_unit
from guanshu.survey.loading.fields import (
    check_unique,
    read_condition,
    read_name,
    read_period,
    read_switch,
    read_whole,
    read_words,
    require_text,
)
from guanshu.survey.loading.problems import suggest
from guanshu.survey.loading.sheet import Record, read_sheet
from guanshu.survey.values.base import Kind

_ROW_COLUMNS = ("code", "name", "label", "calc", "of", "unit", "indent", "na", "tags", "formerly", "help")
_COLUMN_COLUMNS = (
    "name", "label", "unit", "period", "type", "required", "of", "calc", "na", "personal", "tags", "formerly", "indent",
    "help",
)  # fmt: skip
_CROSSING_COLUMNS = ("row", "column", "closed", "calc", "of", "na", "type", "unit", "required", "tags", "label", "help")
_WORD = re.compile(r"'[^']*'|‘[^’]*’|“[^”]*”|([a-z][a-z0-9_]*)\s*(\(?)")
_TYPED = "none"


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix as read: its rows, its columns, its cells in reading order."""

    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    cells: tuple[Cell, ...]


def read_matrix(draft: Draft, files: Mapping[str, bytes], number: str, name: str) -> Matrix:
    """Return the matrix of the table with this number and name, from its two or three files."""
    rows = _read_lines(draft, files, f"tables/{number}.rows.csv", _ROW_COLUMNS, ("name", "label"))
    columns = _read_lines(draft, files, f"tables/{number}.columns.csv", _COLUMN_COLUMNS, ("name", "label", "type"))
    crossings = _read_crossings(draft, files, f"tables/{number}.cells.csv", rows, columns)
    cells: list[Cell] = []
    for column in columns:
        check_unit(column["unit"], draft.read_type(column["type"]), draft.out)
    for row in rows:
        check_unit(row["unit"], None, draft.out)
        for column in columns:
            cell = _cross(draft, row, column, number, name)
            changed = _change(draft, cell, crossings, rows, columns)
            if changed is not None and draft.claim(changed.name, row["name"]):
                cells.append(changed)
    _check_links(draft, rows, "行")
    _check_links(draft, columns, "列")
    existing = {cell.name for cell in cells}
    # A part may lack its whole in a crossing that is closed: no check is generated there.
    kept = tuple(
        replace(cell, of=tuple(whole for whole in cell.of if _is_there(whole, name, existing))) for cell in cells
    )
    return Matrix(_lines(draft, rows), _lines(draft, columns), kept)


def _is_there(whole: str, table: str, existing: set[str]) -> bool:
    return whole in existing or not (whole.startswith(f"{table}_") and "__" in whole)


def _read_lines(
    draft: Draft, files: Mapping[str, bytes], file: str, known: Sequence[str], needed: Sequence[str]
) -> list[Record]:
    if file not in files:
        return []  # noted by the loader, with the line of tables.csv
    kept: list[Record] = []
    records = read_sheet(file, files[file], known, needed, draft.out) or []
    check_codes(records, draft.out)
    for record in records:
        name = read_name(record["name"], "行或列", draft.out)
        if name and check_unique([one.text("name") for one in kept], record["name"], "名称", draft.out):
            require_text(record["label"], "名称（label）", draft.out)
            kept.append(record)
    return kept


def _lines(draft: Draft, records: Sequence[Record]) -> tuple[Line, ...]:
    return tuple(
        Line(
            name=record.text("name"),
            code=record.text("code"),
            label=record.text("label"),
            unit=record.text("unit"),
            indent=read_whole(record["indent"], least=0, most=MOST_INDENT, what="缩进", out=draft.out),
            help=record.text("help"),
        )
        for record in records
    )


def _check_links(draft: Draft, records: Sequence[Record], what: str) -> None:
    names = [record.text("name") for record in records]
    for record in records:
        for whole in read_words(record["of"]):
            if whole not in names or whole == record.text("name"):
                cure = suggest(whole, set(names) - {record.text("name")}, f"of 写本表另一{what}的名称")
                draft.out.add(record["of"], f"of 指向的{what}「{whole}」不存在或是自己", cure)


def _cross(draft: Draft, row: Record, column: Record, number: str, table: str) -> Cell:
    """Return the cell where a row and a column cross, before single crossings are considered."""
    calc, scope = _formula(row, column)
    out = draft.out
    by_column = bool(column.text("na"))
    name = _name(table, row.text("name"), column.text("name"))
    kind = draft.read_type(column["type"])
    if kind is None:
        draft.broken.add(name)
    # A row's unit is for the numbers in it; a remark beside them has none.
    row_unit = row.text("unit") if kind is None or kind.kind is Kind.NUMBER else ""
    return Cell(
        name=name,
        code=row.text("code"),
        label=f"{row.text('label')}·{column.text('label')}",
        type=kind or PLACEHOLDER,
        table=number,
        unit=column.text("unit") or row_unit,
        period=read_period(column["period"], out),
        required=read_condition(column["required"], default=True, out=out),
        na=read_condition((column if by_column else row)["na"], default=False, out=out),
        must_answer=(column if by_column else row).text("na") == "no",
        of=_wholes(table, row, column),
        calc=calc,
        calc_scope=scope,
        personal=read_switch(column["personal"], default=False, out=out),
        tags=frozenset(read_words(row["tags"]) + read_words(column["tags"])),
        formerly=_formerly(table, row, column),
        help=column.text("help"),
        row=row.text("name"),
        column=column.text("name"),
        source=row["name"],
    )


def _name(table: str, row: str, column: str) -> str:
    return f"{table}_{row}__{column}"


def _formula(row: Record, column: Record) -> tuple[Source | None, Literal["", "rows", "columns"]]:
    """Return the formula of a crossing and whose names it uses; where both have one, the row's counts."""
    if row.text("calc"):
        return row["calc"], "rows"
    return (column["calc"], "columns") if column.text("calc") else (None, "")


def _wholes(table: str, row: Record, column: Record) -> tuple[str, ...]:
    rows = (_name(table, whole, column.text("name")) for whole in read_words(row["of"]))
    columns = (_name(table, row.text("name"), whole) for whole in read_words(column["of"]))
    return (*rows, *columns)


def _formerly(table: str, row: Record, column: Record) -> str:
    if not (row.text("formerly") or column.text("formerly")):
        return ""
    return _name(table, row.text("formerly") or row.text("name"), column.text("formerly") or column.text("name"))


def _read_crossings(
    draft: Draft, files: Mapping[str, bytes], file: str, rows: Sequence[Record], columns: Sequence[Record]
) -> list[Record]:
    """Return the lines of cells.csv whose rows and columns exist."""
    if file not in files:
        return []
    kept = []
    for record in read_sheet(file, files[file], _CROSSING_COLUMNS, ("row", "column"), draft.out) or ():
        sound = True
        for key, lines, what in (("row", rows, "行"), ("column", columns, "列")):
            names = [line.text("name") for line in lines]
            if record.text(key) not in {"*", *names}:
                cure = suggest(record.text(key), names, f"写本表{what}的名称，或用 * 表示所有{what}")
                draft.out.add(record[key], f"本表没有{what}「{record.text(key)[:40]}」", cure)
                sound = False
        if sound:
            read_switch(record["closed"], default=False, out=draft.out)
            kept.append(record)
    return kept


def _change(
    draft: Draft, cell: Cell, crossings: Sequence[Record], rows: Sequence[Record], columns: Sequence[Record]
) -> Cell | None:
    """Return a cell as the lines of cells.csv change it, later lines last; None when there is no such cell."""
    closed = False
    for record in crossings:
        if record.text("row") in {"*", cell.row} and record.text("column") in {"*", cell.column}:
            closed = read_switch(record["closed"], default=closed, out=draft.out)
            cell = _apply(draft, cell, record, rows, columns)
    return None if closed else cell


def _apply(draft: Draft, cell: Cell, record: Record, rows: Sequence[Record], columns: Sequence[Record]) -> Cell:
    if record.text("calc") == _TYPED:
        cell = replace(cell, calc=None, calc_scope="")
    elif record.text("calc"):
        cell = replace(cell, calc=record["calc"], calc_scope=_scope(record.text("calc"), rows, columns))
    if record.text("of"):
        of = read_words(record["of"])
        draft.links.extend(Link(record["of"], whole, cell.name) for whole in of)
        cell = replace(cell, of=of)
    if record.text("na"):
        na = read_condition(record["na"], default=False, out=draft.out)
        cell = replace(cell, na=na, must_answer=record.text("na") == "no")
    if record.text("type"):
        cell = replace(cell, type=draft.read_type(record["type"]) or PLACEHOLDER)
    if record.text("required"):
        cell = replace(cell, required=read_condition(record["required"], default=True, out=draft.out))
    return replace(
        cell,
        unit=record.text("unit") or cell.unit,
        tags=cell.tags | frozenset(read_words(record["tags"])),
        label=record.text("label") or cell.label,
        help=record.text("help") or cell.help,
    )


def _scope(formula: str, rows: Sequence[Record], columns: Sequence[Record]) -> Literal["", "rows", "columns"]:
    """Return whose names a single crossing's formula uses: rows or columns if every word is one, else the form's."""
    words = {match[1] for match in _WORD.finditer(formula) if match[1] and not match[2]}
    if words and words <= {record.text("name") for record in rows}:
        return "rows"
    if words and words <= {record.text("name") for record in columns}:
        return "columns"
    return ""
