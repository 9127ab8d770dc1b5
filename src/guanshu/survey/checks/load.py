"""From answers to the flat list, and back to values."""

from dataclasses import dataclass
from typing import Any

from guanshu.survey.checks.again import Since
from guanshu.survey.checks.calculate import State, na_of
from guanshu.survey.checks.formulas import all_cells
from guanshu.survey.checks.layout import Layout, blank_of
from guanshu.survey.checks.runtime import BLANK_NUMBER, NA_NUMBER, Frame
from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Cell
from guanshu.survey.values.base import Value
from guanshu.survey.values.missing import BLANK, NA


@dataclass(frozen=True)
class Loader:
    """Fills frames of one layout."""

    layout: Layout
    na_values: dict[str, Any]
    """What a stored 不适用 reads as, by form cell: BLANK where it is not allowed."""
    blank_rows: dict[str, list[Any]]
    na_columns: dict[tuple[str, str], Any]
    names: tuple[str, ...]
    rows_slots: frozenset[int]

    @classmethod
    def of(cls, layout: Layout) -> "Loader":
        """Return the loader of a layout. Raises nothing."""
        na_values: dict[str, Any] = {}
        na_columns: dict[tuple[str, str], Any] = {}
        for key, _, cell in all_cells(layout.questionnaire):
            value = _stored_na(cell)
            if key[0] == "column":
                na_columns[key[1], key[2]] = value
            else:
                na_values[cell.name] = value
        blank_rows = {name: [blank_of(cell) for cell in rows.table.cells] for name, rows in layout.rows.items()}
        return cls(
            layout,
            na_values,
            blank_rows,
            na_columns,
            tuple(layout.form),
            frozenset(r.rows for r in layout.rows.values()),
        )

    def load(self, answers: Answers) -> State:
        """Return the state of a report before anything is worked out. Raises nothing; unknown names are passed over."""
        layout = self.layout
        v = layout.template.copy()
        form = layout.form
        for name, value in answers.cells.items():
            slot = form.get(name)
            if slot is None or value is BLANK:
                continue
            v[slot] = self.na_values[name] if value is NA else value
        state = State(v, answers.na)
        for name, rows in layout.rows.items():
            given = answers.rows.get(name, ())
            v[rows.rows] = [self._row(name, row.cells) for row in given]
            v[rows.none] = name in answers.none
            state.row_ids[name] = [row.id for row in given]
        return state

    def _row(self, table: str, cells: Any) -> list[Any]:
        columns = self.layout.rows[table].columns
        row = self.blank_rows[table].copy()
        for name, value in cells.items():
            index = columns.get(name)
            if index is not None and value is not BLANK:
                row[index] = self.na_columns[table, name] if value is NA else value
        return row

    def tick(self, state: State, numbers: frozenset[str]) -> None:
        """Make the cells of tables that were ticked 不适用 read so, unless they were answered. Raises nothing."""
        v = state.v
        for number in numbers:
            table = self.layout.questionnaire.by_number.get(number)
            for cell in table.form_cells if table else ():
                slot = self.layout.form[cell.name]
                if v[slot] is blank_of(cell):
                    v[slot] = na_of(cell)

    def values(self, state: State, since: Since | None = None) -> dict[str, Value]:
        """Return every value of the form and `table[row].column` of the rows. Raises nothing."""
        if since is not None and since.keeps(self.rows_slots):
            found = dict(since.trace.values)
            found.update((self.names[slot], public(state.v[slot])) for slot in since.changed if slot < len(self.names))
            return found
        found = dict(zip(self.names, map(public, state.v), strict=False))
        for name, rows in self.layout.rows.items():
            for row_id, row in zip(state.row_ids[name], state.v[rows.rows] or (), strict=False):
                prefix = f"{name}[{row_id}]."
                for column, value in zip(rows.columns, row, strict=True):
                    found[prefix + column] = public(value)
        return found


def public(value: Any) -> Any:
    """Return a slot's value as others see it: BLANK and NA instead of marked numbers. Raises nothing."""
    if value is BLANK_NUMBER:
        return BLANK
    return NA if value is NA_NUMBER else value


def _stored_na(cell: Cell) -> Any:
    return na_of(cell) if cell.na is not False else blank_of(cell)


def copy_slots(source: Frame, target: Frame, pairs: tuple[tuple[int, int], ...]) -> None:
    """Copy slots (from, to) between frames. Raises nothing."""
    for old, new in pairs:
        target[new] = source[old]
