"""What a cell is called in a sentence, and how its value is shown."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from guanshu.survey.checks.runtime import ABSENT_NUMBER, Frame, is_missing, missing_of
from guanshu.survey.checks.typed import ParamRef, Place, Ref, Typed, walk
from guanshu.survey.checks.units import Unit
from guanshu.survey.definition.model import Cell, Questionnaire
from guanshu.survey.values.base import Kind
from guanshu.survey.values.missing import NA


@dataclass(frozen=True)
class Labels:
    """Names cells of one check. `line` is the row or column a guide's sentence leaves out; `item` is 本项 there."""

    questionnaire: Questionnaire
    line: str = ""
    item: Cell | None = None
    twins: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, questionnaire: Questionnaire, nodes: Iterable[Typed], line: str = "", item: Cell | None = None
    ) -> "Labels":
        """Return labels that tell apart all cells of these formulas. Raises nothing."""
        cells = {id(node.cell): node.cell for top in nodes for node in walk(top) if isinstance(node, Ref)}
        plain: dict[str, list[Cell]] = {}
        for cell in cells.values():
            plain.setdefault(_plain(cell), []).append(cell)
        twins = {}
        for group in plain.values():
            if len(group) > 1:
                same_table = len({cell.table for cell in group}) == 1
                for cell in group:
                    twins[cell.name] = f"（第{cell.code}项）" if same_table and cell.code else f"（表{cell.table}）"
        return cls(questionnaire, line, item, twins)

    def name(self, ref: Ref) -> str:
        """Return what a cell is called: 在编·女, 上年占地面积. Raises nothing."""
        cell = ref.cell
        if self.item is cell:
            label = "本项"
        elif self.line and cell.row and self.line in {cell.row, cell.column}:
            label = self._short(cell)
        else:
            label = _plain_in(cell, self.questionnaire) + self.twins.get(cell.name, "")
        if ref.place is not Place.LAST:
            return label
        return f"上年{label.removeprefix('本年度').removeprefix('本年')}"

    def _short(self, cell: Cell) -> str:
        table = self.questionnaire.by_number[cell.table]
        other = cell.column if cell.row == self.line else cell.row
        label = next((line.label for line in (*table.columns, *table.rows) if line.name == other), cell.label)
        return label.removeprefix(PART)


PART = "其中："


def _plain(cell: Cell) -> str:
    return f"{cell.row}·{cell.column}·{cell.table}" if cell.row else cell.label


def _plain_in(cell: Cell, questionnaire: Questionnaire) -> str:
    if not cell.row:
        return cell.label.removeprefix(PART)
    table = questionnaire.by_number[cell.table]
    row = next((line.label for line in table.rows if line.name == cell.row), cell.row)
    column = next((line.label for line in table.columns if line.name == cell.column), cell.column)
    return f"{row.removeprefix(PART)}·{column.removeprefix(PART)}"


def shown(ref: Ref, v: Frame, with_unit: bool = True) -> str:
    """Return a cell's value for people: 9,100.00 平方米, 2022年1月31日, （空）. Raises nothing."""
    value = v[ref.slot]
    if value is ABSENT_NUMBER:
        return "（无上年数据）"
    if is_missing(value):
        return "（不适用）" if missing_of(value) is NA else "（空）"
    text = ref.cell.type.to_display(value)
    is_number = ref.cell.type.kind is Kind.NUMBER
    return with_unit_of(text, ref.cell.unit) if is_number and with_unit else text


def with_unit_of(text: str, unit: str) -> str:
    """Return a figure with its unit: % without a space, years without thousands separators. Raises nothing."""
    if unit == "%":
        return f"{text}%"
    if unit == "年":
        text = text.replace(",", "")
    return f"{text} {unit}" if unit else text


def decimal_text(value: Decimal) -> str:
    """Return a computed number for people: thousands separators, at most four decimals, half up. Raises nothing."""
    if value == value.to_integral_value():
        return format(value or abs(value), ",.0f")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -4:
        value = value.quantize(Decimal("0.0001"))
        return format(value, ",f").rstrip("0").rstrip(".")
    return format(value, ",f")


def date_text(value: date) -> str:
    """Return a day for people. Raises nothing."""
    return f"{value.year}年{value.month}月{value.day}日"


def unit_text(node: Typed) -> str:
    """Return the unit of a formula as the questionnaire writes it, "" if it has none. Raises nothing."""
    unit = node.type.unit
    for item in walk(node):
        if isinstance(item, Ref) and item.type.kind is Kind.NUMBER and item.type.unit == unit:
            return item.cell.unit
        if isinstance(item, ParamRef) and item.param is not None and item.type.unit == unit:
            return item.param.unit
    return _spell(unit)


def _spell(unit: Unit | None) -> str:
    if not unit:
        return ""
    above = "·".join(symbol for symbol, power in unit for _ in range(power))
    below = "".join(f"/{symbol}" for symbol, power in unit for _ in range(-power))
    return above + below if above else ""
