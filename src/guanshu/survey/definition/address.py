"""Addresses: the one way to name anything a respondent can fill in, in inputs, records, comments and findings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind

ROW_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_ROW_CELL = re.compile(r"([a-z][a-z0-9_]*)\[([A-Za-z0-9_-]{1,32})\]\.([a-z][a-z0-9_]*)")
_PART = re.compile(r"([A-Za-z0-9_-]+)\.(rows|none|na)")
_CHECK_ID = r"[A-Za-z0-9\u4e00-\u9fff][\w.\u4e00-\u9fff-]{0,99}"
_EXPLANATION = re.compile(rf"({_CHECK_ID})(?:\[([\w.-]{{1,120}})\])?")
# An address comes from the web; nothing longer is worth looking at.
_LONGEST = 250


class UnknownAddress(Exception):  # noqa: N818 - names the case, as callers read it
    """Raised for text that names nothing in this questionnaire; `text` is the text."""

    def __init__(self, text: str) -> None:
        super().__init__(f"没有这一格：{text[:60]}")
        self.text = text


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell with one value per report: `land_area`. `table` is the number of its table."""

    table: str
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class RowCell:
    """A cell of a row: `temporary[k7].cost`. `table` is the number, `table_name` the name of its table."""

    table: str
    table_name: str
    row: str
    column: str

    def __str__(self) -> str:
        return f"{self.table_name}[{self.row}].{self.column}"


@dataclass(frozen=True, slots=True)
class RowsOrder:
    """Which rows there are, in order: `temporary.rows`; its value is the list of row ids."""

    table: str
    table_name: str

    def __str__(self) -> str:
        return f"{self.table_name}.rows"


@dataclass(frozen=True, slots=True)
class RowsNone:
    """The tick 本年度无 of a rows table: `temporary.none`."""

    table: str
    table_name: str

    def __str__(self) -> str:
        return f"{self.table_name}.none"


@dataclass(frozen=True, slots=True)
class TableNa:
    """The tick 不适用 of a whole table: `3-4.na`."""

    table: str

    def __str__(self) -> str:
        return f"{self.table}.na"


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of a finding: `2-2-02[contract]`. `table` is where the check is shown, "" if not looked up."""

    table: str
    check: str
    scope: str = ""

    def __str__(self) -> str:
        return f"{self.check}[{self.scope}]" if self.scope else self.check


Address = FormCell | RowCell | RowsOrder | RowsNone | TableNa | Explanation


def parse_address(q: Questionnaire, text: str, checks: Mapping[str, str] | None = None) -> Address:
    """Return the address written as `text`.

    `checks` maps check ids to the numbers of the tables they are shown with; with it only known checks can be
    explained, without it any text of the right shape is taken for an explanation. Raises UnknownAddress.
    """
    if len(text) > _LONGEST:
        raise UnknownAddress(text)
    cell = q.cells.get(text)
    if cell is not None:
        return FormCell(cell.table, cell.name)
    found = _parse_row_cell(q, text) or _parse_part(q, text) or _parse_explanation(text, checks)
    if found is None:
        raise UnknownAddress(text)
    return found


def _rows_table(q: Questionnaire, name: str) -> Table | None:
    table = q.by_name.get(name)
    return table if table is not None and table.kind is TableKind.ROWS else None


def _parse_row_cell(q: Questionnaire, text: str) -> RowCell | None:
    match = _ROW_CELL.fullmatch(text)
    table = _rows_table(q, match[1]) if match else None
    if match is None or table is None or all(cell.name != match[3] for cell in table.cells):
        return None
    return RowCell(table.number, table.name, match[2], match[3])


def _parse_part(q: Questionnaire, text: str) -> RowsOrder | RowsNone | TableNa | None:
    match = _PART.fullmatch(text)
    if match is None:
        return None
    if match[2] == "na":
        table = q.by_number.get(match[1])
        return TableNa(table.number) if table is not None and table.na is not False else None
    table = _rows_table(q, match[1])
    if table is None:
        return None
    return (RowsOrder if match[2] == "rows" else RowsNone)(table.number, table.name)


def _parse_explanation(text: str, checks: Mapping[str, str] | None) -> Explanation | None:
    match = _EXPLANATION.fullmatch(text)
    if match is None:
        return None
    check, scope = match[1], match[2] or ""
    if checks is not None:
        return Explanation(checks[check], check, scope) if check in checks else None
    # Without the list of checks a mere word is a mistyped cell, and 3-2.na a tick that is not there.
    return Explanation("", check, scope) if "-" in check and not _PART.fullmatch(text) else None


def cell_at(q: Questionnaire, address: Address) -> Cell | None:
    """Return the cell (or column of a rows table) at an address, None for what is no cell."""
    if isinstance(address, FormCell):
        return q.cells.get(address.name)
    if isinstance(address, RowCell):
        return q.by_number[address.table].by_name.get(address.column)
    return None
