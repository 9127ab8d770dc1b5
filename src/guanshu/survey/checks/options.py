"""Texts and options in words: 「“状态”现为“停止运行”，应为“正常开放”或“部分开放”」."""

from decimal import Decimal

from guanshu.survey.checks.figures import Figures
from guanshu.survey.checks.labels import decimal_text, shown
from guanshu.survey.checks.typed import Compared, Const, Ref, Typed
from guanshu.survey.values.base import Kind


def texts_compared(figures: Figures, node: Compared, should: bool) -> str:
    """Return the equality of texts or options in words. Raises nothing."""
    left, right, positive = node.left, node.right, node.op == "="
    if isinstance(left, Const) and not isinstance(right, Const):
        left, right = right, left
    if isinstance(right, Const):
        return membership(figures, left, [right], positive, should)
    names = [_named(figures, side, should) for side in (left, right)]
    return f"{names[0]}{'应' if should else ''}与{names[1]}{'相同' if positive else '不同'}"


def _named(figures: Figures, node: Typed, with_value: bool) -> str:
    if not isinstance(node, Ref):
        return f"“{option_text(figures, node)}”"
    value = f"（{shown(node, figures.v).strip('（）')}）" if with_value and figures.v is not None else ""
    return f"“{figures.labels.name(node)}”{value}"


def membership(figures: Figures, item: Typed, options: list[Typed], positive: bool, should: bool) -> str:
    """Return that a cell is (not) one of some options. Raises nothing."""
    if item.type.kind is Kind.NUMBER:
        name = figures.say(item)
        values = "、".join(option_text(figures, option) for option in options)
        verb = ("应" if should else "") + ("是" if positive else "不是")
        return f"{name} {verb} {values}{' 之一' if len(options) > 1 else ''}"
    name = f"“{figures.labels.name(item)}”" if isinstance(item, Ref) else f"“{option_text(figures, item)}”"
    texts = [f"“{option_text(figures, option)}”" for option in options]
    if not should and not positive:
        return f"{name}不是{'，也不是'.join(texts)}"
    values = "、".join(texts[:-1]) + ("或" if len(texts) > 1 else "") + texts[-1]
    if not should:
        return f"{name}为{values}"
    now = f"现为“{shown(item, figures.v)}”，" if figures.v is not None and isinstance(item, Ref) else ""
    return f"{name}{now}{'应为' if positive else '不应为'}{values}"


def option_text(figures: Figures, node: Typed) -> str:
    """Return an option by its label, another literal as it is. Raises nothing."""
    if not isinstance(node, Const):
        return figures.say(node)
    if node.type.choices:
        options = figures.labels.questionnaire.choices.get(node.type.choices, ())
        return next((option.label for option in options if option.code == node.value), str(node.value))
    return decimal_text(node.value) if isinstance(node.value, Decimal) else str(node.value)
