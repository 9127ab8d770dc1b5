"""Unit slips: from the factor between this year and last year to what probably happened."""

from decimal import Decimal

from guanshu.survey.checks.figures import Figures
from guanshu.survey.checks.labels import decimal_text, shown
from guanshu.survey.checks.logic import slip_factor
from guanshu.survey.checks.typed import Ref

_MANY = "万"
_TEN_THOUSAND = Decimal(10_000)
_DIGITS = {Decimal(10): "一位", Decimal(100): "两位", Decimal(1000): "三位", _TEN_THOUSAND: "四位"}


def slip_sentence(figures: Figures, now: Ref, before: Ref) -> str:
    """Return a sentence that names the likely slip, "" where values are left out or there is none. Raises nothing."""
    if figures.v is None:
        return ""
    this_year, last_year = figures.value(now), figures.value(before)
    if this_year is None or not last_year:
        return ""
    factor = slip_factor(this_year, last_year)
    if factor is None:
        return ""
    return (
        f"{figures.cell(now)}，上年为 {shown(before, figures.v)}，约为上年的 {_times(factor)}，"
        f"可能{likely_slip(factor, now.cell.unit)}"
    )


def _times(factor: Decimal) -> str:
    if factor >= 1:
        return f"{decimal_text(factor.to_integral_value())} 倍"
    return f"1/{decimal_text((1 / factor).to_integral_value())}"


def likely_slip(factor: Decimal, unit: str) -> str:
    """Return what probably happened for a factor this year ÷ last year. Raises nothing.

    A figure in 元 typed where 万元 is asked for is 10,000 times too large; in 千元, 10 times.
    """
    is_large = factor >= 1
    times = factor if is_large else 1 / factor
    if times == _TEN_THOUSAND:
        if unit.startswith(_MANY) and len(unit) > 1:
            return f"把{unit[1:]}当成了{unit}" if is_large else f"把亿{unit[1:]}当成了{unit}"
        if unit and not is_large and "/" not in unit and unit != "%":
            return f"把{_MANY}{unit}当成了{unit}"
    digits = _DIGITS[times.to_integral_value()]
    hint = "，或漏了小数点" if is_large and times == 100 else ""
    return f"{'多' if is_large else '少'}输了{digits}{hint}"
