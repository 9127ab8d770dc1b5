"""Checks that can never fire, or always would: found by bounds, without running them."""

from decimal import Decimal

from guanshu.survey.checks.infer import FLIPPED
from guanshu.survey.checks.typed import (
    Aggregate,
    Applied,
    Compared,
    Const,
    Implied,
    Junction,
    Minus,
    Negated,
    Product,
    Ref,
    Sum,
    Typed,
    walk,
)
from guanshu.survey.values.base import Kind

Bounds = tuple[Decimal | None, Decimal | None]
# May be true, may be false (besides unknown).
Reach = tuple[bool, bool]
_ANY: Reach = (True, True)
_ZERO = Decimal(0)


def unreachable(node: Typed) -> tuple[str, str] | None:
    """Return (message, cure) for a check that can never be false, or never true, whatever is answered; else None.

    This function will judge by types alone, on the careful side. Raises nothing.
    """
    if not any(isinstance(item, Ref | Aggregate) for item in walk(node)):
        return "这条审核不读任何指标", "写上要审核的指标"
    may_true, may_false = reach(node)
    if not may_false:
        return "这条审核永远不会提示：无论怎样填写都成立", "非负数本来就不小于 0；检查比较的方向和数值，或删去它"
    if not may_true:
        return "这条审核永远不成立：无论怎样填写都会提示", "检查比较的方向和数值；审核应写“应当成立的事”"
    return None


def reach(node: Typed) -> Reach:
    """Return whether a verdict may be true and whether it may be false. Raises nothing."""
    match node:
        case Const(value=value):
            return (value is True, value is False)
        case Negated(operand=operand):
            may_true, may_false = reach(operand)
            return (may_false, may_true)
        case Junction(op=op, operands=operands):
            found = [reach(item) for item in operands]
            if op == "and":
                return (all(item[0] for item in found), any(item[1] for item in found))
            return (any(item[0] for item in found), all(item[1] for item in found))
        case Implied(condition=condition, result=result):
            given, wanted = reach(condition), reach(result)
            return (given[1] or wanted[0], given[0] and wanted[1])
        case Compared():
            return _compared(node)
        case Applied(function="slipped", args=(now, before)) if now == before:
            return (False, True)
        case _:
            return _ANY


def _compared(node: Compared) -> Reach:
    if node.left == node.right:
        holds = node.op in {"=", "<=", ">="}
        return (holds, not holds)
    if isinstance(node.left, Const) and isinstance(node.right, Const):
        return _ANY
    if node.left.type.kind is not Kind.NUMBER:
        return _ANY
    op, left, right = node.op, bounds(node.left), bounds(node.right)
    if op in {">", ">="}:
        op, left, right = FLIPPED[op], right, left
    (left_low, left_high), (right_low, right_high) = left, right
    if op in {"=", "!="}:
        apart = _below(left_high, right_low, True) or _below(right_high, left_low, True)
        return (not apart if op == "=" else True, True if op == "=" else not apart)
    strict = op == "<"
    always = _below(left_high, right_low, strict)
    never = _below(right_high, left_low, not strict)
    return (not never, not always)


def _below(high: Decimal | None, low: Decimal | None, strict: bool) -> bool:
    """Return whether everything up to `high` lies below everything from `low` on."""
    if high is None or low is None:
        return False
    return high < low if strict else high <= low


def bounds(node: Typed) -> Bounds:
    """Return the least and greatest value a number can have (None: no bound). Raises nothing."""
    match node:
        case Const(value=Decimal() as value):
            return (value, value)
        case Ref(cell=cell):
            # A calculated cell holds what its formula gives, whatever its type says.
            signed = cell.type.name.startswith("s") or not cell.typed
            return (None, None) if signed else (_ZERO, None)
        case Sum(terms=terms):
            found = [_turned(bounds(term), sign) for sign, term in terms]
            return (_sum([low for low, _ in found]), _sum([high for _, high in found]))
        case Minus(operand=operand):
            return _turned(bounds(operand), -1)
        case Product(factors=nodes) | Applied(function="total" | "nz", args=nodes):
            is_natural = all((bounds(item)[0] or Decimal(-1 if bounds(item)[0] is None else 0)) >= 0 for item in nodes)
            return (_ZERO if is_natural else None, None)
        case Applied(function="abs") | Aggregate(function="count"):
            return (_ZERO, None)
        case Applied(function="month"):
            return (Decimal(1), Decimal(12))
        case _:
            return (None, None)


def _turned(item: Bounds, sign: int) -> Bounds:
    low, high = item
    if sign > 0:
        return item
    return (None if high is None else -high, None if low is None else -low)


def _sum(items: list[Decimal | None]) -> Decimal | None:
    known = [item for item in items if item is not None]
    return sum(known, _ZERO) if len(known) == len(items) else None
