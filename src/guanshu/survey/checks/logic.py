"""Closures that yield verdicts: True, False or None (unknown), after Kleene."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from guanshu.survey.checks.runtime import ABSENT_NUMBER, BLANK_NUMBER, NA_NUMBER, ONE, ZERO, Frame, Run, is_missing
from guanshu.survey.checks.typed import Applied, Const, Ref
from guanshu.survey.values.missing import BLANK, NA, Missing

if TYPE_CHECKING:
    from guanshu.survey.checks.evaluate import Compiler

# A figure is a slip where this year ÷ last year is within a tenth of one of these, or last year ÷ this year.
SLIPS = tuple(Decimal(10) ** power for power in range(1, 5))
_LOW, _HIGH = Decimal("0.9"), Decimal("1.1")
# Below the first and from the second on a slip is possible at all: 1.1 ÷ 10 and 0.9 × 10.
_SMALLEST, _LARGEST = Decimal("0.11"), Decimal(9)


def negation(f: Run) -> Run:
    """Return a closure for `not`. Raises nothing."""

    def run(v: Frame) -> bool | None:
        value = f(v)
        return None if value is None else not value

    return run


def conjunction(runs: list[Run]) -> Run:
    """Return a closure for `and`: false if any is false, else unknown if any is. Raises nothing."""
    if len(runs) == 2:
        return _both(*runs)

    def run(v: Frame) -> bool | None:
        result: bool | None = True
        for f in runs:
            value = f(v)
            if value is False:
                return False
            if value is None:
                result = None
        return result

    return run


def _both(f: Run, g: Run) -> Run:
    def run(v: Frame) -> bool | None:
        a = f(v)
        if a is False:
            return False
        b = g(v)
        if b is False:
            return False
        return True if a and b else None

    return run


def _either(f: Run, g: Run) -> Run:
    def run(v: Frame) -> bool | None:
        a = f(v)
        if a:
            return True
        b = g(v)
        if b:
            return True
        return None if a is None or b is None else False

    return run


def disjunction(runs: list[Run]) -> Run:
    """Return a closure for `or`: true if any is true, else unknown if any is. Raises nothing."""
    if len(runs) == 2:
        return _either(*runs)

    def run(v: Frame) -> bool | None:
        result: bool | None = False
        for f in runs:
            value = f(v)
            if value is True:
                return True
            if value is None:
                result = None
        return result

    return run


def implication(condition: Run, result: Run) -> Run:
    """Return a closure for `if … then …`, which is not-condition or result. Raises nothing."""

    def run(v: Frame) -> bool | None:
        given = condition(v)
        if given is False:
            return True
        value: bool | None = result(v)
        return value if given or value else None

    return run


def flag_implication(slot: int, result: Run) -> Run:
    """Return a closure for `if <bool cell or switch> then …`. Raises nothing."""

    def run(v: Frame) -> bool | None:
        given = v[slot]
        if given is False:
            return True
        value: bool | None = result(v)
        return value if value or given is True else None

    return run


def verdict_function(make: "Compiler", node: Applied) -> Run:
    """Return the closure of a function that yields a verdict. This function will raise KeyError for others."""
    return _FUNCTIONS[node.function](make, node)


def _slots(node: Applied) -> list[int]:
    return [arg.slot for arg in node.args if isinstance(arg, Ref)]


def _filled(_: "Compiler", node: Applied) -> Run:
    slot = _slots(node)[0]
    return lambda v: is_filled(v[slot])


def _blank(_: "Compiler", node: Applied) -> Run:
    slot = _slots(node)[0]
    return lambda v: not is_filled(v[slot])


def is_filled(value: object) -> bool:
    """Return whether a slot was answered; 不适用 is an answer. Raises nothing."""
    return not (value is BLANK_NUMBER or value is BLANK or value is ABSENT_NUMBER)


def _applies(_: "Compiler", node: Applied) -> Run:
    slot = _slots(node)[0]
    return lambda v: not (v[slot] is NA_NUMBER or v[slot] is NA)


def _all_or_none(_: "Compiler", node: Applied) -> Run:
    slots = _slots(node)

    def run(v: Frame) -> bool:
        return len({is_filled(v[slot]) for slot in slots}) == 1

    return run


def _oneof(make: "Compiler", node: Applied) -> Run:
    item = node.args[0]
    values = frozenset(arg.value for arg in node.args[1:] if isinstance(arg, Const))
    if isinstance(item, Ref):
        return _slot_oneof(item.slot, values)
    f = make.run(item)

    def run(v: Frame) -> bool | None:
        value = f(v)
        if value.__class__ is Missing or (value.__class__ is Decimal and value.is_nan()):
            return None
        return value in values

    return run


def _slot_oneof(slot: int, values: frozenset[object]) -> Run:
    def run(v: Frame) -> bool | None:
        value = v[slot]
        if value in values:
            return True
        return None if is_missing(value) else False

    return run


def _has(_: "Compiler", node: Applied) -> Run:
    slot = _slots(node)[0]
    option = node.args[1].value if isinstance(node.args[1], Const) else None

    def run(v: Frame) -> bool | None:
        value = v[slot]
        return None if value.__class__ is Missing else option in value

    return run


def _slipped(_: "Compiler", node: Applied) -> Run:
    return slipped_slots(*_slots(node))


def slipped_slots(i: int, j: int, *, opposite: bool = False) -> Run:
    """Return a closure for `slipped` of two cells, or for its opposite. Raises nothing."""

    def run(v: Frame) -> bool | None:
        now, before = v[i], v[j]
        # Nearly every figure is between a ninth and nine times last year's: two comparisons settle it.
        if _SMALLEST * before < now < _LARGEST * before:
            return opposite
        if now.is_nan() or before.is_nan() or not before:
            return None
        return (slip_factor(now, before) is not None) is not opposite

    return run


def slip_factor(now: Decimal, before: Decimal) -> Decimal | None:
    """Return 10, 100, 1000, 10000 or an inverse where now ÷ before is within a tenth of it, else None.

    Decided by multiplication, exactly. Raises nothing.
    """
    if (now < 0) != (before < 0):
        return None
    now, before = abs(now), abs(before)
    for factor in SLIPS:
        if _LOW * factor * before <= now <= _HIGH * factor * before:
            return factor
        if _LOW * before <= now * factor <= _HIGH * before and now != ZERO:
            return ONE / factor
    return None


_FUNCTIONS: dict[str, Callable[["Compiler", Applied], Run]] = {
    "filled": _filled,
    "blank": _blank,
    "applies": _applies,
    "all_or_none": _all_or_none,
    "oneof": _oneof,
    "has": _has,
    "slipped": _slipped,
}
