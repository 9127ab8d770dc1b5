"""Numbers and dates in a sentence: 财政拨款 1,046.73 ＋ 事业收入 1,211.35."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from guanshu.survey.checks.evaluate import Compiler
from guanshu.survey.checks.labels import Labels, date_text, decimal_text, shown, unit_text, with_unit_of
from guanshu.survey.checks.layout import Layout
from guanshu.survey.checks.runtime import Frame, is_missing
from guanshu.survey.checks.typed import (
    Aggregate,
    Applied,
    Const,
    Minus,
    ParamRef,
    Product,
    RatioCompared,
    Ref,
    Sum,
    Typed,
)
from guanshu.survey.values.base import Kind

# Longer totals are named by their first and last part.
_LONG_TOTAL = 8
_DATE_PARTS = {"year": "年份", "month": "月份"}


@dataclass(frozen=True)
class Figures:
    """Writes out numbers and dates; `v` None leaves the values out."""

    labels: Labels
    layout: Layout
    v: Frame | None
    with_units: bool = True
    """False where one sentence stands for cells of different units: literals then go without."""

    @property
    def without_values(self) -> "Figures":
        """Return the same without values."""
        return replace(self, v=None)

    def value(self, node: Typed) -> Any:
        """Return what a formula comes to, None where that is unknown or values are left out. Raises nothing."""
        if self.v is None:
            return None
        result = Compiler(self.layout).run(node)(self.v)
        return None if result is None or is_missing(result) else result

    def say(self, node: Typed, unit: str = "", bare: bool = False) -> str:
        """Return a number or date in words.

        `unit` is the unit a literal takes; `bare` leaves a unit equal to it out (inside sums). Raises nothing.
        """
        match node:
            case Const(value=value):
                return self._const(value, unit, bare)
            case Ref():
                return self.cell(node, unit if bare else None)
            case ParamRef():
                return self._param(node)
            case Sum(terms=terms):
                return self._terms(terms, unit)
            case Applied(function="total", args=args):
                return self._total(node, args, unit)
            case Product(factors=factors):
                return self._product(factors)
            case Minus(operand=operand):
                return f"－{self._enclosed(operand, unit, bare)}"
            case Aggregate():
                return self._aggregate(node)
            case Applied():
                return self._function(node, unit, bare)
            case _:
                raise AssertionError(node)

    def cell(self, ref: Ref, omitted: str | None = None) -> str:
        """Return a cell with its value. This function will leave out the unit `omitted`. Raises nothing."""
        name = self.labels.name(ref)
        if self.v is None:
            return name
        value = shown(ref, self.v, with_unit=ref.cell.unit != omitted)
        return f"{name}{value}" if value.startswith("（") else f"{name} {value}"

    def ratio(self, node: RatioCompared) -> str:
        """Return 「a 与 b 之比（0.75）」. Raises nothing."""
        text = f"{self._enclosed(node.above)} 与 {self._enclosed(node.below)} 之比"
        above, below = self.value(node.above), self.value(node.below)
        if above is None or not below:
            return text
        with_places = (above / below).quantize(Decimal("0.0001"), ROUND_HALF_UP)
        return f"{text}（{format(with_places, ',f').rstrip('0').rstrip('.')}）"

    def figure(self, node: Typed, unit: str) -> str:
        """Return only the value with its unit, "" where values are left out or unknown. Raises nothing."""
        value = self.value(node)
        if value is None:
            return ""
        return date_text(value) if isinstance(value, date) else with_unit_of(decimal_text(value), unit)

    def _const(self, value: object, unit: str, bare: bool) -> str:
        if isinstance(value, date):
            return date_text(value)
        if not isinstance(value, Decimal):
            return str(value)
        text = decimal_text(value)
        return text if bare or not value or not self.with_units else with_unit_of(text, unit)

    def _param(self, node: ParamRef) -> str:
        if node.param is None:
            return "填报年度" if self.v is None else f"填报年度 {self.v[node.slot]} 年"
        value = node.param.default if self.v is None else self.v[node.slot]
        text = with_unit_of(decimal_text(Decimal(value)), node.param.unit)
        return f"{node.param.label}（{text}）" if self.v is None else f"{node.param.label} {text}"

    def _terms(self, terms: tuple[tuple[int, Typed], ...], unit: str) -> str:
        pieces = []
        for index, (sign, term) in enumerate(terms):
            mark = "" if index == 0 and sign > 0 else "＋ " if sign > 0 else "－ "
            pieces.append(mark + self._enclosed(term, unit, bare=bool(unit)))
        return " ".join(pieces)

    def _total(self, node: Applied, args: tuple[Typed, ...], unit: str) -> str:
        if len(args) <= _LONG_TOTAL:
            return self._terms(tuple((1, arg) for arg in args), unit)
        plain = self.without_values
        text = f"{plain.say(args[0])} 至 {plain.say(args[-1])} 共 {len(args)} 项合计"
        return self._with_value(text, node)

    def _product(self, factors: tuple[Typed, ...]) -> str:
        if len(factors) == 2 and isinstance(factors[1], Const) and not isinstance(factors[0], Const):
            factors = (factors[1], factors[0])
        first = factors[0]
        if len(factors) == 2 and isinstance(first, Const) and isinstance(first.value, Decimal):
            number = first.value
            share = f"{decimal_text((number * 100).normalize())}%" if number < 1 else f"{decimal_text(number)} 倍"
            return f"{self._enclosed(factors[1])} 的 {share}"
        return " × ".join(self._enclosed(factor) for factor in factors)

    def _enclosed(self, node: Typed, unit: str = "", bare: bool = False) -> str:
        """Write a part of a larger formula, in brackets where it is one itself."""
        text = self.say(node, unit, bare)
        is_total = isinstance(node, Applied) and node.function == "total" and 1 < len(node.args) <= _LONG_TOTAL
        return f"（{text}）" if isinstance(node, Sum | Minus) or is_total else text

    def _with_value(self, text: str, node: Typed) -> str:
        figure = self.figure(node, unit_text(node))
        return f"{text} {figure}" if figure else text

    def _aggregate(self, node: Aggregate) -> str:
        plain = self.without_values
        among = node.table.title
        if node.where is not None:
            from guanshu.survey.checks.verdicts import condition

            among = f"{among}（{condition(plain, node.where)}的各行）"
        if node.function == "count":
            return self._with_value(f"{among}的行数", node)
        body = plain.say(node.body) if node.body is not None else ""
        what = {"sum": "合计", "min": "的最小值", "max": "的最大值"}[node.function]
        return self._with_value(f"{among}“{body}”{what}", node)

    def _function(self, node: Applied, unit: str, bare: bool) -> str:
        name, args = node.function, node.args
        match name:
            case "nz":
                return self.say(args[0], unit, bare)
            case "abs":
                return self._absolute(args[0], unit)
            case "round":
                return f"{self._enclosed(args[0], unit, bare)}（保留 {self._const(_plain(args[1]), '', True)} 位小数）"
            case "min" | "max":
                word = "小" if name == "min" else "大"
                names = "、".join(self.say(arg, unit, bare) for arg in args)
                return f"{names} 中{'较' if len(args) == 2 else '最'}{word}的"
            case "days":
                return self._with_value(f"从 {self.say(args[0])} 到 {self.say(args[1])} 的天数", node)
            case "year" | "month":
                text = f"{self.without_values.say(args[0])}的{_DATE_PARTS[name]}"
                return f"{text} {figure}" if (figure := self.figure(node, "年" if name == "year" else "")) else text
            case _:
                return self._date(node)

    def _absolute(self, node: Typed, unit: str) -> str:
        if isinstance(node, Sum) and [sign for sign, _ in node.terms] == [1, -1]:
            (_, left), (_, right) = node.terms
            return f"{self._enclosed(left)} 与 {self._enclosed(right)} 之差（不计正负）"
        return f"{self._enclosed(node, unit)} 的绝对值"

    def _date(self, node: Applied) -> str:
        figure = self.figure(node, "")
        if figure:
            return figure
        words = [self.say(arg) if isinstance(arg, Const | ParamRef) else f"（{self.say(arg)}）" for arg in node.args]
        marks = ("" if words[0] == "填报年度" else "年", "月", "日")
        return "".join(word + mark for word, mark in zip(words, marks, strict=False))


def _plain(node: Typed) -> object:
    return node.value if isinstance(node, Const) else ""


def is_date(node: Typed) -> bool:
    """Return whether a formula yields a date. Raises nothing."""
    return node.type.kind in {Kind.DATE, Kind.MONTH}
