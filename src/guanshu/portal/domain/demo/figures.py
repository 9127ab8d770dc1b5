"""One museum's figures of one year, drawn from recipes: the same museum and year always get the same."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from stdnum.cn import uscc

from guanshu.portal.domain.demo.apportion import by_weights, floor, into_matrix
from guanshu.portal.domain.demo.recipes import Line, expand, name_of

# How far a figure that is not steady moves from one year to the next.
_DRIFT = 0.08


@dataclass
class Draft:
    """What is known so far. facts: what the register says (level, free, name, …); values: what was drawn, as text;
    numbers: the numbers among it; last: the numbers of last year, if there was one; places: by cell.
    """

    seed: str
    year: int
    facts: Mapping[str, str]
    places: Mapping[str, int]
    last: Mapping[str, Decimal] | None = None
    values: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, Decimal] = field(default_factory=dict)

    def holds(self, when: str) -> bool:
        """Return whether a line's condition is met."""
        return all(self._fact(term) for term in when.split("&") if term)

    def _fact(self, term: str) -> bool:
        name, _, wanted = term.partition("=")
        return self.values.get(name, self.facts.get(name, "")) == wanted

    def random(self, name: str, *, steady: bool) -> random.Random:
        """Return the source of chance for a cell, one for all years or one a year."""
        return random.Random(f"{self.seed} {name} {'' if steady else self.year}")  # noqa: S311 - no secret

    def between(self, line: Line, low: str, high: str, name: str = "") -> Decimal:
        """Return a number between two bounds; the same every year but for the drift."""
        name = name or line.cell
        value = self.random(name, steady=True).uniform(float(low), float(high))
        if not line.steady:
            value *= 1 + self.random(f"{name} drift", steady=False).uniform(-_DRIFT, _DRIFT)
        return Decimal(str(round(value, 6)))

    def put_number(self, cell: str, value: Decimal, places: int) -> None:
        """Keep a number at its cell's places."""
        known = floor(value, self.places.get(cell, places))
        self.numbers[cell] = known
        self.values[cell] = format(known, "f")

    def number(self, name: str) -> Decimal:
        """Return a number drawn before. Raises KeyError with the name when there is none."""
        return self.numbers[name]


def draw(draft: Draft, lines: Sequence[Line]) -> None:
    """Draw every line of the recipes into the draft, in order."""
    for line in lines:
        if not draft.holds(line.when) or line.cell in draft.values:
            continue
        try:
            if line.verb == "part":
                _part(draft, line, lines)
            elif line.verb == "cross":
                _cross(draft, line)
            else:
                draw_one(draft, line, line.recipe)
        except (KeyError, ValueError) as error:
            raise ValueError(f"{line.source}: {error!r}") from error


def draw_one(draft: Draft, line: Line, recipe: str) -> None:
    """Draw one cell by a recipe that needs no others of its kind."""
    verb, _, words = recipe.partition(" ")
    if verb == "last":
        name, _, otherwise = words.partition(" else ")
        if draft.last is None or name not in draft.last:
            draw_one(draft, line, otherwise)
        else:
            draft.put_number(line.cell, draft.last[name], line.places)
    elif verb in _NUMBERS:
        draft.put_number(line.cell, _NUMBERS[verb](draft, line, words), line.places)
    else:
        draft.values[line.cell] = _TEXTS[verb](draft, line, words)


def _range(draft: Draft, line: Line, words: str) -> Decimal:
    low, high = words.split()
    return draft.between(line, low, high)


def _size(draft: Draft, line: Line, words: str) -> Decimal:
    return _range(draft, line, words) * draft.number("~size") / 10000


def _share(draft: Draft, line: Line, words: str) -> Decimal:
    words, _, least = words.partition(" least ")
    bounds, _, of = words.partition(" of ")
    low, high = bounds.split()
    whole = Decimal(1)
    for factor in of.split(" * "):
        whole *= draft.number(factor)
    value = whole * draft.between(line, low, high) / 100
    # A part stays a part, however far it drifts.
    value = min(value, whole) if float(high) <= 100 else value
    return max(value, Decimal(least)) if least else value


def _sum(draft: Draft, _line: Line, words: str) -> Decimal:
    total = Decimal(0)
    for sign, name in re.findall(r"([+-]?)\s*([~\w]+)", words):
        total += -draft.number(name) if sign == "-" else draft.number(name)
    return total


def _text(draft: Draft, _line: Line, words: str) -> str:
    return words.format_map({**draft.facts, **draft.values, "year": draft.year, "last_year": draft.year - 1})


def _pick(draft: Draft, line: Line, words: str) -> str:
    chosen = draft.random(line.cell, steady=True).choice(words.split("/"))
    return _text(draft, line, chosen)


def _month(draft: Draft, line: Line, words: str) -> str:
    low, high = (int(word) for word in words.split())
    chance = draft.random(line.cell, steady=line.steady)
    # Two years: any month of them; two months: of the reported year.
    if low > 12:
        return f"{chance.randint(low, high)}-{chance.randint(1, 12):02d}"
    return f"{draft.year}-{chance.randint(low, high):02d}"


def _date(draft: Draft, line: Line, words: str) -> str:
    low, high = (date.fromisoformat(f"{draft.year}-{word}") for word in words.split())
    return str(low + timedelta(draft.random(line.cell, steady=False).randint(0, (high - low).days)))


def _after(draft: Draft, line: Line, words: str) -> str:
    name, low, high = words.split()
    text = draft.values[name]
    days = draft.random(line.cell, steady=False).randint(int(low), int(high))
    day = date.fromisoformat(text if len(text) > 7 else f"{text}-01") + timedelta(days)
    return str(day)[: len(text)]


def _uscc(draft: Draft, _line: Line, _words: str) -> str:
    start = f"12{draft.facts['division']}MB{draft.random('uscc', steady=True).randrange(10**7):07d}"
    return start + str(uscc.calc_check_digit(start))


_NUMBERS: dict[str, Callable[[Draft, Line, str], Decimal]] = {
    "range": _range,
    "size": _size,
    "share": _share,
    "sum": _sum,
}
_TEXTS: dict[str, Callable[[Draft, Line, str], str]] = {
    "text": _text,
    "pick": _pick,
    "month": _month,
    "date": _date,
    "after": _after,
    "uscc": _uscc,
}


def _part(draft: Draft, line: Line, lines: Sequence[Line]) -> None:
    """Draw all parts of a whole at once, so that they add up."""
    of = line.words.partition(" of ")[2]
    parts = [other for other in lines if other.verb == "part" and other.words.endswith(f" of {of}")]
    parts = [other for other in parts if draft.holds(other.when)]
    weights = [float(draft.between(other, *[other.words.split()[0]] * 2)) for other in parts]
    places = draft.places.get(line.cell, line.places)
    for other, value in zip(parts, by_weights(draft.number(of), weights, places), strict=True):
        draft.put_number(other.cell, value, places)


def _cross(draft: Draft, line: Line) -> None:
    """Draw a whole matrix from the margins named after the verb; `*` stands for the row or the column."""
    by_row, by_column = line.words.split(" by ")
    grid = expand(line.cell)
    rows = [int(draft.number(by_row.replace("*", members[0][0]))) for members in grid]
    columns = [int(draft.number(by_column.replace("*", column))) for _, column in grid[0]]
    for members, values in zip(grid, into_matrix(rows, columns), strict=True):
        for (row, column), value in zip(members, values, strict=True):
            draft.put_number(name_of(line.cell, row, column), Decimal(value), 0)
