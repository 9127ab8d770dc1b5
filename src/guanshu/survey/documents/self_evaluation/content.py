"""What the draft is made from: exact figures, names, texts. Plain data, so that it can cross to a process."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

Number = Decimal | None
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum of both years; `change` in per cent over the `same` museums that have it in both. None: nobody has it."""

    label: str
    unit: str
    now: Number
    before: Number
    counted: int
    counted_before: int
    change: Number
    same: int


@dataclass(frozen=True, slots=True)
class Line:
    """One free-opening museum: figures of this year by role, visits of last year."""

    name: str
    values: Mapping[str, Number]
    visits_before: Number


@dataclass(frozen=True)
class Content:
    """Everything the draft says.

    unit 河北省, office 河北省科协. all: figures over all museums by role; free: over the free-opening ones.
    due, exempt: museums that have to report, that need not; waiting: names and states of those not handed in.
    levels, cities: label, museums, of them free; grown: name, before, now, per cent; dense: name, visits a m².
    goals: texts of the goals table's columns in order; problems: museum and what it wrote.
    """

    unit: str
    office: str
    year: int
    document_number: str
    due: int
    exempt: int
    museums: int
    free_museums: int
    rate: Number
    all: Mapping[str, Figure]
    free: Mapping[str, Figure]
    lines: Sequence[Line] = ()
    levels: Sequence[tuple[str, int, int]] = ()
    cities: Sequence[tuple[str, int, int]] = ()
    waiting: Sequence[tuple[str, str]] = ()
    grown: Sequence[tuple[str, Decimal, Decimal, Decimal]] = ()
    dense: Sequence[tuple[str, Decimal]] = ()
    dense_by: str = ""
    goal_heads: Sequence[str] = ()
    goals: Sequence[Sequence[str]] = ()
    problems: Sequence[tuple[str, str]] = field(default_factory=tuple)

    def plain(self) -> Plain:
        """Return the content as JSON holds it: decimals as text."""
        found: Plain = _plain(asdict(self))
        return found

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Content":
        """Return the content that `plain` gave."""
        given = dict(plain)
        given["rate"] = _number(given["rate"])
        for part in ("all", "free"):
            given[part] = {role: _figure(each) for role, each in given[part].items()}
        given["lines"] = [_line(each) for each in given["lines"]]
        given["grown"] = [(name, *(Decimal(text) for text in texts)) for name, *texts in given["grown"]]
        given["dense"] = [(name, Decimal(text)) for name, text in given["dense"]]
        for part in ("levels", "cities", "waiting", "problems"):
            given[part] = [tuple(each) for each in given[part]]
        return cls(**given)


def _figure(plain: Mapping[str, Any]) -> Figure:
    return Figure(**{**plain, **{key: _number(plain[key]) for key in ("now", "before", "change")}})


def _line(plain: Mapping[str, Any]) -> Line:
    values = {role: _number(text) for role, text in plain["values"].items()}
    return Line(plain["name"], values, _number(plain["visits_before"]))


def _number(text: str | None) -> Number:
    return None if text is None else Decimal(text)


def _plain(part: Any) -> Any:
    if isinstance(part, Decimal):
        return format(part, "f")
    if isinstance(part, dict):
        return {key: _plain(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_plain(value) for value in part]
    return part
