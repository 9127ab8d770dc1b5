"""The little language in which a demo's data files say how a figure comes about.

A line has the columns `cell,when,steady,places,recipe`. Names that begin with `~` are figures of the demo alone.
`when` is empty or `fact=value`, several joined by `&`; `steady` = yes: the same in every year; `places`: decimal places
of a `~` figure. A recipe is a verb and its words:

    text Words with {name}        pick A/B/B/C          list A/B/C (rows: one after another)
    range LOW HIGH                size LOW HIGH         (for a building of 10,000 square metres)
    share LOW HIGH of A [* B] [least N]  (per cent)   sum A + B - C
    part WEIGHT of A  (all parts of A add up to A)
    last A else RECIPE            cross A_* by B_*      (a matrix with these margins)
    month LOW HIGH                date 01-15 11-30      after A LOW HIGH (days)
    even LOW HIGH of A (rows: together that per cent of A)            uscc
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a data file; `table` only in the file of rows."""

    cell: str
    when: str
    steady: bool
    places: int
    recipe: str
    source: str
    table: str = ""

    @property
    def verb(self) -> str:
        """Return the recipe's first word."""
        return self.recipe.partition(" ")[0]

    @property
    def words(self) -> str:
        """Return what follows the verb."""
        return self.recipe.partition(" ")[2]


def read_lines(path: Path) -> list[Line]:
    """Return the lines of a data file, in order; lines that begin with # are comments."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(row for row in file if not row.startswith("#"))
        return [
            Line(
                cell=row["cell"],
                when=row.get("when") or "",
                steady=row.get("steady") == "yes",
                places=int(row.get("places") or 0),
                recipe=row["recipe"],
                source=f"{path.name}: {row['cell']}",
                table=row.get("table") or "",
            )
            for row in reader
        ]


def expand(name: str) -> list[list[tuple[str, str]]]:
    """Return the cells that `a_{r|s}__{c|d}` names, row by row, each as (row, column)."""
    match = re.fullmatch(r"[^{]*\{([^}]*)\}[^{]*\{([^}]*)\}[^{]*", name)
    if match is None:
        raise ValueError(f"{name}: a cross needs two lists in braces")
    return [[(row, column) for column in match[2].split("|")] for row in match[1].split("|")]


def name_of(pattern: str, row: str, column: str) -> str:
    """Return the cell of a crossing."""
    first, second = re.findall(r"\{[^}]*\}", pattern)
    return pattern.replace(first, row, 1).replace(second, column, 1)


def read_slips(path: Path) -> list[tuple[str, str]]:
    """Return the deliberate mistakes: a cell, and a factor or the cell whose answer is put there."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["cell"], row["factor"]) for row in csv.DictReader(row for row in file if not row.startswith("#"))]
