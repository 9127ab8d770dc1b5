"""Random formulas, evaluated by the closures and by a naive interpreter of the parsed tree written only here."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from guanshu.survey.checks import tree
from guanshu.survey.values.missing import BLANK, NA
from tests.survey.checks.forms import answers, compiled, context, list_table, problems, questionnaire, verdict

UNKNOWN = None
NUMBERS = ["a", "b", "c", "d"]
FLAGS = ["p", "q"]


def number(node: tree.Node, v: dict[str, Any]) -> Any:
    """A Fraction, BLANK, NA or UNKNOWN."""
    match node:
        case tree.Number(value=value):
            return Fraction(value)
        case tree.Name(path=path):
            found = v[".".join(path)]
            return found if found in {BLANK, NA} or found is UNKNOWN else Fraction(found)
        case tree.Negative(operand=operand):
            return known([number(operand, v)], lambda x: -x)
        case tree.Add(terms=terms):
            return known([number(term, v) for _, term in terms],
                         lambda *xs: sum(s * x for (s, _), x in zip(terms, xs, strict=True)))  # fmt: skip
        case tree.Multiply(factors=factors):
            return known([number(factor, v) for factor in factors], lambda x, y: x * y)
        case tree.Call(function=function, args=args):
            return called(function, [number(arg, v) for arg in args])
        case _:
            raise AssertionError(node)


def called(function: str, found: list[Any]) -> Any:
    match function:
        case "nz":
            return Fraction(0) if found[0] is BLANK else found[0]
        case "abs":
            return known(found, abs)
        case "min" | "max":
            return known(found, min if function == "min" else max)
        case _:
            given_values = [x for x in found if isinstance(x, Fraction)]
            if given_values:
                return sum(given_values)
            return NA if all(x is NA for x in found) else BLANK


def known(values: list[Any], work: Any) -> Any:
    return work(*values) if all(isinstance(x, Fraction) for x in values) else UNKNOWN


def truth(node: tree.Node, v: dict[str, Any]) -> bool | None:
    match node:
        case tree.Name(path=path):
            found = v[".".join(path)]
            return found if isinstance(found, bool) else None
        case tree.Not(operand=operand):
            inside = truth(operand, v)
            return None if inside is None else not inside
        case tree.Logic(op=op, operands=operands):
            found = [truth(item, v) for item in operands]
            decisive = op == "or"
            if decisive in found:
                return decisive
            return None if None in found else not decisive
        case tree.If(condition=condition, result=result):
            return truth(tree.Logic("or", (tree.Not(condition), result)), v)
        case tree.Call(function="filled" | "blank" as name, args=(tree.Name(path=path),)):
            is_filled = v[".".join(path)] is not BLANK
            return is_filled if name == "filled" else not is_filled
        case tree.Compare(left=tree.Call(function="ratio", args=(above, below))):
            return ratio(node, number(above, v), number(below, v), number(node.right, v))
        case tree.Compare(op=op, left=left, right=right):
            a, b = number(left, v), number(right, v)
            return compare(op, a, b) if isinstance(a, Fraction) and isinstance(b, Fraction) else None
        case _:
            raise AssertionError(node)


def ratio(node: tree.Compare, above: Any, below: Any, bound: Any) -> bool | None:
    if not all(isinstance(x, Fraction) for x in (above, below, bound)) or below == 0:
        return None
    return compare(node.op, above / below, bound)


def compare(op: str, a: Fraction, b: Fraction) -> bool:
    return {"=": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]


cells = st.sampled_from([*NUMBERS, "last.a", "last.b"]).map(lambda name: tree.Name(tuple(name.split("."))))
literals = st.decimals(0, 30, places=1).map(tree.Number)


def _numbers(inside: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    some = st.lists(inside, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        inside.map(tree.Negative),
        st.lists(st.tuples(st.sampled_from([1, 1, -1]), inside), min_size=1, max_size=3).flatmap(
            lambda rest: inside.map(lambda first: tree.Add(((1, first), *rest)))
        ),
        st.tuples(inside, inside).map(tree.Multiply),
        st.tuples(st.sampled_from(["min", "max", "total"]), some).map(lambda t: tree.Call(*t)),
        inside.map(lambda x: tree.Call("abs", (x,))),
        cells.map(lambda x: tree.Call("nz", (x,))),
        some.map(lambda args: tree.Call("nz", (tree.Call("total", args),))),
    )


numbers = st.recursive(cells | cells | literals, _numbers, max_leaves=5)
ops = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
atoms = st.one_of(
    st.tuples(ops, numbers, numbers).map(lambda t: tree.Compare(*t)),
    st.tuples(ops, numbers, numbers, numbers).map(lambda t: tree.Compare(t[0], tree.Call("ratio", (t[1], t[2])), t[3])),
    st.sampled_from(FLAGS).map(lambda name: tree.Name((name,))),
    st.tuples(st.sampled_from(["filled", "blank"]), cells).map(lambda t: tree.Call(t[0], (t[1],))),
)


def _verdicts(inside: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    some = st.lists(inside, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        inside.map(tree.Not),
        st.tuples(st.sampled_from(["and", "or"]), some).map(lambda t: tree.Logic(*t)),
        st.tuples(inside, inside).map(lambda t: tree.If(*t)),
    )


verdicts = st.recursive(atoms, _verdicts, max_leaves=6)
figures = st.one_of(st.just(BLANK), st.just(NA), st.decimals(-30, 30, places=1), st.integers(0, 5).map(Decimal))
flags = st.sampled_from([True, False, BLANK, NA])
form = questionnaire(
    list_table(
        "1-1", "one", "\n".join([f"{n}: sdec1; na=yes" for n in NUMBERS] + [f"{n}: bool; na=yes" for n in FLAGS])
    )
)


@settings(max_examples=400, deadline=None)
@given(
    verdicts,
    st.fixed_dictionaries(dict.fromkeys([*NUMBERS, "last.a", "last.b"], figures)),
    st.fixed_dictionaries(dict.fromkeys(FLAGS, flags)),
)
def test_closures_agree_with_a_naive_interpreter(
    node: tree.Node, figures: dict[str, Any], flags: dict[str, Any]
) -> None:
    rules = f"c 强制性: {tree.to_text(node)}"
    if problems(form, rules):  # a random check that can never fire, or reads nothing
        return
    given_values = figures | flags
    last = answers(**{name.removeprefix("last."): x for name, x in figures.items() if name.startswith("last.")})
    report = answers(**{name: x for name, x in given_values.items() if "." not in name})
    expected = truth(node, given_values)
    made = compiled(form, rules)
    assert verdict(made, "c", report, context(last)) is expected
    found = made.evaluate(report, context(last)).findings
    assert bool(found) is (expected is False)
    assert all(finding.message.endswith("。") for finding in found)
    assert made.check_by_id["c"].sentence().endswith("。")


@settings(max_examples=100, deadline=None)
@given(verdicts)
def test_a_check_that_never_fires_is_not_called_reachable_by_mistake(node: tree.Node) -> None:
    """Whatever is refused as never false must be so for a few hundred reports of the oracle."""
    found = problems(form, f"c 强制性: {tree.to_text(node)}")
    if not any("永远不会提示" in problem.message for problem in found):
        return
    choices = [BLANK, Decimal(0), Decimal(-3), Decimal("7.5")]
    for index in range(300):
        v = {n: choices[(index >> (2 * k)) % 4] for k, n in enumerate([*NUMBERS, "last.a", "last.b"])}
        v |= {"p": bool(index % 2), "q": bool(index % 3)}
        assert truth(node, v) is not False
