"""Closures that yield verdicts: True, False or None (unknown), after Kleene."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from guanshu.survey.checks.runtime import ABSENT_NUMBER, BLANK_NUMBER, NA_NUMBER, ONE, ZERO, Frame, Run
from guanshu.survey.checks.typed import Applied, Const, Ref
from guanshu.survey.values.missing import BLANK, NA, Missing

if TYPE_CHECKING:
    from guanshu.survey.checks.evaluate import Compiler

# A figure is a slip where this year ÷ last year is within a tenth of one of these, or last year ÷ this year.
SLIPS = tuple(Decimal(10) ** power for power in range(1, 5))
_LOW, _HIGH = Decimal("0.9"), Decimal("1.1")


def negation(f: Run) -> Run:
    """Return a closure for `not`. Raises nothing."""

    def run(v: Frame) -> bool | None:
        value = f(v)
        return None if value is None else not value

    return run


def conjunction(runs: list[Run]) -> Run:
    """Return a closure for `and`: false if any is false, else unknown if any is. Raises nothing."""

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


def disjunction(runs: list[Run]) -> Run:
    """Return a closure for `or`: true if any is true, else unknown if any is. Raises nothing."""

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
    f = make.run(node.args[0])
    values = frozenset(arg.value for arg in node.args[1:] if isinstance(arg, Const))

    def run(v: Frame) -> bool | None:
        value = f(v)
        if value.__class__ is Missing or (value.__class__ is Decimal and value.is_nan()):
            return None
        return value in values

    return run


def _has(_: "Compiler", node: Applied) -> Run:
    slot = _slots(node)[0]
    option = node.args[1].value if isinstance(node.args[1], Const) else None

    def run(v: Frame) -> bool | None:
        value = v[slot]
        return None if value.__class__ is Missing else option in value

    return run


def _slipped(_: "Compiler", node: Applied) -> Run:
    i, j = _slots(node)

    def run(v: Frame) -> bool | None:
        now, before = v[i], v[j]
        if now.is_nan() or before.is_nan() or not before:
            return None
        return slip_factor(now, before) is not None

    return run


def slip_factor(now: Decimal, before: Decimal) -> Decimal | None:
    """Return 10, 100, 1000, 10000 or an inverse where now ÷ before is within a tenth of it, else None.

    Decided by multiplication, exactly. Raises nothing.
    """
    if (now < 0) != (before < 0):
        return None
    now, before = abs(now), abs(before)
    # Nearly every figure is between a ninth and nine times last year's: two comparisons settle it.
    if now < 9 * before and 100 * now > 11 * before:
        return None
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
