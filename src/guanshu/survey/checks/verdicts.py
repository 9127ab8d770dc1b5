"""Verdicts in words, in two moods: statement 「应不大于」 and condition 「大于」."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from guanshu.survey.checks.figures import Figures, is_date
from guanshu.survey.checks.labels import decimal_text, shown, unit_text, with_unit_of
from guanshu.survey.checks.negate import negated
from guanshu.survey.checks.options import membership, option_text, texts_compared
from guanshu.survey.checks.slips import slip_sentence
from guanshu.survey.checks.typed import (
    Aggregate,
    Applied,
    Compared,
    Const,
    Implied,
    Junction,
    Negated,
    ParamRef,
    RatioCompared,
    Ref,
    Typed,
    walk,
)
from guanshu.survey.values.base import Kind

_NUMBERS = {"=": "等于", "!=": "不等于", "<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于"}
_DATES = {"=": "等于", "!=": "不等于", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}


def statement(figures: Figures, node: Typed) -> str:
    """Return what should hold, without a full stop: 「a 应不大于 b，多 3 人」. Raises nothing."""
    return _say(figures, node, True)


def condition(figures: Figures, node: Typed) -> str:
    """Return what is the case: 「a 大于 b」. Raises nothing."""
    return _say(figures, node, False)


def _say(figures: Figures, node: Typed, should: bool) -> str:
    match node:
        case Negated(operand=operand):
            pushed = negated(operand)
            return _negative(figures, operand, should) if pushed is None else _say(figures, pushed, should)
        case Junction():
            return _junction(figures, node, should)
        case Implied():
            return _implied(figures, node, should)
        case Compared():
            return _compared(figures, node, should)
        case RatioCompared():
            relation = ("应" if should else "") + _NUMBERS[node.op]
            return f"{figures.ratio(node)} {relation} {figures.say(node.bound, unit_text(node.bound))}"
        case Const(value=value):
            return "必定成立" if value else "必定不成立"
        case Ref() | ParamRef():
            return _flag(figures, node, True, should)
        case Aggregate():
            return _rows(figures, node, should)
        case Applied():
            return _FUNCTIONS[node.function](figures, node, True, should)
        case _:
            raise AssertionError(node)


def _negative(figures: Figures, node: Typed, should: bool) -> str:
    match node:
        case Ref() | ParamRef():
            return _flag(figures, node, False, should)
        case Applied():
            return _FUNCTIONS[node.function](figures, node, False, should)
        case _:
            raise AssertionError(node)


def _flag(figures: Figures, node: Ref | ParamRef, positive: bool, should: bool) -> str:
    if isinstance(node, Ref):
        name = f"“{figures.labels.name(node)}”"
    else:
        name = f"参数“{node.param.label if node.param else ''}”"
    return f"{name}{'应' if should else ''}为“{'是' if positive else '否'}”"


def _junction(figures: Figures, node: Junction, should: bool) -> str:
    operands = [_pushed(item) for item in node.operands]
    # With values at hand only what failed is told (and, for a reason, only what holds).
    telling = node.op == "and" if should else node.op == "or"
    if figures.v is not None and telling:
        operands = [item for item in operands if figures.value(item) is (not should)] or operands
    if len(operands) == 1:
        return _say(figures, operands[0], should)
    texts = []
    for item in operands:
        text = _say(figures, item, should)
        is_other = isinstance(item, Implied) or (isinstance(item, Junction) and item.op != node.op)
        texts.append(f"（{text}）" if is_other else text)
    word = "，且" if node.op == "and" else "，或"
    return texts[0] + "".join(word + _spaced(text) for text in texts[1:])


def _pushed(node: Typed) -> Typed:
    """Return a negation pushed inwards, so that brackets are set by what is really said."""
    while isinstance(node, Negated) and (inside := negated(node.operand)) is not None:
        node = inside
    return node


def _implied(figures: Figures, node: Implied, should: bool) -> str:
    reasons = [node.condition]
    result = _pushed(node.result)
    while isinstance(result, Implied):
        reasons.append(result.condition)
        result = _pushed(result.result)
    reasons = [
        part
        for item in map(_pushed, reasons)
        for part in (item.operands if isinstance(item, Junction) and item.op == "and" else (item,))
    ]
    if should and figures.v is not None:
        # A switch of the campaign is no reason a respondent could do anything about.
        reasons = [item for item in reasons if any(isinstance(part, Ref | Aggregate) for part in walk(item))]
        # Nor is it told why a slip was looked for.
        if not reasons or _is_slip(result):
            return statement(figures, result)
    all_reasons = _junction(figures, Junction("and", tuple(reasons)), False)
    if should and figures.v is not None:
        return f"因为{_spaced(all_reasons)}，所以{_spaced(statement(figures, result))}"
    return f"如果{_spaced(all_reasons)}，那么{_spaced(_say(figures, result, should))}"


def _is_slip(node: Typed) -> bool:
    inside = node.operand if isinstance(node, Negated) else None
    return isinstance(inside, Applied) and inside.function == "slipped"


def _spaced(text: str) -> str:
    """Set a phrase off from the word before it, unless it begins with a mark that does so."""
    return text if text[:1] in "“（" else f" {text}"


def _compared(figures: Figures, node: Compared, should: bool) -> str:
    kind = node.left.type.kind
    if kind is Kind.NUMBER:
        return _numbers(figures, node, should)
    if is_date(node.left):
        relation = ("应" if should else "") + _DATES[node.op]
        text = f"{figures.say(node.left)} {relation} {figures.say(node.right)}"
        return text + (_days_apart(figures, node) if should else "")
    if kind is Kind.BOOL:
        return _verdicts(figures, node, should)
    return texts_compared(figures, node, should)


def _numbers(figures: Figures, node: Compared, should: bool) -> str:
    unit = unit_text(node.left) or unit_text(node.right)
    relation = ("应" if should else "") + _NUMBERS[node.op]
    text = f"{figures.say(node.left, unit)} {relation} {figures.say(node.right, unit)}"
    left, right = figures.value(node.left), figures.value(node.right)
    if not should or left is None or right is None or node.op == "!=" or left == right:
        return text
    word = {"=": "差额 ", "<": "多 ", "<=": "多 ", ">": "少 ", ">=": "少 "}[node.op]
    # Against 0 the difference is the figure itself.
    if node.op != "=" and isinstance(node.right, Const) and node.right.value == 0:
        return text
    return f"{text}，{word}{with_unit_of(decimal_text(abs(left - right)), unit)}"


def _days_apart(figures: Figures, node: Compared) -> str:
    left, right = figures.value(node.left), figures.value(node.right)
    if not isinstance(left, date) or not isinstance(right, date) or node.op in {"=", "!="} or left == right:
        return ""
    return f"，{'晚' if left > right else '早'} {abs((left - right).days)} 天"


def _verdicts(figures: Figures, node: Compared, should: bool) -> str:
    for side, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(other, Const):
            wanted = other.value is (node.op == "=")
            return _say(figures, side if wanted else Negated(side), should)
    sides = [f"“{condition(figures, side).replace('“', '‘').replace('”', '’')}”" for side in (node.left, node.right)]
    relation = "同时成立或同时不成立" if node.op == "=" else "恰有一个成立"
    return f"{sides[0]}与{sides[1]}{'应' if should else ''}{relation}"


def _rows(figures: Figures, node: Aggregate, should: bool) -> str:
    plain = replace(figures, v=None)
    body = condition(plain, node.body) if node.body is not None else ""
    if node.function == "any":
        return f"{node.table.title}{'应' if should else ''}至少有一行满足：{body}"
    text = f"{node.table.title}{'每一行都应满足' if should else '每一行都满足'}：{body}"
    failed = _failed_rows(figures, node) if should and figures.v is not None else []
    return f"{text}；第 {'、'.join(failed)} 行不满足" if failed else text


def _failed_rows(figures: Figures, node: Aggregate) -> list[str]:
    from guanshu.survey.checks.overrows import each_row

    rows = figures.layout.rows[node.table.name]
    if figures.v is None or node.body is None:
        return []
    return [
        str(number) for number, _ in enumerate(each_row(rows, figures.v), start=1) if figures.value(node.body) is False
    ]


def _filled(figures: Figures, node: Applied, positive: bool, should: bool) -> str:
    names = "、".join(f"“{figures.labels.name(arg)}”" for arg in node.args if isinstance(arg, Ref))
    if positive == (node.function == "filled"):
        return f"应填写{names}" if should else f"{names}已填写"
    return f"{names}应不填" if should else f"{names}未填写"


def _all_or_none(figures: Figures, node: Applied, positive: bool, should: bool) -> str:
    refs = [arg for arg in node.args if isinstance(arg, Ref)]
    names = "、".join(f"“{figures.labels.name(ref)}”" for ref in refs)
    if not positive:
        return f"{names}{'应' if should else ''}有的填写、有的不填"
    text = f"{names}{'应' if should else ''}全部填写或全部不填"
    if not should or figures.v is None:
        return text
    blank = [f"“{figures.labels.name(ref)}”" for ref in refs if shown(ref, figures.v) in {"（空）", "（无上年数据）"}]
    return f"{text}，未填：{'、'.join(blank)}"


def _applies(figures: Figures, node: Applied, positive: bool, should: bool) -> str:
    name = figures.labels.name(node.args[0]) if isinstance(node.args[0], Ref) else ""
    return f"“{name}”{'应为' if should and not positive else '应' if should else ''}{'适用' if positive else '不适用'}"


def _has(figures: Figures, node: Applied, positive: bool, should: bool) -> str:
    item = node.args[0]
    name = figures.labels.name(item) if isinstance(item, Ref) else ""
    verb = {(True, True): "应包含", (True, False): "不应包含", (False, True): "包含", (False, False): "不包含"}
    now = ""
    if should and figures.v is not None and isinstance(item, Ref):
        now = f"现为“{shown(item, figures.v)}”，"
    return f"“{name}”{now}{verb[should, positive]}“{option_text(figures, node.args[1])}”"


def _oneof(figures: Figures, node: Applied, positive: bool, should: bool) -> str:
    return membership(figures, node.args[0], list(node.args[1:]), positive, should)


def _slipped(figures: Figures, node: Applied, positive: bool, should: bool) -> str:
    now, before = node.args
    if should and not positive and isinstance(now, Ref) and isinstance(before, Ref):
        sentence = slip_sentence(figures, now, before)
        if sentence:
            return sentence
    relation = ("" if positive else "不") + ("应" if should else "")
    return f"{figures.say(now)} 与 {figures.say(before)} {relation}相差约 10、100、1,000 或 10,000 倍"


_FUNCTIONS: dict[str, Callable[[Figures, Applied, bool, bool], str]] = {
    "filled": _filled,
    "blank": _filled,
    "all_or_none": _all_or_none,
    "applies": _applies,
    "has": _has,
    "oneof": _oneof,
    "slipped": _slipped,
}
