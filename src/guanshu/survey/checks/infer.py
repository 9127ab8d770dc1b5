"""From the parsed tree to the typed tree: names, kinds and units, with every mistake found on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from guanshu.survey.checks import tree, typed
from guanshu.survey.checks.functions import FUNCTIONS, ratio_parts
from guanshu.survey.checks.names import FORM, Names, Scope
from guanshu.survey.checks.place import Mistake
from guanshu.survey.checks.suggest import did_you_mean
from guanshu.survey.checks.typed import Type, Typed
from guanshu.survey.checks.units import Unit, product, quotient, spell
from guanshu.survey.definition.model import Table
from guanshu.survey.values.base import Kind

KIND_NAMES = {
    Kind.NUMBER: "数",
    Kind.TEXT: "文字",
    Kind.DATE: "日期",
    Kind.MONTH: "日期",
    Kind.BOOL: "是否判断",
    Kind.CHOICE: "单选",
    Kind.MULTI: "多选",
    Kind.FILE: "文件",
}
FLIPPED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Mode(Enum):
    """What a formula is for; a few functions belong to calculated cells only."""

    CHECK = "check"
    CONDITION = "condition"
    CALC = "calc"


@dataclass
class Inference:
    """Types one formula. Mistakes are gathered, so that one reading reports them all."""

    names: Names
    scope: Scope = FORM
    mode: Mode = Mode.CHECK
    mistakes: list[Mistake] = field(default_factory=list)
    inner: Table | None = None

    def infer(self, node: tree.Node, expected: Type | None = None) -> Typed:
        """Return the typed form of a node; a mistake becomes Broken and is kept in `mistakes`. Raises nothing.

        `expected` lets a text literal become an option where a choice is wanted.
        """
        try:
            return self._infer(node, expected)
        except Mistake as mistake:
            self.mistakes.append(mistake)
            return typed.Broken()

    def verdict(self, node: tree.Node) -> Typed:
        """Return the typed form of a node that must be true or false. This function will report other kinds."""
        result = self.infer(node)
        self.need(result, Kind.BOOL, node)
        return result

    def number(self, node: tree.Node) -> Typed:
        """Return the typed form of a node that must be a number. This function will report other kinds."""
        result = self.infer(node)
        self.need(result, Kind.NUMBER, node)
        return result

    def need(self, result: Typed, kind: Kind, node: tree.Node) -> None:
        """Report a node of another kind. Raises nothing."""
        if result.type.kind not in {kind, None}:
            found = KIND_NAMES[result.type.kind]
            self.report(node.offset, f"这里应是{KIND_NAMES[kind]}，却是{found}", _kind_cure(kind, result.type.kind))

    def report(self, offset: int, message: str, cure: str) -> None:
        """Keep a mistake. Raises nothing."""
        self.mistakes.append(Mistake(offset, message, cure))

    def common_unit(self, items: Iterable[tuple[Typed, int]], what: str) -> Unit | None:
        """Return the unit of numbers put together; report those that do not fit. Raises nothing.

        The items come with their offsets; `what` says what is done with them.
        """
        unit: Unit | None = None
        for item, offset in items:
            if not self.names.units.same(unit, item.type.unit):
                message = f"单位不一致：{what} {spell(unit)} 和 {spell(item.type.unit)}"
                self.report(offset, message, "检查指标；确可相比的单位在 questionnaire.toml 的 [units] 里写明")
            unit = item.type.unit if unit is None else unit
        return unit

    def literal(self, node: tree.Text, wanted: Type) -> Typed:
        """Return the option a text literal names by code or label. This function will raise Mistake for others."""
        options = self.names.questionnaire.choices.get(wanted.choices, ())
        for option in options:
            if node.value in {option.code, option.label}:
                return typed.Const(option.code, Type(Kind.CHOICE, choices=wanted.choices))
        known = [option.label for option in options] + [option.code for option in options]
        cure = did_you_mean(node.value, known, otherwise=f"可用：{'、'.join(option.label for option in options[:8])}")
        raise Mistake(node.offset, f"选项里没有“{node.value}”", cure)

    def _infer(self, node: tree.Node, expected: Type | None) -> Typed:
        match node:
            case tree.Number(value=value):
                return typed.Const(value, Type(Kind.NUMBER))
            case tree.Text(value=value):
                if expected is not None and expected.kind is Kind.CHOICE:
                    return self.literal(node, expected)
                return typed.Const(value, typed.TEXT)
            case tree.YesNo(value=value):
                return typed.Const(value, typed.VERDICT)
            case tree.Name():
                if node.crossing is not None and "*" in node.crossing:
                    raise Mistake(node.offset, "带 * 的写法有很多单元格", "放进函数里，例如 total(表名[*, 栏名])")
                return self.names.resolve(node, self.scope, self.inner)
            case tree.Call():
                return self._call(node, expected)
            case tree.Negative() | tree.Add() | tree.Multiply():
                return self._arithmetic(node)
            case _:
                return self._logic(node)

    def _arithmetic(self, node: tree.Node) -> Typed:
        match node:
            case tree.Negative(operand=operand):
                inside = self.number(operand)
                return typed.Minus(inside, inside.type)
            case tree.Add(terms=terms):
                nodes = tuple((sign, self.number(term)) for sign, term in terms)
                pairs = [(item, term.offset) for (_, item), (_, term) in zip(nodes, terms, strict=True)]
                return typed.Sum(nodes, Type(Kind.NUMBER, self.common_unit(pairs, "相加减的是")))
            case tree.Multiply(factors=factors):
                items = tuple(self.number(factor) for factor in factors)
                unit: Unit | None = None
                for item in items:
                    unit = product(unit, item.type.unit)
                return typed.Product(items, Type(Kind.NUMBER, unit))
            case _:
                raise AssertionError(node)

    def _logic(self, node: tree.Node) -> Typed:
        match node:
            case tree.Not(operand=operand):
                return typed.Negated(self.verdict(operand))
            case tree.Logic(op=op, operands=operands):
                return typed.Junction(op, tuple(self.verdict(item) for item in operands))
            case tree.If(condition=condition, result=result):
                return typed.Implied(self.verdict(condition), self.verdict(result))
            case tree.Compare():
                return self._compare(node)
            case _:
                raise AssertionError(node)

    def _call(self, node: tree.Call, expected: Type | None) -> Typed:
        function = FUNCTIONS.get(node.function)
        if function is None:
            cure = did_you_mean(node.function, FUNCTIONS, otherwise="见语言说明")
            raise Mistake(node.offset, f"没有函数“{node.function}”", cure)
        if function.calc_only and self.mode is not Mode.CALC:
            raise Mistake(node.offset, f"函数 {node.function} 只能用于计算指标", "把它写成计算指标，再审核那个指标")
        least, most = function.count
        if not least <= len(node.args) <= most:
            raise Mistake(node.offset, f"函数 {node.function} 的参数个数不对", f"写成 {function.usage}")
        return function.build(self, node, expected)

    def _compare(self, node: tree.Compare) -> Typed:
        if ratio := ratio_parts(node):
            return self._ratio(node, *ratio)
        left, right = self._sides(node)
        kinds = {left.type.kind, right.type.kind}
        if None in kinds:
            return typed.Compared(node.op, left, right)
        if len(kinds) > 1:
            names = "和".join(KIND_NAMES[side.type.kind] for side in (left, right) if side.type.kind)
            self.report(node.offset, f"{names}不能比较", "检查指标的类型，数与数、日期与日期比较")
        elif Kind.MULTI in kinds:
            self.report(node.offset, "多选不能直接比较", "写成 has(指标, '选项')")
        elif node.op not in {"=", "!="} and not kinds & {Kind.NUMBER, Kind.DATE}:
            self.report(node.offset, f"{KIND_NAMES[left.type.kind or Kind.TEXT]}没有大小", "只能用 = 或 ≠")
        elif left.type.choices != right.type.choices:
            self.report(node.offset, "两边的选项表不同", "只比较选项表相同的指标")
        else:
            self.common_unit([(left, node.offset), (right, node.offset)], "相比较的是")
        return typed.Compared(node.op, left, right)

    def _sides(self, node: tree.Compare) -> tuple[Typed, Typed]:
        """Return both sides; a text literal becomes an option of the other side's list."""
        if isinstance(node.left, tree.Text) and not isinstance(node.right, tree.Text):
            right = self.infer(node.right)
            return self.infer(node.left, right.type), right
        left = self.infer(node.left)
        return left, self.infer(node.right, left.type)

    def _ratio(self, node: tree.Compare, ratio: tree.Call, bound: tree.Node, flip: bool) -> Typed:
        if len(ratio.args) != 2:
            raise Mistake(ratio.offset, "函数 ratio 的参数个数不对", "写成 ratio(a, b) <= 0.5")
        above, below = (self.number(arg) for arg in ratio.args)
        limit = self.number(bound)
        if None not in {above.type.kind, below.type.kind, limit.type.kind} and not self.names.units.same(
            quotient(above.type.unit, below.type.unit), limit.type.unit
        ):
            found = spell(quotient(above.type.unit, below.type.unit))
            message = f"单位不一致：比值是 {found}，另一边是 {spell(limit.type.unit)}"
            self.report(node.offset, message, "检查指标；比值与不带单位的数比较")
        return typed.RatioCompared(FLIPPED[node.op] if flip else node.op, above, below, limit)


def _kind_cure(wanted: Kind, found: Kind) -> str:
    if wanted is Kind.BOOL:
        return "写成比较，例如 a > 0" if found is Kind.NUMBER else "写成判断，例如 filled(a) 或 a = '选项'"
    if wanted is Kind.NUMBER and found is Kind.DATE:
        return "两个日期相差的天数写作 days(a, b)"
    return "检查指标的类型"
