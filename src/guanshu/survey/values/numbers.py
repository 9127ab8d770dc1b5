"""Whole numbers and decimals of a declared scale."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import ClassVar

from guanshu.survey.values.base import Json, Kind, Scalar, Value, ValueProblem
from guanshu.survey.values.clean import narrow, shorten
from guanshu.survey.values.common import CommonType, expect

# Batch checks use scaled 64-bit integers, which overflow silently: a bound well inside them.
LARGEST = Decimal(10) ** 12
_EXACT = Context(prec=200, rounding=ROUND_HALF_UP)
_PLAIN = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_EXPONENT = re.compile(r"[-+]?[0-9.,]+[eE][-+]?[0-9]+")
_WITH_UNIT = re.compile(r"(-?[0-9][0-9.,]*)\s*([^0-9.,\s-]\D*)")


def round_half_up(value: Decimal, scale: int) -> Decimal:
    """Return the number rounded to `scale` places, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-scale), context=_EXACT)


@dataclass(frozen=True, slots=True)
class NumberType(CommonType):
    """A number with `scale` decimal places; without `signed` it cannot be negative.

    Years are the numbers that are not `grouped`: 2017, never 2,017.
    """

    scale: int = 0
    signed: bool = False
    grouped: bool = True

    kind: ClassVar[Kind] = Kind.NUMBER
    doubt: ClassVar[str] = "没有发生请填 0，本单位没有此项请填「不适用」，尚未填写请清空"

    @property
    def name(self) -> str:
        """Return `int`, `dec2`, `sdec2`, …, `year`."""
        if not self.grouped:
            return "year"
        return ("s" if self.signed else "") + (f"dec{self.scale}" if self.scale else "int")

    def read(self, text: str) -> Value:
        """Return the number. Raises ValueProblem that says what is wrong with the text."""
        typed = narrow(text).replace("−", "-").replace("。", ".")
        if not (_PLAIN.fullmatch(typed) or _GROUPED.fullmatch(typed)):
            raise _explain(typed)
        number = Decimal(typed.replace(",", ""))
        if abs(number) > LARGEST:
            raise ValueProblem("too_large", "数字过大（超过 1 万亿），请核对位数和计量单位。")
        if number < 0 and not self.signed:
            raise ValueProblem("negative", f"「{shorten(typed)}」是负数，这一格不能小于 0，请核对后重新填写。")
        rounded = self._at_scale(number)
        if rounded != number:
            raise self._too_precise(typed)
        return rounded

    def _at_scale(self, number: Decimal) -> Decimal:
        rounded = round_half_up(number, self.scale)
        return abs(rounded) if rounded == 0 else rounded

    def _too_precise(self, typed: str) -> ValueProblem:
        if self.scale == 0:
            return ValueProblem("decimals", f"「{shorten(typed)}」带有小数，这一格只能填整数。")
        return ValueProblem(
            "decimals", f"「{shorten(typed)}」的小数位数太多，最多保留 {self.scale} 位小数，请四舍五入后填写。"
        )

    def plain(self, value: Scalar) -> str:
        """Return the number at the declared scale, without separators: 9100.00."""
        return format(self._at_scale(expect(value, Decimal)), "f")

    def display(self, value: Scalar) -> str:
        """Return the number with thousands separators where it is grouped: 9,100.00."""
        return format(self._at_scale(expect(value, Decimal)), ",f" if self.grouped else "f")

    def from_json(self, stored: Json) -> Scalar:
        """Return the stored number. Raises ValueError."""
        try:
            number = Decimal(stored) if isinstance(stored, str) else Decimal("NaN")
        except InvalidOperation as error:
            raise ValueError(f"{self.name}: stored value {stored!r} is no number") from error
        if not number.is_finite():
            raise ValueError(f"{self.name}: stored value {stored!r} is no number")
        return number


def _explain(typed: str) -> ValueProblem:
    """Return the problem that says why this text is no number."""
    shown = shorten(typed)
    if _EXPONENT.fullmatch(typed):
        return ValueProblem("exponent", f"「{shown}」是科学计数写法，请写出全部数字，例如 12300。")
    if re.fullmatch(r"-?[0-9.]*(?:,[0-9.]*)+", typed):
        return ValueProblem("separator", f"「{shown}」中逗号的位置不对：千位分隔应每三位一个，小数点请用「.」。")
    if "%" in typed:
        return ValueProblem("unit", f"「{shown}」带有百分号，请只填数字。")
    with_unit = _WITH_UNIT.fullmatch(typed)
    if with_unit:
        return ValueProblem(
            "unit",
            f"「{shown}」带有文字，请只填数字，不要写「{shorten(with_unit[2])}」，并核对是否与本格的计量单位一致。",
        )
    return ValueProblem("number", f"「{shown}」不是数字，请只填阿拉伯数字，例如 1234；没有发生请填 0。")
