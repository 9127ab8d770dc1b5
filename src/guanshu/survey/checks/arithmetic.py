"""Closures that yield numbers (NaN where unknown) and other values."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from guanshu.survey.checks.runtime import BLANK_NUMBER, NA_NUMBER, ONE, UNKNOWN_NUMBER, ZERO, Frame, Run
from guanshu.survey.checks.typed import Applied, Const, ParamRef, Ref, Sum, Typed
from guanshu.survey.values.base import Kind
from guanshu.survey.values.missing import BLANK, Missing

if TYPE_CHECKING:
    from guanshu.survey.checks.evaluate import Compiler


def slots_of(nodes: list[Typed] | tuple[Typed, ...]) -> tuple[int, ...] | None:
    """Return the slots of nodes that are all plain cells or parameters, else None. Raises nothing."""
    found = tuple(node.slot for node in nodes if isinstance(node, Ref | ParamRef))
    return found if len(found) == len(nodes) else None


def sum_run(make: "Compiler", terms: tuple[tuple[int, Typed], ...]) -> Run:
    """Return a closure for a chain of additions and subtractions. Raises nothing."""
    slots = slots_of([term for _, term in terms])
    if slots is not None and all(sign > 0 for sign, _ in terms):
        return plus(slots)
    runs = [(sign, make.run(term)) for sign, term in terms]
    if len(runs) == 2 and slots is not None:
        i, j = slots
        if runs[0][0] > 0:
            return lambda v: v[i] - v[j]
    if len(runs) == 2 and runs[0][0] > 0:
        f, (sign, g) = runs[0][1], runs[1]
        return (lambda v: f(v) + g(v)) if sign > 0 else (lambda v: f(v) - g(v))

    def run(v: Frame) -> Decimal:
        result = ZERO
        for sign, f in runs:
            result = result + f(v) if sign > 0 else result - f(v)
        return result

    return run


def plus(slots: tuple[int, ...]) -> Run:
    """Return a closure for the sum of cells; written out for the usual numbers of them. Raises nothing."""
    if len(slots) == 2:
        i, j = slots
        return lambda v: v[i] + v[j]
    if len(slots) == 3:
        i, j, k = slots
        return lambda v: v[i] + v[j] + v[k]
    if len(slots) == 4:
        i, j, k, m = slots
        return lambda v: v[i] + v[j] + v[k] + v[m]
    if len(slots) == 5:
        i, j, k, m, n = slots
        return lambda v: v[i] + v[j] + v[k] + v[m] + v[n]
    if len(slots) == 1:
        i = slots[0]
        return lambda v: v[i]
    pick = itemgetter(*slots)
    return lambda v: sum(pick(v))


def product_run(make: "Compiler", factors: tuple[Typed, ...]) -> Run:
    """Return a closure for a product. Raises nothing."""
    slots = slots_of(factors)
    if slots is not None and len(slots) == 2:
        i, j = slots
        return lambda v: v[i] * v[j]
    if len(factors) == 2 and isinstance(factors[0], Const) and isinstance(factors[1], Ref):
        c: Any = factors[0].value
        k = factors[1].slot
        return lambda v: c * v[k]
    runs = [make.run(factor) for factor in factors]
    if len(runs) == 2:
        f, g = runs
        return lambda v: f(v) * g(v)

    def run(v: Frame) -> Decimal:
        result = ONE
        for f in runs:
            result = result * f(v)
        return result

    return run


def total_run(make: "Compiler", nodes: tuple[Typed, ...]) -> Run:
    """Return a closure for `total`: all known → their sum; else by the rules for blanks. Raises nothing."""
    slots = slots_of(nodes)
    runs = [make.run(node) for node in nodes]
    fast = plus(slots) if slots is not None else _plus_runs(runs)
    strict = make.strict

    def run(v: Frame) -> Decimal:
        result: Decimal = fast(v)
        return result if result == result else _total([f(v) for f in runs], strict)  # noqa: PLR0124

    return run


def _plus_runs(runs: list[Run]) -> Run:
    """Return a closure that adds what other closures yield. Raises nothing."""
    return lambda v: sum([f(v) for f in runs], ZERO)


def _total(values: list[Decimal], strict: bool) -> Decimal:
    given = [value for value in values if not value.is_nan()]
    is_blank = any(value.is_nan() and value is not NA_NUMBER for value in values)
    if is_blank and (strict or not given):
        return BLANK_NUMBER
    return sum(given, ZERO) if given else NA_NUMBER


def number_function(make: "Compiler", node: Applied) -> Run | None:
    """Return the closure of a function that yields a value, or None where the function yields a verdict."""
    if node.function == "total":
        return total_run(make, node.args)
    if node.function == "abs" and (run := _absolute_difference(node.args[0])):
        return run
    if node.function == "date" and (run := _year_date(node.args)):
        return run
    build = _FUNCTIONS.get(node.function)
    return build([make.run(arg) for arg in node.args], node) if build else None


def _absolute_difference(node: Typed) -> Run | None:
    """Return a closure for abs(cell - cell), much the most usual argument of abs."""
    if isinstance(node, Sum) and [sign for sign, _ in node.terms] == [1, -1]:
        slots = slots_of([term for _, term in node.terms])
        if slots is not None:
            i, j = slots
            return lambda v: abs(v[i] - v[j])
    return None


def _year_date(args: tuple[Typed, ...]) -> Run | None:
    """Return a closure for date(report_year, 12, 31) that makes the date once for each value of the year."""
    year, *rest = args
    if not isinstance(year, ParamRef) or not all(isinstance(arg, Const) for arg in rest):
        return None
    slot = year.slot
    make = _date([lambda v: v[slot], *(lambda _, c=arg.value: c for arg in rest if isinstance(arg, Const))], None)
    # One tuple, replaced as a whole: threads may evaluate at the same time.
    known: list[tuple[Any, Any]] = [(None, None)]

    def run(v: Frame) -> Any:
        number, result = known[0]
        if number is not v[slot]:
            result = make(v)
            known[0] = (v[slot], result)
        return result

    return run


def _nz(runs: list[Run], _: Applied) -> Run:
    f = runs[0]

    def run(v: Frame) -> Decimal:
        value: Decimal = f(v)
        return ZERO if value is BLANK_NUMBER else value

    return run


def _abs(runs: list[Run], _: Applied) -> Run:
    f = runs[0]
    return lambda v: abs(f(v))


def _round(runs: list[Run], node: Applied) -> Run:
    f, exponent = runs[0], ONE.scaleb(-int(runs[1]([])))
    del node
    return lambda v: f(v).quantize(exponent)


def _extreme(choose: Callable[..., Any]) -> Callable[[list[Run], Applied], Run]:
    def build(runs: list[Run], _: Applied) -> Run:
        def run(v: Frame) -> Decimal:
            values = [f(v) for f in runs]
            return UNKNOWN_NUMBER if any(value.is_nan() for value in values) else choose(values)

        return run

    return build


def _days(runs: list[Run], _: Applied) -> Run:
    f, g = runs

    def run(v: Frame) -> Decimal:
        start, end = f(v), g(v)
        if start.__class__ is Missing or end.__class__ is Missing:
            return UNKNOWN_NUMBER
        return Decimal((end - start).days)

    return run


def _date_part(runs: list[Run], node: Applied) -> Run:
    f, name = runs[0], node.function

    def run(v: Frame) -> Decimal:
        value = f(v)
        return UNKNOWN_NUMBER if value.__class__ is Missing else Decimal(getattr(value, name))

    return run


def _date(runs: list[Run], _: Applied | None) -> Run:
    def run(v: Frame) -> date | Missing:
        numbers = [f(v) for f in runs]
        if any(number.is_nan() or number != number.to_integral_value() for number in numbers):
            return BLANK
        try:
            return date(int(numbers[0]), int(numbers[1]), int(numbers[2]) if len(numbers) > 2 else 1)
        except (ValueError, OverflowError):
            return BLANK

    return run


def _percent(runs: list[Run], _: Applied) -> Run:
    f, g = runs[:2]
    places = int(runs[2]([]))

    def run(v: Frame) -> Decimal:
        part, whole = f(v), g(v)
        if part.is_nan() or whole.is_nan() or not whole:
            return BLANK_NUMBER
        return percent(part, whole, places)

    return run


def percent(part: Decimal, whole: Decimal, places: int) -> Decimal:
    """Return part ÷ whole in per cent, half up, exactly.

    By integer division: a plain division would fill the whole precision of the context. Raises nothing for whole ≠ 0.
    """
    scaled = abs(part).scaleb(2 + places)
    units = (2 * scaled + abs(whole)) // (2 * abs(whole))
    result = units.scaleb(-places)
    return ZERO - result if (part < 0) != (whole < 0) else result


def _case(runs: list[Run], node: Applied) -> Run:
    unknown: Any = UNKNOWN_NUMBER if node.type.kind is Kind.NUMBER else BLANK
    pairs = [(runs[index], runs[index + 1]) for index in range(0, len(runs) - 1, 2)]
    otherwise = runs[-1]

    def run(v: Frame) -> Any:
        for condition, value in pairs:
            verdict = condition(v)
            if verdict is None:
                return unknown
            if verdict:
                return value(v)
        return otherwise(v)

    return run


_FUNCTIONS: dict[str, Callable[[list[Run], Applied], Run]] = {
    "nz": _nz,
    "abs": _abs,
    "round": _round,
    "min": _extreme(min),
    "max": _extreme(max),
    "days": _days,
    "year": _date_part,
    "month": _date_part,
    "date": _date,
    "month_of": _date,
    "percent": _percent,
    "case": _case,
}
