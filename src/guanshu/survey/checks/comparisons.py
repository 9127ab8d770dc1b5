"""Closures for comparisons, one for each usual shape.

A missing number is a NaN (see `runtime`): `<=`, `<` and `=` are false for it, so only a false comparison looks whether
it is unknown. `>=` and `>` are written with sides exchanged.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from guanshu.survey.checks.runtime import ZERO, Frame, Run
from guanshu.survey.values.missing import Missing


def le_slots(i: int, j: int) -> Run:
    """Return a closure for cell <= cell. Raises nothing."""

    def run(v: Frame) -> bool | None:
        if v[i] <= v[j]:
            return True
        return None if v[i] != v[i] or v[j] != v[j] else False

    return run


def lt_slots(i: int, j: int) -> Run:
    """Return a closure for cell < cell. Raises nothing."""

    def run(v: Frame) -> bool | None:
        if v[i] < v[j]:
            return True
        return None if v[i] != v[i] or v[j] != v[j] else False

    return run


def eq_slots(i: int, j: int) -> Run:
    """Return a closure for cell = cell. Raises nothing."""

    def run(v: Frame) -> bool | None:
        if v[i] == v[j]:
            return True
        return None if v[i] != v[i] or v[j] != v[j] else False

    return run


def le_const(i: int, c: Decimal) -> Run:
    """Return a closure for cell <= constant. Raises nothing."""

    def run(v: Frame) -> bool | None:
        if v[i] <= c:
            return True
        return None if v[i] != v[i] else False

    return run


def const_le(c: Decimal, i: int) -> Run:
    """Return a closure for constant <= cell. Raises nothing."""

    def run(v: Frame) -> bool | None:
        if c <= v[i]:
            return True
        return None if v[i] != v[i] else False

    return run


def lt_const(i: int, c: Decimal) -> Run:
    """Return a closure for cell < constant. Raises nothing."""

    def run(v: Frame) -> bool | None:
        if v[i] < c:
            return True
        return None if v[i] != v[i] else False

    return run


def const_lt(c: Decimal, i: int) -> Run:
    """Return a closure for constant < cell. Raises nothing."""

    def run(v: Frame) -> bool | None:
        if c < v[i]:
            return True
        return None if v[i] != v[i] else False

    return run


def eq_const(i: int, c: Decimal) -> Run:
    """Return a closure for cell = constant. Raises nothing."""

    def run(v: Frame) -> bool | None:
        if v[i] == c:
            return True
        return None if v[i] != v[i] else False

    return run


def eq_run_slot(f: Run, i: int) -> Run:
    """Return a closure for expression = cell. Raises nothing."""

    def run(v: Frame) -> bool | None:
        a = f(v)
        if a == v[i]:
            return True
        return None if a != a or v[i] != v[i] else False  # noqa: PLR0124

    return run


def le_run_slot(f: Run, i: int) -> Run:
    """Return a closure for expression <= cell. Raises nothing."""

    def run(v: Frame) -> bool | None:
        a = f(v)
        if a <= v[i]:
            return True
        return None if a != a or v[i] != v[i] else False  # noqa: PLR0124

    return run


def le_slot_run(i: int, f: Run) -> Run:
    """Return a closure for cell <= expression. Raises nothing."""

    def run(v: Frame) -> bool | None:
        b = f(v)
        if v[i] <= b:
            return True
        return None if b != b or v[i] != v[i] else False  # noqa: PLR0124

    return run


def le_runs(f: Run, g: Run) -> Run:
    """Return a closure for expression <= expression. Raises nothing."""

    def run(v: Frame) -> bool | None:
        a, b = f(v), g(v)
        if a <= b:
            return True
        return None if a != a or b != b else False  # noqa: PLR0124

    return run


def lt_runs(f: Run, g: Run) -> Run:
    """Return a closure for expression < expression. Raises nothing."""

    def run(v: Frame) -> bool | None:
        a, b = f(v), g(v)
        if a < b:
            return True
        return None if a != a or b != b else False  # noqa: PLR0124

    return run


def eq_runs(f: Run, g: Run) -> Run:
    """Return a closure for expression = expression. Raises nothing."""

    def run(v: Frame) -> bool | None:
        a, b = f(v), g(v)
        if a == b:
            return True
        return None if a != a or b != b else False  # noqa: PLR0124

    return run


def ratio(op: str, above: Run, below: Run, bound: Run) -> Run:
    """Return a closure for above ÷ below op bound, by multiplication; unknown where below is 0. Raises nothing."""

    def run(v: Frame) -> bool | None:
        a, b, limit = above(v), below(v), bound(v)
        if a.is_nan() or b.is_nan() or limit.is_nan() or not b:
            return None
        left, right = (a, limit * b) if b > 0 else (limit * b, a)
        return ordered(op, left, right)

    return run


def ratio_slots(op: str, i: int, j: int, c: Decimal) -> Run:
    """Return a closure for cell ÷ cell op constant, the usual ratio. Raises nothing."""
    general = ratio(op, lambda v: v[i], lambda v: v[j], lambda _: c)
    if op not in {"<=", ">="}:
        return general
    at_most = op == "<="

    def run(v: Frame) -> bool | None:
        a, b = v[i], v[j]
        if b > ZERO and (a <= c * b if at_most else a >= c * b):
            return True
        return general(v)  # type: ignore[no-any-return]

    return run


def date_slots(op: str, i: int, j: int) -> Run:
    """Return a closure that orders two date cells. Raises nothing."""
    if op in {">", ">="}:
        i, j, op = j, i, op.replace(">", "<")
    strict = op == "<"

    def run(v: Frame) -> bool | None:
        a, b = v[i], v[j]
        if a.__class__ is Missing or b.__class__ is Missing:
            return None
        return a < b if strict else a <= b  # type: ignore[no-any-return]

    return run


def eq_value(i: int, c: object) -> Run:
    """Return a closure for text or choice cell = literal. Raises nothing."""

    def run(v: Frame) -> bool | None:
        value = v[i]
        if value == c:
            return True
        return None if value.__class__ is Missing else False

    return run


def dates(op: str, f: Run, g: Run) -> Run:
    """Return a closure that orders two dates. Raises nothing."""

    def run(v: Frame) -> bool | None:
        a, b = f(v), g(v)
        return None if a.__class__ is Missing or b.__class__ is Missing else ordered(op, a, b)

    return run


def equal(f: Run, g: Run) -> Run:
    """Return a closure for the equality of texts, options or verdicts (None is unknown). Raises nothing."""

    def run(v: Frame) -> bool | None:
        a, b = f(v), g(v)
        if a is None or b is None or a.__class__ is Missing or b.__class__ is Missing:
            return None
        return bool(a == b)

    return run


def ordered(op: str, a: Decimal | date, b: Decimal | date) -> bool:
    """Return whether a op b holds for two known values. Raises nothing."""
    left: Any = a
    match op:
        case "=":
            return bool(left == b)
        case "!=":
            return bool(left != b)
        case "<":
            return bool(left < b)
        case "<=":
            return bool(left <= b)
        case ">":
            return bool(left > b)
        case _:
            return bool(left >= b)
