"""A questionnaire as data: tables of cells. Nothing here computes; formulas are located text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Literal

from guanshu.survey.definition.source import Source
from guanshu.survey.values.base import Option, ValueType


class TableKind(Enum):
    """How a table is laid out."""

    LIST = "list"
    MATRIX = "matrix"
    ROWS = "rows"


class Period(Enum):
    """Whether an indicator is counted over the year or on its last day."""

    FLOW = "年度"
    STOCK = "年末"


@dataclass(frozen=True, slots=True)
class Prefill:
    """Where a proposed value comes from: `register` (a field of the respondent's record, read-only) or `last`."""

    source: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One indicator of a form: a cell of a list or matrix, a column of a rows table, or a total beneath one.

    `required`, `applies` and `na` are True, False or a condition (Source). `calc` is set for computed cells.
    `of` names the whole this cell is a part of (a full cell name; in a rows table a column of the same table).
    In a matrix, `row` and `column` are the short names and `name` is `<table>_<row>__<column>`.
    `must_answer` (na = no in the folder): this cell is to be answered even when its whole table is ticked 不适用;
    where `na` is a condition, the condition decides that.
    `calc_scope` says how a matrix formula names cells: "rows" (names are rows of the same column), "columns"
    (names are columns of the same row) or "" (full names of the form).
    """

    name: str
    code: str
    label: str
    type: ValueType
    table: str
    unit: str = ""
    period: Period | None = None
    required: bool | Source = True
    applies: bool | Source = True
    na: bool | Source = False
    must_answer: bool = False
    of: tuple[str, ...] = ()
    calc: Source | None = None
    calc_scope: Literal["", "rows", "columns"] = ""
    prefill: Prefill | None = None
    personal: bool = False
    tags: frozenset[str] = frozenset()
    formerly: str = ""
    help: str = ""
    indent: int = 0
    row: str = ""
    column: str = ""
    source: Source | None = None

    @property
    def typed(self) -> bool:
        """Return whether people (or the register) give this cell's value, as opposed to a formula."""
        return self.calc is None


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column of a matrix: short name, label, unit, indent (其中)."""

    name: str
    code: str
    label: str
    unit: str = ""
    indent: int = 0
    help: str = ""


@dataclass(frozen=True)
class Table:
    """One table. `number` is its address on paper (2-1), `name` its address in formulas (staff).

    list:   `cells` in order.
    matrix: `rows` x `columns`; `cells` in reading order; a closed crossing has no cell.
    rows:   `cells` are the columns; `totals` the form-level cells beneath; at most `limit` rows.
    """

    number: str
    name: str
    title: str
    group: str
    kind: TableKind
    cells: tuple[Cell, ...]
    applies: bool | Source = True
    na: bool | Source = False
    limit: int = 0
    note: str = ""
    rows: tuple[Line, ...] = ()
    columns: tuple[Line, ...] = ()
    totals: tuple[Cell, ...] = ()
    heading: Mapping[str, str] = field(default_factory=dict)

    @property
    def form_cells(self) -> tuple[Cell, ...]:
        """Return the cells that have one value per report: list and matrix cells, or totals of a rows table."""
        return self.totals if self.kind is TableKind.ROWS else self.cells

    @property
    def number_label(self) -> str:
        """Return what the table is called beside its title: 表2-1, or what its heading says (附件4)."""
        return self.heading.get("number_label") or f"表{self.number}"

    @property
    def none_label(self) -> str:
        """Return what the tick says that stands for no rows: 本年度无, or what its heading says (本省无)."""
        return self.heading.get("none_label") or "本年度无"

    @cached_property
    def by_name(self) -> Mapping[str, Cell]:
        """Return cells (and totals) by full name; for a rows table columns by their own name."""
        return {cell.name: cell for cell in (*self.cells, *self.totals)}

    @cached_property
    def at(self) -> Mapping[tuple[str, str], Cell]:
        """Return the cells of a matrix by (row, column)."""
        return {(cell.row, cell.column): cell for cell in self.cells if cell.row}


@dataclass(frozen=True, slots=True)
class Param:
    """A number or switch that checks read as `param.<name>`; the campaign may override the default."""

    name: str
    label: str
    default: Decimal | bool
    unit: str = ""


@dataclass(frozen=True, slots=True)
class UnitRules:
    """`alias` maps a spelling to the unit it equals; `kin` are pairs that may be compared and added."""

    alias: Mapping[str, str]
    kin: frozenset[frozenset[str]]


@dataclass(frozen=True, slots=True)
class ListRoles:
    """A rows table that the system knows by what it holds; `columns` maps what a column means to its name."""

    table: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Questionnaire:
    """A whole form, as read from its folder. `year` is the year it reports on unless a campaign says otherwise."""

    id: str
    title: str
    year: int
    organisation: str
    tables: tuple[Table, ...]
    choices: Mapping[str, tuple[Option, ...]]
    roles: Mapping[str, str]
    params: Mapping[str, Param]
    units: UnitRules
    heading: Mapping[str, str]
    lists: Mapping[str, ListRoles] = field(default_factory=dict)

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        """Return every cell with one value per report, by name (columns of rows tables excluded)."""
        return {cell.name: cell for table in self.tables for cell in table.form_cells}

    @cached_property
    def by_number(self) -> Mapping[str, Table]:
        """Return tables by number."""
        return {table.number: table for table in self.tables}

    @cached_property
    def by_name(self) -> Mapping[str, Table]:
        """Return tables by name."""
        return {table.name: table for table in self.tables}

    @property
    def first_day(self) -> date:
        """Return the first day of the reported year."""
        return date(self.year, 1, 1)
