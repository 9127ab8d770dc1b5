"""The opposite of a verdict, pushed inwards, so that a sentence never says 「不是不大于」."""

from guanshu.survey.checks.typed import (
    Aggregate,
    Applied,
    Compared,
    Const,
    Implied,
    Junction,
    Negated,
    RatioCompared,
    Typed,
)

_OPPOSITES = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def negated(node: Typed) -> Typed | None:
    """Return a node that is true where this one is false and unknown where it is unknown.

    This function will return None for what has a negative form of its own in words (cells, functions). Raises nothing.
    """
    match node:
        case Negated(operand=operand):
            return operand
        case Compared(op=op, left=left, right=right):
            return Compared(_OPPOSITES[op], left, right)
        case RatioCompared(op=op, above=above, below=below, bound=bound):
            return RatioCompared(_OPPOSITES[op], above, below, bound)
        case Junction(op=op, operands=operands):
            return Junction("or" if op == "and" else "and", tuple(Negated(item) for item in operands))
        case Implied(condition=condition, result=result):
            return Junction("and", (condition, Negated(result)))
        case Aggregate(function="all" | "any" as function, table=table, body=body) if body is not None:
            return Aggregate("any" if function == "all" else "all", table, Negated(body), None, node.type)
        case Const(value=value):
            return Const(value is not True, node.type)
        case Applied(function="blank", args=args):
            return Applied("filled", args, node.type)
        case _:
            return None
