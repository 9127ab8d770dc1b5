"""Sentences with figures in official style: 286.50 万元, 比上年增长 12.3%, 【请补充：…】 where nobody knows."""

from collections.abc import Sequence
from decimal import Decimal

from guanshu.survey.documents.self_evaluation.content import Content, Figure, Number
from guanshu.survey.values.numbers import round_half_up

_TEN_THOUSAND = Decimal(10000)
# What the whole of a unit is called, by the last character of its name.
_WHOLE = {"省": "全省", "市": "全市", "区": "全区", "团": "兵团"}


def ask(what: str) -> str:
    """Return the mark of a place where a person must write."""
    return f"【请补充：{what}】"


def whole(content: Content) -> str:
    """Return 全省, 全市, 全区 or 兵团."""
    return _WHOLE.get(content.unit[-1:], "全省")


def amount(value: Number, unit: str) -> str:
    """Return a figure with its unit, people from ten thousand on in 万; what nobody gave is to be filled in."""
    if value is None:
        return ask(f"数据（{unit}）")
    if unit in {"人次", "人"} and abs(value) >= _TEN_THOUSAND:
        return f"{round_half_up(value / _TEN_THOUSAND, 2):,f}万{unit}"
    return f"{value:,f}{unit}"


def said(figure: Figure | None) -> str:
    """Return a figure's amount."""
    return ask("数据") if figure is None else amount(figure.now, figure.unit)


def change(figure: Figure | None) -> str:
    """Return how a figure changed: ，比上年增长12.3%, or over the museums that have it in both years; "" if unknown."""
    if figure is None or figure.change is None:
        return ""
    percent = figure.change
    word = "持平" if percent == 0 else f"{'增长' if percent > 0 else '下降'}{abs(percent):f}%"
    if figure.same != figure.counted:
        return f"（两年可比的{figure.same}座{word}）"
    return f"，比上年{word}"


def listed(texts: Sequence[str]) -> str:
    """Return names in a row: 甲、乙和丙."""
    return "和".join(filter(None, ("、".join(texts[:-1]), texts[-1]))) if texts else ""


def cell(value: Number) -> str:
    """Return a figure in a table; what nobody gave is —."""
    return "—" if value is None else f"{value:,f}"


def percent_cell(value: Number) -> str:
    """Return a share in a table."""
    return "—" if value is None else f"{value:f}%"
