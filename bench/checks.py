"""One report, all checks: our closures against Python's `eval` of the same expressions without null logic.

Baseline: every check (every row, column and cell it is applied to) written as Python, compiled once with `compile`,
run with `eval` over Decimals in a dict that holds every value under its name. It knows no blanks, units or messages.
Both run in the same process, by turns; the figure is the median of the ratios of neighbouring runs.

    python bench/checks.py [FOLDER]
"""

import random
import statistics
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal, localcontext
from pathlib import Path
from time import perf_counter
from types import CodeType
from typing import Any

from guanshu.survey.checks import typed
from guanshu.survey.checks.compiled import Compiled, Context
from guanshu.survey.checks.runtime import CONTEXT
from guanshu.survey.checks.typed import Typed
from guanshu.survey.definition.answers import Answers, Row
from guanshu.survey.definition.model import Cell
from guanshu.survey.loading import load, read_folder
from guanshu.survey.values.base import Kind, Value

FOLDER = Path(__file__).parent.parent / "questionnaires" / "museum-2022"
ROUNDS = 60
TARGET = 1.5
_ROWS = 5


def answers_of(compiled: Compiled, seed: int) -> Answers:
    """Return a report with every cell filled in and five rows in every rows table."""
    source = random.Random(seed)
    questionnaire = compiled.questionnaire
    cells = {n: _value(compiled, c, source) for n, c in questionnaire.cells.items() if _is_asked(c)}
    rows = {}
    for name in compiled.layout.rows:
        columns = [cell for cell in questionnaire.by_name[name].cells if _is_asked(cell)]
        rows[name] = tuple(
            Row(f"k{number}", {cell.name: _value(compiled, cell, source) for cell in columns})
            for number in range(_ROWS)
        )
    return Answers(cells, rows)


def _is_asked(cell: Cell) -> bool:
    return cell.typed and cell.type.kind is not Kind.FILE


def _value(compiled: Compiled, cell: Cell, source: random.Random) -> Value:
    kind = cell.type.kind
    if kind is Kind.NUMBER:
        return Decimal(source.randrange(100, 50_000)).scaleb(-2 if "dec2" in cell.type.name else 0)
    if kind is Kind.BOOL:
        return True  # so that every table applies: the baseline knows no 不适用
    if kind in {Kind.DATE, Kind.MONTH}:
        return date(2022, source.randrange(1, 13), 1)
    if kind in {Kind.CHOICE, Kind.MULTI}:
        options = compiled.questionnaire.choices[cell.type.name.split("(")[1].rstrip(")")]
        code = options[0].code
        return code if kind is Kind.CHOICE else (code,)
    return "文字"


def python_of(node: Typed) -> str:
    """Return a typed formula as Python without null logic."""
    match node:
        case typed.Const(value=value):
            return f"C{_constant(value)}"
        case typed.Ref(inner=True, cell=cell):
            return f"r[{cell.name!r}]"
        case typed.Ref() | typed.ParamRef():
            return f"v{node.slot}"
        case typed.Sum(terms=terms):
            signed = "".join(f"{'-' if sign < 0 else '+'}{python_of(term)}" for sign, term in terms)
            return f"({signed.lstrip('+')})"
        case typed.Product(factors=factors):
            return f"({'*'.join(python_of(factor) for factor in factors)})"
        case typed.Minus(operand=operand):
            return f"(-{python_of(operand)})"
        case typed.Aggregate():
            return _aggregate(node)
        case typed.Applied(function=function, args=args):
            return _applied(function, args)
        case _:
            return _verdict(node)


def _verdict(node: Typed) -> str:
    match node:
        case typed.Compared(op=op, left=left, right=right):
            return f"({python_of(left)}{_python_op(op)}{python_of(right)})"
        case typed.RatioCompared(op=op, above=above, below=below, bound=bound):
            return f"({python_of(above)}{_python_op(op)}{python_of(bound)}*{python_of(below)})"
        case typed.Negated(operand=operand):
            return f"(not {python_of(operand)})"
        case typed.Junction(op=op, operands=operands):
            return f"({f' {op} '.join(python_of(item) for item in operands)})"
        case typed.Implied(condition=condition, result=result):
            return f"(not {python_of(condition)} or {python_of(result)})"
        case _:
            raise AssertionError(node)


def _python_op(op: str) -> str:
    return "==" if op == "=" else op


CONSTANTS: list[Any] = []


def _constant(value: object) -> int:
    CONSTANTS.append(value)
    return len(CONSTANTS) - 1


def _aggregate(node: typed.Aggregate) -> str:
    rows = f"rows_{node.table.name}"
    condition = f" if {python_of(node.where)}" if node.where is not None else ""
    if node.function == "count":
        return f"sum(1 for r in {rows}{condition})" if condition else f"len({rows})"
    body = python_of(node.body) if node.body is not None else ""
    return f"{node.function}({body} for r in {rows}{condition})"


