"""Closures that go through the rows of a rows table."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guanshu.survey.checks.runtime import BLANK_NUMBER, NA_NUMBER, UNKNOWN_NUMBER, ZERO, Frame, Run
from guanshu.survey.checks.typed import Aggregate, Ref, Typed
from guanshu.survey.values.base import Kind
from guanshu.survey.values.missing import BLANK, Missing

if TYPE_CHECKING:
    from guanshu.survey.checks.evaluate import Compiler
    from guanshu.survey.checks.layout import Rows

# What a sum or count came to: its value, or what was missing, and the sum of what is known (未填全).
Partial = tuple[Decimal, Decimal | None]


def aggregate_run(make: "Compiler", node: Aggregate) -> Run:
    """Return the closure of an aggregate. Raises nothing."""
    rows = make.layout.rows[node.table.name]
    if node.function in {"all", "any"}:
        return _quantified(rows, make.run(_body(node)), node.function == "all")
    if node.function in {"min", "max"}:
        return _extreme(make, rows, node)
    partial = partial_run(make, node)
    return lambda v: partial(v)[0]


def _body(node: Aggregate) -> Typed:
    if node.body is None:
        raise AssertionError(node)
    return node.body


def partial_run(make: "Compiler", node: Aggregate) -> Callable[[Frame], Partial]:
    """Return a closure for `sum` or `count` that also yields the sum of what is known. Raises nothing."""
    rows = make.layout.rows[node.table.name]
    where = make.run(node.where) if node.where is not None else None
    if node.function == "count":
        return _counted(rows, where)
    if where is None and isinstance(node.body, Ref) and node.body.inner:
        return _column_sum(rows, node.body.slot - rows.inner, make.strict)
    return _summed(rows, make.run(_body(node)), where, make.strict)


def each_row(rows: "Rows", v: Frame) -> Iterator[None]:
    """Yield once for every row, with the row's values in the aggregate's slots. Raises nothing."""
    start, end = rows.inner, rows.inner + len(rows.columns)
    for row in v[rows.rows]:
        v[start:end] = row
        yield


def _empty(rows: "Rows", v: Frame) -> Decimal | None:
    """Return what a sum or count over no rows comes to; None where there are rows."""
    if v[rows.rows] is None:
        return NA_NUMBER
    if v[rows.rows]:
        return None
    return ZERO if v[rows.none] else BLANK_NUMBER


def _counted(rows: "Rows", where: Run | None) -> Callable[[Frame], Partial]:
    def run(v: Frame) -> Partial:
        empty = _empty(rows, v)
        if empty is not None:
            return empty, None
        if where is None:
            return Decimal(len(v[rows.rows])), None
        verdicts = [where(v) for _ in each_row(rows, v)]
        count = Decimal(verdicts.count(True))
        return (UNKNOWN_NUMBER, count) if None in verdicts else (count, None)

    return run


def _column_sum(rows: "Rows", column: int, strict: bool) -> Callable[[Frame], Partial]:
    """Sum one column without loading the rows: much the most usual aggregate."""

    def run(v: Frame) -> Partial:
        empty = _empty(rows, v)
        if empty is not None:
            return empty, None
        values = [row[column] for row in v[rows.rows]]
        result: Decimal = sum(values, ZERO)
        return (result, None) if result == result else _skipping(values, strict)  # noqa: PLR0124

    return run


def _summed(rows: "Rows", body: Run, where: Run | None, strict: bool) -> Callable[[Frame], Partial]:
    def run(v: Frame) -> Partial:
        empty = _empty(rows, v)
        if empty is not None:
            return empty, None
        values: list[Decimal] = []
        unknown = False
        for _ in each_row(rows, v):
            chosen = True if where is None else where(v)
            if chosen:
                values.append(body(v))
            elif chosen is None:
                unknown = True
        result, partial = _skipping(values, strict) if values else (ZERO, None)
        if unknown:
            return UNKNOWN_NUMBER, partial if result.is_nan() else result
        return result, partial

    return run


def _skipping(values: list[Decimal], strict: bool) -> Partial:
    """Add what is given; what a blank does depends on whether it is for a check or a calculated cell."""
    given = [value for value in values if not value.is_nan()]
    is_blank = any(value.is_nan() and value is not NA_NUMBER for value in values)
    known = sum(given, ZERO)
    if is_blank and (strict or not given):
        return BLANK_NUMBER, known if given else None
    return (known, None) if given else (NA_NUMBER, None)


def _quantified(rows: "Rows", body: Run, universal: bool) -> Run:
    def run(v: Frame) -> bool | None:
        if not v[rows.rows]:
            return universal if v[rows.rows] is not None and v[rows.none] else None
        result: bool | None = universal
        for _ in each_row(rows, v):
            value = body(v)
            if value is (not universal):
                return value
            if value is None:
                result = None
        return result

    return run


def _extreme(make: "Compiler", rows: "Rows", node: Aggregate) -> Run:
    body = make.run(_body(node))
    where = make.run(node.where) if node.where is not None else None
    choose: Any = min if node.function == "min" else max
    is_number = node.type.kind is Kind.NUMBER
    nothing: Any = BLANK_NUMBER if is_number else BLANK
    unknown: Any = UNKNOWN_NUMBER if is_number else BLANK

    def run(v: Frame) -> Any:
        values = []
        if v[rows.rows] is None:
            return NA_NUMBER if is_number else BLANK
        for _ in each_row(rows, v):
            chosen = True if where is None else where(v)
            if chosen is None:
                return unknown
            if chosen:
                values.append(body(v))
        known = [x for x in values if not (x.__class__ is Missing or (is_number and x.is_nan()))]
        return choose(known) if known else nothing

    return run
