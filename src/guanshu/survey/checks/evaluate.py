"""Back end 1: from the typed tree to closures. No generated code, no `eval`."""

from collections.abc import Callable
from decimal import Decimal

from guanshu.survey.checks import comparisons as cmp
from guanshu.survey.checks.arithmetic import number_function, product_run, sum_run
from guanshu.survey.checks.layout import Layout
from guanshu.survey.checks.logic import (
    conjunction,
    disjunction,
    flag_implication,
    implication,
    negation,
    slipped_slots,
    verdict_function,
)
from guanshu.survey.checks.overrows import aggregate_run
from guanshu.survey.checks.runtime import ZERO, Frame, Run
from guanshu.survey.checks.typed import (
    Aggregate,
    Applied,
    Compared,
    Const,
    Implied,
    Junction,
    Minus,
    Negated,
    ParamRef,
    Product,
    RatioCompared,
    Ref,
    Sum,
    Typed,
)
from guanshu.survey.values.base import Kind


class Compiler:
    """Compiles typed trees. `strict`: totals and sums with a blank part are blank (calculated cells)."""

    def __init__(self, layout: Layout, strict: bool = False) -> None:
        self.layout = layout
        self.strict = strict

    def run(self, node: Typed) -> Run:
        """Return a closure for a node of any kind: a number (NaN if unknown), a verdict (None) or a value (Missing).

        This function will raise AssertionError for a node with a mistake in it.
        """
        match node:
            case Const(value=value):
                return lambda _: value
            case Ref(slot=slot):
                return _flag(slot) if node.type.kind is Kind.BOOL else _slot(slot)
            case ParamRef(slot=slot):
                return _slot(slot)
            case Sum(terms=terms):
                return sum_run(self, terms)
            case Product(factors=factors):
                return product_run(self, factors)
            case Minus(operand=operand):
                inside = self.run(operand)
                # 0 - x, not -x: unary minus would make -0 of 0.
                return lambda v: ZERO - inside(v)
            case _:
                return self._other(node)

    def _other(self, node: Typed) -> Run:
        match node:
            case Compared():
                return self._compared(node)
            case RatioCompared():
                return self._ratio(node)
            case Negated(operand=Applied(function="slipped", args=(Ref(slot=i), Ref(slot=j)))):
                return slipped_slots(i, j, opposite=True)
            case Negated(operand=operand):
                return negation(self.run(operand))
            case Junction(op=op, operands=operands):
                runs = [self.run(item) for item in operands]
                return conjunction(runs) if op == "and" else disjunction(runs)
            case Implied(condition=Ref(slot=slot) | ParamRef(slot=slot), result=result):
                return flag_implication(slot, self.run(result))
            case Implied(condition=condition, result=result):
                return implication(self.run(condition), self.run(result))
            case Aggregate():
                return aggregate_run(self, node)
            case Applied():
                return number_function(self, node) or verdict_function(self, node)
            case _:
                raise AssertionError(node)

    def _ratio(self, node: RatioCompared) -> Run:
        match node:
            case RatioCompared(op=op, above=Ref(slot=i), below=Ref(slot=j), bound=Const(value=Decimal() as value)):
                return cmp.ratio_slots(op, i, j, value)
            case _:
                return cmp.ratio(node.op, self.run(node.above), self.run(node.below), self.run(node.bound))

    def _compared(self, node: Compared) -> Run:
        kind = node.left.type.kind
        op, left, right = node.op, node.left, node.right
        if kind is Kind.NUMBER:
            if op == "!=":
                return negation(_numbers(self, "=", left, right))
            if op in {">", ">="}:
                return _numbers(self, op.replace(">", "<"), right, left)
            return _numbers(self, op, left, right)
        if kind is not Kind.BOOL and isinstance(left, Ref):
            if op in {"=", "!="} and isinstance(right, Const):
                same = cmp.eq_value(left.slot, right.value)
                return same if op == "=" else negation(same)
            if op not in {"=", "!="} and isinstance(right, Ref):
                return cmp.date_slots(op, left.slot, right.slot)
        f, g = self.run(left), self.run(right)
        if op in {"=", "!="}:
            same = cmp.equal(f, g)
            return same if op == "=" else negation(same)
        return cmp.dates(op, f, g)


def _slot(slot: int) -> Run:
    return lambda v: v[slot]


def _flag(slot: int) -> Run:
    def run(v: Frame) -> bool | None:
        value = v[slot]
        return value if value is True or value is False else None

    return run


_GENERAL: dict[str, Callable[[Run, Run], Run]] = {"=": cmp.eq_runs, "<=": cmp.le_runs, "<": cmp.lt_runs}
_SLOTS: dict[str, Callable[[int, int], Run]] = {"=": cmp.eq_slots, "<=": cmp.le_slots, "<": cmp.lt_slots}


def _numbers(make: Compiler, op: str, left: Typed, right: Typed) -> Run:
    """Choose the closure for `=`, `<=` or `<` between numbers by the shape of the sides."""
    a = left.slot if isinstance(left, Ref | ParamRef) else None
    b = right.slot if isinstance(right, Ref | ParamRef) else None
    if a is not None and b is not None:
        return _SLOTS[op](a, b)
    if a is not None and isinstance(right, Const):
        return {"=": cmp.eq_const, "<=": cmp.le_const, "<": cmp.lt_const}[op](a, right.value)  # type: ignore[arg-type]
    if b is not None and isinstance(left, Const):
        if op == "=":
            return cmp.eq_const(b, left.value)  # type: ignore[arg-type]
        return (cmp.const_le if op == "<=" else cmp.const_lt)(left.value, b)  # type: ignore[arg-type]
    f, g = make.run(left), make.run(right)
    if op == "=" and (a is not None or b is not None):
        return cmp.eq_run_slot(f, b) if b is not None else cmp.eq_run_slot(g, a or 0)
    if op == "<=" and b is not None:
        return cmp.le_run_slot(f, b)
    if op == "<=" and a is not None:
        return cmp.le_slot_run(a, g)
    return _GENERAL[op](f, g)
