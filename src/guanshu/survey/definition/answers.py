"""What one respondent answered: typed values, nothing computed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from guanshu.survey.values.base import Value


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a rows table; `id` is stable for the row's life."""

    id: str
    cells: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers of a report. An absent cell is BLANK.

    cells: form-level cell name -> value; rows: table name -> rows in order; none: names of rows tables ticked
    本年度无; na: numbers of tables ticked 不适用; explanations: `check-id[scope]` -> text.
    """

    cells: Mapping[str, Value] = field(default_factory=dict)
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    none: frozenset[str] = frozenset()
    na: frozenset[str] = frozenset()
    explanations: Mapping[str, str] = field(default_factory=dict)