_TEMPLATES = {
    "filled": "({0} != '')",
    "applies": "({0} != '')",
    "blank": "({0} == '')",
    "nz": "{0}",
    "has": "({1} in {0})",
    "days": "({1}-{0}).days",
    "year": "{0}.year",
    "month": "{0}.month",
    "date": "date(int({0}), int({1}), int({2}))",
    "slipped": "({0} >= 9*{1} or 100*{0} <= 11*{1})",
}


def _applied(function: str, args: tuple[Typed, ...]) -> str:
    texts = [python_of(arg) for arg in args]
    if function in _TEMPLATES:
        return _TEMPLATES[function].format(*texts)
    if function == "total":
        return f"({'+'.join(texts)})"
    if function == "oneof":
        return f"({texts[0]} in ({', '.join(texts[1:])},))"
    if function == "all_or_none":
        return "(" + "==".join(f"({text} == '')" for text in texts) + ")"
    return f"{function}({', '.join(texts)})"


class Baseline:
    """The same checks as Python expressions."""

    def __init__(self, compiled: Compiled) -> None:
        self._forms = [self._code(bound.instance.node) for _, bound, _ in compiled.form_runs]
        self._rows = [
            (rows, [self._code(bound.instance.node) for _, bound, _ in runs]) for rows, runs in compiled.row_runs
        ]

    @staticmethod
    def _code(node: Typed) -> CodeType:
        return compile(python_of(node), "<check>", "eval")

    def names(self, compiled: Compiled, frame: list[Any]) -> dict[str, Any]:
        """Return the dict that the expressions read."""
        names: dict[str, Any] = {f"v{slot}": value for slot, value in enumerate(frame)}
        names |= {f"C{index}": value for index, value in enumerate(CONSTANTS)}
        names["date"] = date
        for name, rows in compiled.layout.rows.items():
            names[f"rows_{name}"] = [dict(zip(rows.columns, row, strict=True)) for row in frame[rows.rows]]
        return names

    def run(self, names: dict[str, Any], frame: list[Any]) -> int:
        """Run everything; return how many are false."""
        false = 0
        for code in self._forms:
            if not eval(code, names):
                false += 1
        for rows, codes in self._rows:
            keys = [f"v{rows.at + index}" for index in range(len(rows.columns))]
            for row in frame[rows.rows]:
                names.update(zip(keys, row, strict=True))
                for code in codes:
                    if not eval(code, names):
                        false += 1
        return false


def ours(compiled: Compiled, frame: list[Any]) -> int:
    """Run every closure; return how many are false."""
    false = 0
    for _, _, run in compiled.form_runs:
        if run(frame) is False:
            false += 1
    for rows, runs in compiled.row_runs:
        for row in frame[rows.rows]:
            frame[rows.at : rows.at + len(row)] = row
            for _, _, run in runs:
                if run(frame) is False:
                    false += 1
    return false


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """Return the mean time of one call."""
    start = perf_counter()
    for _ in range(times):
        work()
    return (perf_counter() - start) / times


def main(folder: Path) -> int:
    """Print the figures; return 1 where the target is missed."""
    compiled = load(read_folder(folder))
    report, last = answers_of(compiled, 1), answers_of(compiled, 2)
    context = Context(compiled.questionnaire.year, {}, last)
    baseline = Baseline(compiled)
    with localcontext(CONTEXT):
        frame = compiled.work_out(report, context).v
        names = baseline.names(compiled, frame)
        runs = len(compiled.form_runs) + sum(_ROWS * len(found) for _, found in compiled.row_runs)
        pairs = [
            (seconds(lambda: ours(compiled, frame)), seconds(lambda: baseline.run(names, frame))) for _ in range(ROUNDS)
        ]
        work = statistics.median(seconds(lambda: compiled.work_out(report, context)) for _ in range(ROUNDS))
    ratio = statistics.median(mine / theirs for mine, theirs in pairs)
    mine, theirs = (statistics.median(column) * 1e6 for column in zip(*pairs, strict=True))
    blank = Answers()
    alone = Context(compiled.questionnaire.year)
    empty = statistics.median(seconds(lambda: compiled.evaluate(blank, alone)) for _ in range(ROUNDS))
    whole = statistics.median(seconds(lambda: compiled.evaluate(report, context), 1) for _ in range(10))
    found = len(compiled.evaluate(report, context).findings)
    print(f"{len(compiled.questionnaire.cells)} cells, {len(compiled.checks)} checks, {runs} verdicts\n")
    print("| one report | µs |\n|---|---|")
    print(f"| all verdicts, closures with blanks | {mine:.0f} |")
    print(f"| all verdicts, Python eval without null logic (baseline) | {theirs:.0f} |")
    print(f"| ratio (median of neighbours), target ≤ {TARGET} | {ratio:.2f} |")
    print(f"| load, applicability, calculated cells, last year's too | {work * 1e6:.0f} |")
    print(f"| evaluate, blank report | {empty * 1e6:.0f} |")
    print(f"| evaluate, random report with {found} findings and their sentences | {whole * 1e6:.0f} |")
    return int(ratio > TARGET)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
