"""Back end 4: a check as a Chinese sentence, with or without the actual values."""

from dataclasses import dataclass, replace
from functools import cached_property

from guanshu.survey.checks.figures import Figures
from guanshu.survey.checks.instances import Instance
from guanshu.survey.checks.labels import Labels, decimal_text, shown, unit_text, with_unit_of
from guanshu.survey.checks.layout import Layout
from guanshu.survey.checks.runtime import Frame
from guanshu.survey.checks.templates import Template
from guanshu.survey.checks.typed import Aggregate, Implied, Place, Ref, Type, Typed, walk
from guanshu.survey.checks.verdicts import condition, statement
from guanshu.survey.definition.model import Questionnaire, Table
from guanshu.survey.values.base import Kind

# More names than this in a guide's heading are counted instead.
_MANY_NAMES = 6


@dataclass(frozen=True)
class Sentence:
    """What is said of one application of a check. Nothing is worked out before it is asked for."""

    instance: Instance
    table: Table
    questionnaire: Questionnaire
    layout: Layout
    template: Template | None = None
    is_part: bool = False
    """Whether the check was generated: then the first cell is introduced with 其中."""

    @cached_property
    def _labels(self) -> Labels:
        return Labels.of(self.questionnaire, [self.instance.node])

    def statement(self, scope: str, names: tuple[str, ...] = ()) -> str:
        """Return what should hold, in words without values: 「每行：女 应不大于 人数。」. Raises nothing."""
        key = self.instance.key
        item = self.instance.scope.item
        labels = replace(self._labels, line=key if item is None else "", item=item)
        figures = Figures(labels, self.layout, None, with_units=self._one_unit(names))
        text = statement(figures, self.instance.node)
        if not scope or (self.is_part and not self.instance.scope.in_rows):
            return self._introduced(text) + "。"
        return f"{scope}{self.heading(names)}：{self._introduced(text)}。"

    def in_line(self, line: str) -> str:
        """Return what should hold, the row or column of a matrix left out: 「女 应不大于 人数」. Raises nothing."""
        labels = replace(self._labels, line=line)
        return statement(Figures(labels, self.layout, None, with_units=False), self.instance.node)

    def message(self, v: Frame, number: int = 0) -> str:
        """Return the sentence for a report for which the check is false.

        `number` is that of the row of a rows table. This function will use the hand-written message if there is one.
        """
        prefix = f"第 {number} 行：" if number else ""
        if self.template is not None:
            return (prefix or self._whose()) + self._filled_in(self.template, v)
        labels = self._labels
        if self.instance.label:
            # The row or column is said once, before everything: 在编：博士 3 ＋ 硕士 2 应等于 人数 6 人.
            prefix = f"{self.instance.label}："
            labels = replace(labels, line=self.instance.key)
        figures = Figures(labels, self.layout, v)
        return f"{prefix}{self._introduced(statement(figures, self.instance.node))}。"

    def addresses(self, row_id: str = "") -> tuple[str, ...]:
        """Return the addresses of the cells the check reads, the one to put a finding under first. Raises nothing."""
        return tuple(address.format(row=row_id) for address in self._addresses) if row_id else self._addresses

    @cached_property
    def _addresses(self) -> tuple[str, ...]:
        own: dict[str, None] = {}
        others: dict[str, None] = {}
        for node in _said_first(self.instance.node):
            if isinstance(node, Aggregate):
                others[f"{node.table.name}.rows"] = None
            elif isinstance(node, Ref) and node.place is Place.ROW and not node.inner:
                own[f"{self.table.name}[{{row}}].{node.cell.name}"] = None
            elif isinstance(node, Ref) and node.place is Place.FORM:
                is_own = self.table.by_name.get(node.cell.name) is node.cell
                (own if is_own else others)[node.cell.name] = None
        return (*own, *others)

    def _one_unit(self, names: tuple[str, ...]) -> bool:
        """Return whether the cells that one sentence speaks for all have the same unit."""
        cells = self.questionnaire.cells
        if self.instance.scope.item is not None:
            return len({cells[name].unit for name in names}) <= 1
        own = [node.cell for node in walk(self.instance.node) if isinstance(node, Ref) and node.cell.row]
        others = {cell.column if cell.row == self.instance.key else cell.row for cell in own}
        crossings = [({cell.row, cell.column}, cell.unit) for cell in self.table.cells]
        return all(
            len({unit for lines, unit in crossings if other in lines and lines & set(names)}) <= 1 for other in others
        )

    def _introduced(self, text: str) -> str:
        return f"其中：{text}" if self.is_part else text

    def heading(self, names: tuple[str, ...]) -> str:
        """Return the rows, columns or cells a check is applied to, in brackets; "" for all. Raises nothing."""
        if not names:
            return ""
        if self.instance.scope.item is not None:
            labels = [self._labels.name(_ref_to(self.questionnaire, name)) for name in names]
        else:
            lines = {line.name: line.label for line in (*self.table.rows, *self.table.columns)}
            labels = [lines.get(name, name) for name in names]
        if len(labels) > _MANY_NAMES:
            return f"（{'、'.join(labels[:3])} 等 {len(labels)} 项）"
        return f"（{'、'.join(labels)}）"

    def _whose(self) -> str:
        item = self.instance.scope.item
        if item is not None:
            return f"{self._labels.name(_ref_to(self.questionnaire, item.name))}："
        return f"{self.instance.label}：" if self.instance.label else ""

    def _filled_in(self, template: Template, v: Frame) -> str:
        figures = Figures(self._labels, self.layout, v)
        return "".join(piece if isinstance(piece, str) else _value(figures, piece, v) for piece in template.pieces)


def _value(figures: Figures, node: Typed, v: Frame) -> str:
    """Return what stands for {name} in a message: the value with its unit."""
    if isinstance(node, Ref):
        return shown(node, v)
    value = figures.value(node)
    if value is None:
        return "（空）"
    if node.type.kind is Kind.BOOL:
        return condition(figures, node)
    if node.type.kind is Kind.NUMBER:
        return with_unit_of(decimal_text(value), unit_text(node))
    return figures.figure(node, "") if node.type.kind is Kind.DATE else str(value)


def _ref_to(questionnaire: Questionnaire, name: str) -> Ref:
    return Ref(0, questionnaire.cells[name], Place.FORM, Type(Kind.NUMBER))


def _said_first(node: Typed) -> list[Typed]:
    """Return nodes with what is stated before what it is conditional on."""
    if isinstance(node, Implied):
        return [*_said_first(node.result), *walk(node.condition)]
    return list(walk(node))
