"""Evaluating a report again after a small change: only the checks that read what changed are run.

A report is saved after every pause in typing, and then one cell of several hundred is new. What an evaluation found is
kept with it; the next one compares the flat lists of values slot by slot and takes over whatever reads none of the
changed slots.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from guanshu.survey.checks.calculate import State
from guanshu.survey.checks.findings import Finding, Surveyed
from guanshu.survey.checks.layout import Layout
from guanshu.survey.checks.runtime import Frame
from guanshu.survey.checks.typed import Aggregate, ParamRef, Place, Ref, Typed, walk
from guanshu.survey.definition.answers import Answers
from guanshu.survey.values.base import Value

if TYPE_CHECKING:
    from guanshu.survey.checks.compiled import Bound, Compiled


# Index of the check, number of the row, the finding.
RowFinding = tuple[int, int, Finding]


@dataclass(frozen=True, slots=True)
class Trace:
    """What an evaluation leaves for the next one of the same report.

    `false` holds the finding of every application that is false, by its place in `Compiled.form_runs`; `row_false`
    the findings of each rows table's rows; `values` are the evaluation's own.
    """

    compiled: "Compiled"
    state: State
    values: Mapping[str, Value]
    surveyed: Mapping[str, Surveyed]
    false: Mapping[int, Finding]
    row_false: Mapping[str, Sequence[RowFinding]]
    last: Answers | None
    year: int
    params: Mapping[str, Decimal | bool]


@dataclass(frozen=True, slots=True)
class Since:
    """What is different from the evaluation before.

    `same_shape`: the same cells are asked and the same rows are there, so that `changed` slots tell everything.
    """

    trace: Trace
    changed: frozenset[int]
    same_shape: bool

    @classmethod
    def of(cls, trace: Trace, state: State) -> "Since":
        """Compare a report that was worked out with the one before. Raises nothing."""
        old = trace.state
        same = state.hidden == old.hidden and state.na == old.na and state.row_ids == old.row_ids
        return cls(trace, frozenset(changed_slots(state.v, old.v)), same)

    def keeps(self, reads: frozenset[int]) -> bool:
        """Return whether what reads these slots is as it was. Raises nothing."""
        return self.same_shape and reads.isdisjoint(self.changed)


def changed_slots(now: Frame, before: Frame) -> list[int]:
    """Return the slots whose values differ. Raises nothing."""
    # Missing numbers are NaN: equal to nothing, but each kind is one object.
    return [slot for slot, (new, old) in enumerate(zip(now, before, strict=True)) if new is not old and new != old]


def readers(layout: Layout, bounds: Iterable["Bound"]) -> Mapping[int, tuple[int, ...]]:
    """Return for every slot the places of the applications whose verdict or message reads it. Raises nothing."""
    found: dict[int, list[int]] = {}
    for place, bound in enumerate(bounds):
        for slot in set(reads_of(layout, bound)):
            found.setdefault(slot, []).append(place)
    return {slot: tuple(places) for slot, places in found.items()}


def reads_of(layout: Layout, bound: "Bound") -> Iterator[int]:
    """Yield the slots that the verdict or the message of an application reads. Raises nothing."""
    pieces = bound.sentence.template.pieces if bound.sentence.template is not None else ()
    for root in (bound.instance.node, *(piece for piece in pieces if not isinstance(piece, str))):
        yield from slots_read(layout, root)


def slots_read(layout: Layout, root: Typed) -> Iterator[int]:
    """Yield the slots that a formula reads, the list of rows instead of the row at hand. Raises nothing."""
    for node in walk(root):
        if isinstance(node, Aggregate):
            rows = layout.rows[node.table.name]
            yield from (rows.rows, rows.none)
        elif isinstance(node, ParamRef) or (isinstance(node, Ref) and node.place is not Place.ROW):
            # A row at hand is an aggregate's, and that reads the list of rows.
            yield node.slot
