"""What evaluation of a report yields: computed values, findings, what is still missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from guanshu.survey.values.base import Value

if TYPE_CHECKING:
    from guanshu.survey.checks.again import Trace


class CheckClass(Enum):
    """The four classes of edit checks of national statistics (product §8)."""

    MANDATORY = "强制性"
    QUASI = "准强制性"
    VERIFY = "核实性"
    HINT = "提示性"

    @property
    def short(self) -> str:
        """Return the class without 性, as badges show it."""
        return self.value.removesuffix("性")


@dataclass(frozen=True, slots=True)
class Finding:
    """One check that is false for one report.

    `scope` is the row, column or cell the check was applied to ("" if none); `key` = `check-id[scope]` or
    `check-id`, the address of its explanation. `cells` are addresses, the one to put the finding under first.
    """

    check: str
    cls: CheckClass
    table: str
    scope: str
    cells: tuple[str, ...]
    message: str
    explanation: str = ""

    @property
    def key(self) -> str:
        """Return the address of the explanation."""
        return f"{self.check}[{self.scope}]" if self.scope else self.check

    @property
    def open(self) -> bool:
        """Return whether a VERIFY finding still lacks an explanation of at least MIN_EXPLANATION characters."""
        return self.cls is CheckClass.VERIFY and len(self.explanation.strip()) < MIN_EXPLANATION


MIN_EXPLANATION = 6


@dataclass(frozen=True, slots=True)
class TableState:
    """Progress of one table (number): `required` cells that must be given, `missing` addresses still blank."""

    number: str
    applies: bool
    na: bool
    required: int
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Return whether nothing is missing."""
        return not self.missing


# The state of one table and the addresses that must be answered in it.
Surveyed = tuple[TableState, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything computed from one report.

    values: every form-level cell's value as checks, facts and exports read it (incomplete totals are BLANK, cells that
    do not apply are NA) and `table[row].column` for rows; partial: sums of incomplete totals (未填全), for the screen;
    hidden: cells and table numbers whose own condition is false; required: form-level cells and row addresses that must
    be answered now; na_allowed: form cells, row addresses and `2-4.na` where 不适用 may be answered now because a
    condition says so (where it may always be, it is not listed); states: one per table in order; findings in the
    order of the tables; trace: what the next evaluation of the same report takes over.
    """

    values: Mapping[str, Value]
    partial: Mapping[str, Decimal]
    hidden: frozenset[str]
    required: frozenset[str]
    states: Mapping[str, TableState]
    findings: tuple[Finding, ...]
    na_allowed: frozenset[str] = frozenset()
    trace: "Trace | None" = field(default=None, compare=False, repr=False)
