"""A museum's demo answers in the two shapes they are written in: answers (closed year), typed changes (open year)."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from guanshu.portal.domain.demo.apportion import floor
from guanshu.portal.domain.demo.figures import Draft, draw
from guanshu.portal.domain.demo.recipes import Line, read_lines, read_slips
from guanshu.portal.domain.demo.rows import draw_rows
from guanshu.portal.queries.forms import from_register
from guanshu.survey.definition.answers import Answers, Row
from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind
from guanshu.survey.values.base import Kind
from guanshu.survey.values.missing import BLANK

# From here on a report is complete but for some cells; below, its last tables are untouched.
_NEARLY = 85


@dataclass(frozen=True)
class Recipes:
    """The data files of one questionnaire's demo."""

    cells: Sequence[Line]
    rows: Sequence[Line]
    slips: Sequence[tuple[str, str]]

    @classmethod
    def read(cls, folder: Path) -> "Recipes":
        """Return what lies in the folder."""
        return cls(read_lines(folder / "cells.csv"), read_lines(folder / "rows.csv"), read_slips(folder / "slips.csv"))


@dataclass(frozen=True)
class Drawn:
    """One museum's figures of one year; `rows` by name of their table."""

    questionnaire: Questionnaire
    draft: Draft
    rows: Mapping[str, Sequence[Mapping[str, str]]]

    def answers(self) -> Answers:
        """Return everything as typed values. Raises ValueProblem when a recipe made what no cell can hold."""
        cells = {cell.name: cell.type.parse(text) for _, cell, text in self._cells()}
        rows = {}
        for name, drawn in self.rows.items():
            columns = self.questionnaire.by_name[name].by_name
            rows[name] = tuple(
                Row(f"r{number}", {column: columns[column].type.parse(text) for column, text in row.items() if text})
                for number, row in enumerate(drawn, 1)
            )
        none = frozenset(name for name, drawn in self.rows.items() if not drawn)
        na = frozenset(t.number for t in self.questionnaire.tables if f"{t.number}.na" in self.draft.values)
        return Answers({name: value for name, value in cells.items() if value is not BLANK}, rows, none, na)

    def changes(self) -> list[list[tuple[str, object]]]:
        """Return what a filler types, table by table: address and text (or tick, or order of rows)."""
        found = []
        for table in self.questionnaire.tables:
            changes: list[tuple[str, object]] = []
            if f"{table.number}.na" in self.draft.values:
                changes.append((f"{table.number}.na", True))
            changes += [(cell.name, text) for owner, cell, text in self._cells() if owner is table]
            changes += _row_changes(table, self.rows[table.name]) if table.name in self.rows else []
            if changes:
                found.append(changes)
        return found

    def _cells(self) -> Iterator[tuple[Table, Cell, str]]:
        """Yield the form's own cells for which something was drawn, and that people fill in."""
        values = self.draft.values
        for table in self.questionnaire.tables:
            for cell in table.form_cells:
                if cell.typed and cell.name in values and cell.type.kind is not Kind.FILE and not from_register(cell):
                    yield table, cell, values[cell.name]


def _row_changes(table: Table, rows: Sequence[Mapping[str, str]]) -> list[tuple[str, object]]:
    if not rows:
        return [(f"{table.name}.none", True)]
    ids = [f"r{number}" for number in range(1, len(rows) + 1)]
    changes: list[tuple[str, object]] = [(f"{table.name}.rows", ids)]
    for row_id, row in zip(ids, rows, strict=True):
        changes += [(f"{table.name}[{row_id}].{column}", text) for column, text in row.items() if text]
    return changes


def draw_report(
    questionnaire: Questionnaire, recipes: Recipes, facts: Mapping[str, str], year: int, last: Drawn | None
) -> Drawn:
    """Return one museum's figures of a year, following on last year's if there is one."""
    places = _places(questionnaire.cells.values())
    draft = Draft(facts["code"], year, facts, places, last.draft.numbers if last else None)
    draw(draft, recipes.cells)
    tables = {table.name: table for table in questionnaire.tables if table.kind is TableKind.ROWS}
    rows = draw_rows(draft, recipes.rows, {name: _places(table.cells) for name, table in tables.items()})
    return Drawn(questionnaire, draft, rows)


def _places(cells: Iterable[Cell]) -> dict[str, int]:
    """Return the decimal places of number cells."""
    return {
        cell.name: len(cell.type.to_text(Decimal(0)).partition(".")[2])
        for cell in cells
        if cell.type.kind is Kind.NUMBER
    }


def slip(
    tables: Sequence[Sequence[tuple[str, object]]],
    drawn: Drawn,
    slips: Sequence[tuple[str, str]],
    chance: random.Random,
) -> list[list[tuple[str, object]]]:
    """Return what is typed with two answers spoilt as people spoil them: a wrong unit, or another cell's answer."""
    draft = drawn.draft
    typed = {address for table in tables for address, _ in table}
    possible = [(cell, how) for cell, how in slips if cell in typed]
    spoilt: dict[str, object] = {}
    for cell, how in chance.sample(possible, min(2, len(possible))):
        if how in draft.values:
            spoilt[cell] = draft.values[how]
        elif cell in draft.numbers:
            spoilt[cell] = format(floor(draft.numbers[cell] * Decimal(how), draft.places.get(cell, 0)), "f")
    return [[(address, spoilt.get(address, new)) for address, new in table] for table in tables]


def partly(
    tables: Sequence[Sequence[tuple[str, object]]], percent: int, chance: random.Random
) -> list[list[tuple[str, object]]]:
    """Return so much of what a filler types: the first tables, or nearly everything with gaps here and there."""
    if percent >= _NEARLY:
        keep = [[change for change in table if _kept(change, percent, chance)] for table in tables]
        return [table for table in keep if table]
    left = sum(map(len, tables)) * percent // 100
    found = []
    for table in tables:
        if left > 0:
            # A rows table is begun and finished in one go.
            whole = any(address.endswith(".rows") for address, _ in table)
            found.append(list(table) if whole else list(table[:left]))
            left -= len(table)
    return found


def _kept(change: tuple[str, object], percent: int, chance: random.Random) -> bool:
    # Rows are kept whole; a tick decides what else is asked.
    return "." in change[0] or chance.randrange(100) < percent
