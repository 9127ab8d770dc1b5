"""The typed tree: names resolved to slots of one flat list of values, types and units known."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from guanshu.survey.checks.units import Unit
from guanshu.survey.definition.model import Cell, Param, Table
from guanshu.survey.values.base import Kind, Scalar


@dataclass(frozen=True, slots=True)
class Type:
    """A static type. `kind` None stands for an expression with a mistake in it, which goes with everything.

    `unit` None is that of a literal, which takes the other side's unit. `choices` names the choice list.
    """

    kind: Kind | None
    unit: Unit | None = None
    choices: str = ""


VERDICT = Type(Kind.BOOL)
BROKEN_TYPE = Type(None)
TEXT = Type(Kind.TEXT)
DATE = Type(Kind.DATE)


class Place(Enum):
    """Where a slot's value comes from."""

    FORM = "form"
    ROW = "row"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Broken:
    """Stands where a mistake was reported."""

    type: Type = BROKEN_TYPE


@dataclass(frozen=True, slots=True)
class Const:
    """A literal; option names are already codes."""

    value: Scalar
    type: Type


@dataclass(frozen=True, slots=True)
class Ref:
    """The value of a cell: of the form, of the row at hand, or of last year's form."""

    slot: int
    cell: Cell
    place: Place
    type: Type
    inner: bool = False
    """Whether the row at hand is an aggregate's, not the check's."""


@dataclass(frozen=True, slots=True)
class ParamRef:
    """A parameter, or (`param` None) the year reported on."""

    slot: int
    param: Param | None
    type: Type


@dataclass(frozen=True, slots=True)
class Sum:
    """Signed terms."""

    terms: tuple[tuple[int, "Typed"], ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Product:
    """Factors."""

    factors: tuple["Typed", ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Minus:
    """Unary minus."""

    operand: "Typed"
    type: Type


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison; `=` and `!=` for every kind, the others for numbers and dates."""

    op: str
    left: "Typed"
    right: "Typed"
    type: Type = VERDICT


@dataclass(frozen=True, slots=True)
class RatioCompared:
    """`ratio(above, below) op bound`, decided without division."""

    op: str
    above: "Typed"
    below: "Typed"
    bound: "Typed"
    type: Type = VERDICT


@dataclass(frozen=True, slots=True)
class Negated:
    """Logical negation."""

    operand: "Typed"
    type: Type = VERDICT


@dataclass(frozen=True, slots=True)
class Junction:
    """`and` or `or`."""

    op: str
    operands: tuple["Typed", ...]
    type: Type = VERDICT


@dataclass(frozen=True, slots=True)
class Implied:
    """`if condition then result`."""

    condition: "Typed"
    result: "Typed"
    type: Type = VERDICT


@dataclass(frozen=True, slots=True)
class Applied:
    """A function of cells and values."""

    function: str
    args: tuple["Typed", ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A function over the rows of a rows table; `where` chooses rows; `count(table)` has neither body nor where."""

    function: str
    table: Table
    body: "Typed | None"
    where: "Typed | None"
    type: Type


Typed = (
    Broken | Const | Ref | ParamRef | Sum | Product | Minus | Compared | RatioCompared | Negated | Junction | Implied
    | Applied | Aggregate
)  # fmt: skip


def parts(node: Typed) -> tuple[Typed, ...]:
    """Return the nodes directly below one, in the order they are written. Raises nothing."""
    match node:
        case Sum(terms=terms):
            return tuple(term for _, term in terms)
        case Product(factors=nodes) | Junction(operands=nodes) | Applied(args=nodes):
            return nodes
        case Minus(operand=operand) | Negated(operand=operand):
            return (operand,)
        case Compared(left=left, right=right) | Implied(condition=left, result=right):
            return (left, right)
        case RatioCompared(above=above, below=below, bound=bound):
            return (above, below, bound)
        case Aggregate(body=body, where=where):
            return tuple(part for part in (body, where) if part is not None)
        case _:
            return ()


def walk(node: Typed) -> Iterator[Typed]:
    """Yield a node and everything below it, in the order written. Raises nothing."""
    yield node
    for part in parts(node):
        yield from walk(part)


def refs(node: Typed) -> list[Ref]:
    """Return the cells a formula reads, in the order written, each once. Raises nothing."""
    return list(dict.fromkeys(item for item in walk(node) if isinstance(item, Ref)))
