"""The functions of the language: how many arguments, of what kinds, what they give."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeGuard

from guanshu.survey.checks import aggregates, tree, typed
from guanshu.survey.checks.place import Mistake
from guanshu.survey.checks.typed import DATE, VERDICT, Type, Typed
from guanshu.survey.values.base import Kind

if TYPE_CHECKING:
    from guanshu.survey.checks.infer import Inference

MANY = 1000
Build = Callable[["Inference", tree.Call, Type | None], Typed]


@dataclass(frozen=True, slots=True)
class Function:
    """One function: `build` types a call; `count` are the fewest and most arguments; `usage` is shown in cures."""

    usage: str
    count: tuple[int, int]
    build: Build
    calc_only: bool = False


def ratio_parts(node: tree.Compare) -> tuple[tree.Call, tree.Node, bool] | None:
    """Return (ratio call, other side, whether the call stood on the right) of a comparison of a ratio, else None.

    Raises nothing.
    """
    if isinstance(node.left, tree.Call) and node.left.function == "ratio":
        return node.left, node.right, False
    if isinstance(node.right, tree.Call) and node.right.function == "ratio":
        return node.right, node.left, True
    return None


def _cell(inference: "Inference", node: tree.Node, function: str) -> Typed:
    item = inference.infer(node)
    if not isinstance(item, typed.Ref | typed.Broken):
        raise Mistake(node.offset, f"{function} 只能用于指标", "写上一个指标的名称")
    return item


def _cells(inference: "Inference", nodes: Iterable[tree.Node], function: str) -> tuple[Typed, ...]:
    found: list[Typed] = []
    for node in nodes:
        if _is_star(node):
            found.extend(inference.names.star(node))
        else:
            found.append(_cell(inference, node, function))
    return tuple(found)


def _is_star(node: tree.Node) -> TypeGuard[tree.Name]:
    return isinstance(node, tree.Name) and node.crossing is not None and "*" in node.crossing


def _numbers(inference: "Inference", nodes: Iterable[tree.Node]) -> list[tuple[Typed, int]]:
    """Return typed numbers with their offsets; `table[*, column]` stands for many."""
    found: list[tuple[Typed, int]] = []
    for node in nodes:
        if _is_star(node):
            refs = inference.names.star(node)
            for ref in refs:
                inference.need(ref, Kind.NUMBER, node)
            found.extend((ref, node.offset) for ref in refs)
        else:
            found.append((inference.number(node), node.offset))
    return found


def _of_cell(inference: "Inference", node: tree.Call, _: Type | None) -> Typed:
    return typed.Applied(node.function, (_cell(inference, node.args[0], node.function),), VERDICT)


def _applies(inference: "Inference", node: tree.Call, _: Type | None) -> Typed:
    item = _cell(inference, node.args[0], "applies")
    if isinstance(item, typed.Ref) and item.place is typed.Place.LAST:
        raise Mistake(node.args[0].offset, "applies 只能用于本年的指标", "去掉 last.")
    return typed.Applied("applies", (item,), VERDICT)


def _all_or_none(inference: "Inference", node: tree.Call, _: Type | None) -> Typed:
    cells = _cells(inference, node.args, "all_or_none")
    if len(cells) < 2:
        raise Mistake(node.offset, "all_or_none 至少要两个指标", "再写一个指标")
    return typed.Applied("all_or_none", cells, VERDICT)


def _nz(inference: "Inference", node: tree.Call, _: Type | None) -> Typed:
    item = inference.number(node.args[0])
    is_total = isinstance(item, typed.Applied) and item.function == "total"
    if not (is_total or isinstance(item, typed.Ref | typed.Aggregate | typed.Broken)):
        raise Mistake(node.args[0].offset, "nz 只能用于指标、total 和 sum", "逐个写：nz(a) + nz(b)")
    return typed.Applied("nz", (item,), item.type)


def _total(inference: "Inference", node: tree.Call, _: Type | None) -> Typed:
    items = _numbers(inference, node.args)
    unit = inference.common_unit(items, "相加的是")
    return typed.Applied("total", tuple(item for item, _ in items), Type(Kind.NUMBER, unit))


def _extreme(inference: "Inference", node: tree.Call, expected: Type | None) -> Typed:
    if aggregates.table_of(inference, node) is not None:
        return aggregates.build(inference, node, expected)
    items = _numbers(inference, node.args)
    if len(items) < 2:
        raise Mistake(node.offset, f"{node.function} 至少要两个数", f"写成 {node.function}(a, b)")
    unit = inference.common_unit(items, "相比较的是")
    return typed.Applied(node.function, tuple(item for item, _ in items), Type(Kind.NUMBER, unit))


def _abs(inference: "Inference", node: tree.Call, _: Type | None) -> Typed:
    item = inference.number(node.args[0])
    return typed.Applied("abs", (item,), item.type)


def _round(inference: "Inference", node: tree.Call, _: Type | None) -> Typed:
    item = inference.number(node.args[0])
    return typed.Applied("round", (item, _places(node, 1)), item.type)


def _places(node: tree.Call, index: int) -> typed.Const:
    places = node.args[index]
    if not isinstance(places, tree.Number) or places.value not in {Decimal(n) for n in range(7)}:
        raise Mistake(places.offset, "小数位数应是 0 到 6 的整数", f"例如 {node.function}(…, 1)")
    return typed.Const(places.value, Type(Kind.NUMBER))


def _oneof(inference: "Inference", node: tree.Call, _: Type | None) -> Typed:
    item = inference.infer(node.args[0])
    values = []
    for arg in node.args[1:]:
        value = inference.infer(arg, item.type)
        if not isinstance(value, typed.Const | typed.Broken):
            raise Mistake(arg.offset, "oneof 后面只能写文字或数", "写成 oneof(a, '甲', '乙')")
        if value.type.kind is not None and item.type.kind is not None and value.type.kind is not item.type.kind:
            raise Mistake(arg.offset, "oneof 的值与指标的类型不同", "单选用选项，数用数")
        values.append(value)
    return typed.Applied("oneof", (item, *values), VERDICT)


def _has(inference: "Inference", node: tree.Call, _: Type | None) -> Typed:
    item = _cell(inference, node.args[0], "has")
    inference.need(item, Kind.MULTI, node.args[0])
    option = node.args[1]
    if not isinstance(option, tree.Text):
        raise Mistake(option.offset, "has 的第二个参数应是选项", "写成 has(a, '无')")
    if item.type.kind is not Kind.MULTI:
        return typed.Broken()
    return typed.Applied("has", (item, inference.literal(option, item.type)), VERDICT)


def _ratio(_: "Inference", node: tree.Call, __: Type | None) -> Typed:
    raise Mistake(node.offset, "ratio 只能直接与一个数比较", "写成 ratio(a, b) <= 0.5；要显示比值请用计算指标 percent")


def _date_args(inference: "Inference", node: tree.Call) -> tuple[Typed, ...]:
    items = []
    for arg in node.args:
        item = inference.infer(arg)
        inference.need(item, Kind.DATE, arg)
        items.append(item)
    return tuple(items)


def _days(inference: "Inference", node: tree.Call, _: Type | None) -> Typed:
    return typed.Applied("days", _date_args(inference, node), Type(Kind.NUMBER, inference.names.units.read("天")))


def _date_part(inference: "Inference", node: tree.Call, _: Type | None) -> Typed:
    unit = inference.names.units.read("年") if node.function == "year" else None
    return typed.Applied(node.function, _date_args(inference, node), Type(Kind.NUMBER, unit))


def _date(inference: "Inference", node: tree.Call, _: Type | None) -> Typed:
    return typed.Applied(node.function, tuple(inference.number(arg) for arg in node.args), DATE)


def _percent(inference: "Inference", node: tree.Call, _: Type | None) -> Typed:
    items = _numbers(inference, node.args[:2])
    inference.common_unit(items, "相除的是")
    unit = inference.names.units.read("%")
    return typed.Applied("percent", (*(item for item, _ in items), _places(node, 2)), Type(Kind.NUMBER, unit))


def _case(inference: "Inference", node: tree.Call, expected: Type | None) -> Typed:
    if len(node.args) % 2 == 0:
        raise Mistake(node.offset, "case 最后缺少“其他情况”的值", "写成 case(条件, 值, …, 其他情况的值)")
    args: list[Typed] = []
    values: list[tuple[Typed, int]] = []
    for index, arg in enumerate(node.args):
        if index % 2 == 0 and index < len(node.args) - 1:
            args.append(inference.verdict(arg))
        else:
            args.append(inference.infer(arg, expected))
            values.append((args[-1], arg.offset))
    kinds = {item.type.kind for item, _ in values} - {None}
    if len(kinds) > 1:
        raise Mistake(node.offset, "case 的各个值类型不同", "各个值应都是数、都是日期或都是选项")
    unit = inference.common_unit(values, "各个值是") if kinds == {Kind.NUMBER} else None
    first = values[0][0].type
    return typed.Applied("case", tuple(args), Type(first.kind, unit, first.choices))


def _slipped(inference: "Inference", node: tree.Call, _: Type | None) -> Typed:
    items = tuple(_cell(inference, arg, "slipped") for arg in node.args)
    for item, arg in zip(items, node.args, strict=True):
        inference.need(item, Kind.NUMBER, arg)
    inference.common_unit([(item, arg.offset) for item, arg in zip(items, node.args, strict=True)], "相比较的是")
    return typed.Applied("slipped", items, VERDICT)


FUNCTIONS: dict[str, Function] = {
    "filled": Function("filled(a)", (1, 1), _of_cell),
    "blank": Function("blank(a)", (1, 1), _of_cell),
    "applies": Function("applies(a)", (1, 1), _applies),
    "all_or_none": Function("all_or_none(a, b)", (1, MANY), _all_or_none),
    "nz": Function("nz(a)", (1, 1), _nz),
    "total": Function("total(a, b, …)", (1, MANY), _total),
    "sum": Function("sum(表.栏) 或 sum(表.栏, 条件)", (1, 2), aggregates.build),
    "count": Function("count(表) 或 count(条件)", (1, 1), aggregates.build),
    "all": Function("all(条件)", (1, 1), aggregates.build),
    "any": Function("any(条件)", (1, 1), aggregates.build),
    "min": Function("min(a, b) 或 min(表.栏)", (1, MANY), _extreme),
    "max": Function("max(a, b) 或 max(表.栏)", (1, MANY), _extreme),
    "abs": Function("abs(a)", (1, 1), _abs),
    "round": Function("round(a, 小数位数)", (2, 2), _round),
    "oneof": Function("oneof(a, '甲', '乙')", (2, MANY), _oneof),
    "has": Function("has(a, '甲')", (2, 2), _has),
    "ratio": Function("ratio(a, b) <= 0.5", (2, 2), _ratio),
    "days": Function("days(开始, 结束)", (2, 2), _days),
    "date": Function("date(年, 月, 日)", (3, 3), _date),
    "year": Function("year(日期)", (1, 1), _date_part),
    "month": Function("month(日期)", (1, 1), _date_part),
    "slipped": Function("slipped(a, last.a)", (2, 2), _slipped),
    "percent": Function("percent(部分, 全体, 小数位数)", (3, 3), _percent, calc_only=True),
    "case": Function("case(条件, 值, …, 其他情况的值)", (3, MANY), _case, calc_only=True),
    "month_of": Function("month_of(年, 月)", (2, 2), _date, calc_only=True),
}
