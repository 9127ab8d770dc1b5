"""Where every value stands in the flat list that compiled formulas read."""

from dataclasses import dataclass, field
from typing import Any

from guanshu.survey.checks.runtime import ABSENT_NUMBER, BLANK_NUMBER
from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind
from guanshu.survey.values.base import Kind
from guanshu.survey.values.missing import BLANK


@dataclass(frozen=True, slots=True)
class Rows:
    """The slots of one rows table: the check's row, an aggregate's row, the list of rows, whether it was ticked 无."""

    table: Table
    at: int
    inner: int
    rows: int
    none: int
    columns: dict[str, int]


@dataclass
class Layout:
    """Slots of one questionnaire. Form cells come first, in order; last year's slots are added as they are named."""

    questionnaire: Questionnaire
    form: dict[str, int] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)
    params: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    year: int = 0
    template: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        for cell in self.questionnaire.cells.values():
            self.form[cell.name] = self._add(blank_of(cell))
        for table in self.questionnaire.tables:
            if table.kind is TableKind.ROWS:
                self.rows[table.name] = self._rows(table)
        for param in self.questionnaire.params.values():
            self.params[param.name] = self._add(param.default)
        self.year = self._add(None)

    def _add(self, value: Any) -> int:
        self.template.append(value)
        return len(self.template) - 1

    def _rows(self, table: Table) -> Rows:
        at = len(self.template)
        self.template.extend(blank_of(cell) for cell in table.cells)
        inner = len(self.template)
        self.template.extend(blank_of(cell) for cell in table.cells)
        rows, none = self._add([]), self._add(False)
        return Rows(table, at, inner, rows, none, {cell.name: index for index, cell in enumerate(table.cells)})

    def last_slot(self, cell: Cell) -> int:
        """Return the slot of last year's value of a cell. This function will add it when it is new. Raises nothing."""
        if cell.name not in self.last:
            self.last[cell.name] = self._add(ABSENT_NUMBER if cell.type.kind is Kind.NUMBER else BLANK)
        return self.last[cell.name]


def blank_of(cell: Cell) -> Any:
    """Return what a slot holds for a blank cell: a marked NaN for numbers, so that arithmetic needs no test."""
    return BLANK_NUMBER if cell.type.kind is Kind.NUMBER else BLANK
