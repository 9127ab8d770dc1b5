"""Exact division of whole amounts: by weights, and into a matrix with given margins."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal


def by_weights(whole: Decimal, weights: Sequence[float], places: int) -> list[Decimal]:
    """Return parts in proportion to the weights that add up to the whole exactly; the heaviest takes the rest."""
    total = sum(weights)
    if not total:
        return [whole, *[Decimal(0)] * (len(weights) - 1)]
    parts = [floor(whole * Decimal(str(round(weight / total, 9))), places) for weight in weights]
    heaviest = max(range(len(weights)), key=lambda place: weights[place])
    parts[heaviest] += whole - sum(parts)
    return parts


def into_matrix(rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    """Return whole numbers whose sums are the given rows and columns (both add up to the same), near proportion."""
    total = sum(rows)
    cells = [[row * column // total if total else 0 for column in columns] for row in rows]
    rows_left = [row - sum(line) for row, line in zip(rows, cells, strict=True)]
    columns_left = [column - sum(line[at] for line in cells) for at, column in enumerate(columns)]
    for at, line in enumerate(cells):
        for place in range(len(columns)):
            more = min(rows_left[at], columns_left[place])
            line[place] += more
            rows_left[at] -= more
            columns_left[place] -= more
    return cells


def floor(value: Decimal, places: int) -> Decimal:
    """Return the value cut to so many places."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_FLOOR)
