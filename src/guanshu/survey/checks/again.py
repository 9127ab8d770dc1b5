"""Evaluating a report again after a small change: only the checks that read what changed are run.

A report is saved after every pause in typing, and then one cell of several hundred is new. What an evaluation found is
kept with it; the next one compares the flat lists of values slot by slot and takes over the rest.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from guanshu.survey.checks.findings import Finding
from guanshu.survey.checks.layout import Layout
from guanshu.survey.checks.runtime import Frame
from guanshu.survey.checks.typed import Aggregate, ParamRef, Place, Ref, Typed, walk
from guanshu.survey.definition.answers import Answers

if TYPE_CHECKING:
    from guanshu.survey.checks.compiled import Bound, Compiled


@dataclass(frozen=True, slots=True)
class Trace:
    """What an evaluation leaves for the next one of the same report.

    `false` holds the finding of every application that is false, by its place in `Compiled.form_runs`.
    """

    compiled: "Compiled"
    frame: Frame
    false: Mapping[int, Finding]
    last: Answers | None
    year: int
    params: Mapping[str, Decimal | bool]


def changed_slots(now: Frame, before: Frame) -> list[int]:
    """Return the slots whose values differ. Raises nothing."""
    # Missing numbers are NaN: equal to nothing, but each kind is one object.
    return [slot for slot, (new, old) in enumerate(zip(now, before, strict=True)) if new is not old and new != old]


def readers(layout: Layout, bounds: Iterable["Bound"]) -> Mapping[int, tuple[int, ...]]:
    """Return for every slot the places of the applications whose verdict or message reads it. Raises nothing."""
    found: dict[int, list[int]] = {}
    for place, bound in enumerate(bounds):
        for slot in set(_reads(layout, bound)):
            found.setdefault(slot, []).append(place)
    return {slot: tuple(places) for slot, places in found.items()}


def _reads(layout: Layout, bound: "Bound") -> Iterator[int]:
    pieces = bound.sentence.template.pieces if bound.sentence.template is not None else ()
    for root in (bound.instance.node, *(piece for piece in pieces if not isinstance(piece, str))):
        yield from _slots(layout, root)


def _slots(layout: Layout, root: Typed) -> Iterator[int]:
    for node in walk(root):
        if isinstance(node, Aggregate):
            rows = layout.rows[node.table.name]
            yield from (rows.rows, rows.none)
        elif isinstance(node, ParamRef) or (isinstance(node, Ref) and node.place is not Place.ROW):
            # A row at hand is an aggregate's, and that reads the list of rows.
            yield node.slot
