"""The parsed form of a formula: frozen nodes with their offsets, and back to text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

_at = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Number:
    """A literal number."""

    value: Decimal
    offset: int = _at


@dataclass(frozen=True, slots=True)
class Text:
    """A literal text in quotes."""

    value: str
    offset: int = _at


@dataclass(frozen=True, slots=True)
class YesNo:
    """The literals `yes` and `no`."""

    value: bool
    offset: int = _at


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written: `land_area`, `last.x`, `temporary.cost`, `staff[total, female]` (crossing)."""

    path: tuple[str, ...]
    crossing: tuple[str, str] | None = None
    offset: int = _at


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: str
    args: tuple["Node", ...]
    offset: int = _at


@dataclass(frozen=True, slots=True)
class Negative:
    """Unary minus."""

    operand: "Node"
    offset: int = _at


@dataclass(frozen=True, slots=True)
class Add:
    """A chain of additions and subtractions; each term has its sign."""

    terms: tuple[tuple[int, "Node"], ...]
    offset: int = _at


@dataclass(frozen=True, slots=True)
class Multiply:
    """A chain of multiplications."""

    factors: tuple["Node", ...]
    offset: int = _at


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison: `=`, `!=`, `<`, `<=`, `>` or `>=`; `offset` is the operator's."""

    op: str
    left: "Node"
    right: "Node"
    offset: int = _at


@dataclass(frozen=True, slots=True)
class Not:
    """Negation."""

    operand: "Node"
    offset: int = _at


@dataclass(frozen=True, slots=True)
class Logic:
    """A chain of `and` or of `or`."""

    op: str
    operands: tuple["Node", ...]
    offset: int = _at


@dataclass(frozen=True, slots=True)
class If:
    """`if condition then result`."""

    condition: "Node"
    result: "Node"
    offset: int = _at


Node = Number | Text | YesNo | Name | Call | Negative | Add | Multiply | Compare | Not | Logic | If

# How tightly a node binds when written: the parser's binding powers.
_POWER: dict[type, int] = {If: 0, Not: 3, Compare: 4, Add: 5, Multiply: 6, Negative: 7}
_ATOM = 9


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below one. This function will return () for a leaf. Raises nothing."""
    match node:
        case Call(args=args):
            return args
        case Negative(operand=operand) | Not(operand=operand):
            return (operand,)
        case Add(terms=terms):
            return tuple(term for _, term in terms)
        case Multiply(factors=nodes) | Logic(operands=nodes):
            return nodes
        case Compare(left=left, right=right):
            return (left, right)
        case If(condition=condition, result=result):
            return (condition, result)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it. This function will not recurse deeper than the tree. Raises nothing."""
    yield node
    for child in children(node):
        yield from walk(child)


def depth(node: Node) -> int:
    """Return the number of levels of a tree. This function will count a leaf as 1. Raises nothing."""
    return 1 + max((depth(child) for child in children(node)), default=0)


def to_text(node: Node) -> str:
    """Return the formula in canonical spelling; parsing it again gives an equal tree. Raises nothing."""
    match node:
        case Number(value=number):
            return format(number, "f")
        case Text(value=text):
            return _quote(text)
        case YesNo(value=value):
            return "yes" if value else "no"
        case Name(path=path, crossing=crossing):
            return ".".join(path) + (f"[{crossing[0]}, {crossing[1]}]" if crossing else "")
        case Call(function=function, args=args):
            return f"{function}({', '.join(to_text(arg) for arg in args)})"
        case _:
            return _compound(node)


def _compound(node: Node) -> str:
    match node:
        case Negative(operand=operand):
            return f"-{_operand(operand, 7)}"
        case Not(operand=operand):
            return f"not {_operand(operand, 3)}"
        case Compare(op=op, left=left, right=right):
            return f"{_operand(left, 5)} {op} {_operand(right, 5)}"
        case Multiply(factors=factors):
            return " * ".join(_operand(factor, 7) for factor in factors)
        case Logic(op=op, operands=operands):
            return f" {op} ".join(_operand(item, 2 if op == "or" else 3) for item in operands)
        case If(condition=condition, result=result):
            return f"if {_operand(condition, 1)} then {to_text(result)}"
        case Add(terms=terms):
            parts = [f"{'-' if sign < 0 else '+'} {_operand(term, 6)}" for sign, term in terms]
            return " ".join(parts).removeprefix("+ ")
        case _:
            raise AssertionError(node)


def power(node: Node) -> int:
    """Return how tightly a node binds. This function will give leaves and calls the highest power. Raises nothing."""
    if isinstance(node, Logic):
        return 1 if node.op == "or" else 2
    return _POWER.get(type(node), _ATOM)


def _operand(node: Node, least: int) -> str:
    return to_text(node) if power(node) >= least else f"({to_text(node)})"


def _quote(text: str) -> str:
    for opening, closing in ("''", "‘’", "“”"):
        if closing not in text:
            return f"{opening}{text}{closing}"
    raise ValueError("text holds every kind of quote")
