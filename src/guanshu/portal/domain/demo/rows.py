"""The rows of one museum's rows tables, drawn from recipes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from guanshu.portal.domain.demo.apportion import by_weights
from guanshu.portal.domain.demo.figures import Draft, draw_one
from guanshu.portal.domain.demo.recipes import Line

# The line of a table that says how many rows there are.
COUNT = "#"


def draw_rows(
    draft: Draft, lines: Sequence[Line], places: Mapping[str, Mapping[str, int]]
) -> dict[str, list[dict[str, str]]]:
    """Return the rows of every table whose condition holds: table name -> rows -> column -> text.

    `places` are the decimal places of number columns, by table. The draft already holds the form's own cells.
    """
    by_table: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_table[line.table].append(line)
    found = {}
    for table, members in by_table.items():
        count = next((line for line in members if line.cell == COUNT and draft.holds(line.when)), None)
        if count is not None:
            found[table] = _rows(draft, count, [line for line in members if line.cell != COUNT], places[table])
    return found


def _rows(draft: Draft, count: Line, lines: Sequence[Line], places: Mapping[str, int]) -> list[dict[str, str]]:
    named = replace(count, cell=f"{count.table} {COUNT}")
    draw_one(draft, named, count.recipe)
    total = int(draft.number(named.cell))
    shares = {line.cell: _even(draft, line, total, places) for line in lines if line.verb == "even"}
    rows = []
    for number in range(total):
        # A row sees the form's cells and its own; what it draws stays its own.
        row = replace(draft, seed=f"{draft.seed} {count.table} {number}", values={}, numbers=dict(draft.numbers))
        row.places = places
        for line in lines:
            if line.cell in row.values or not row.holds(line.when):
                continue
            if line.verb == "even":
                row.put_number(line.cell, shares[line.cell][number], places.get(line.cell, 0))
            elif line.verb == "list":
                row.values[line.cell] = _from_list(draft, line, number)
            else:
                draw_one(row, line, line.recipe)
        rows.append({name: text for name, text in row.values.items() if not name.startswith("~")})
    return rows


def _even(draft: Draft, line: Line, count: int, places: Mapping[str, int]) -> list[Decimal]:
    """Return the amounts of all rows: together a share of a form cell."""
    bounds, _, of = line.words.partition(" of ")
    low, high = bounds.split()
    whole = draft.number(of) * draft.between(line, low, high, f"{line.table} {line.cell}") / 100
    chance = draft.random(f"{line.table} {line.cell}", steady=False)
    scale = places.get(line.cell, 0)
    return by_weights(whole.quantize(Decimal(1).scaleb(-scale)), [chance.uniform(1, 3) for _ in range(count)], scale)


def _from_list(draft: Draft, line: Line, number: int) -> str:
    """Return the next entry of a list; every museum begins elsewhere in it."""
    entries = line.words.split("/")
    start = 0 if line.steady else draft.random(f"{line.table} list", steady=False).randrange(len(entries))
    chosen = entries[(start + number) % len(entries)]
    return chosen.format_map({**draft.facts, "year": draft.year, "last_year": draft.year - 1})
