"""List tables: one indicator a row. Totals beneath a rows table are laid out the same way."""

from collections.abc import Callable, Mapping, Sequence

from guanshu.survey.definition.model import Cell
from guanshu.survey.documents.report_pdf.grid import (
    CALC_MARK,
    PAD,
    PORTRAIT,
    Align,
    Box,
    Grid,
    head_box,
    ordinal,
    value_box,
)
from guanshu.survey.documents.report_pdf.text import ems, millimetres, widest
from guanshu.survey.values.base import Kind, Value
from guanshu.survey.values.missing import BLANK, Missing

Show = Callable[[Cell, Value], Box]
_LONGEST_LABEL, _NUMBERS, _NARROWEST_VALUE = 80.0, 44.0, 60.0
_LEAST = {"代码": 11.0, "计量单位": 19.0, "时期": 13.0}


def list_grid(
    cells: Sequence[Cell],
    values: Mapping[str, Value],
    show: Show,
    *,
    width: float = PORTRAIT,
    numbered: bool = True,
) -> Grid:
    """Return the grid 代码 | 指标名称 | 计量单位 | 时期 | 本年实际; columns hardly anybody needs are left out.

    `show` makes the box of a value that stands in no figure's column (a file, say); see `shown`. `numbered` adds the
    line 甲 乙 丙 1 below the header.
    """
    leads = _leads(cells)
    labels = [text for text, _ in leads["指标名称"]]
    columns = _widths(cells, leads, values, width)
    body = []
    for place, cell in enumerate(cells):
        row = [
            Box(text, align, indent=cell.indent if text is labels[place] else 0)
            for text, align in (column[place] for column in leads.values())
        ]
        body.append((*row, show(cell, values.get(cell.name, BLANK))))
    head = [(*map(head_box, leads), head_box("本年实际"))]
    if numbered:
        numbers = [*(ordinal(place) for place in range(len(leads))), "1"]
        head.append(tuple(head_box(number, small=True) for number in numbers))
    return Grid(columns, tuple(head), tuple(body))


def shown(cell: Cell, value: Value) -> Box:
    """Return the usual box of a value."""
    return value_box(cell, value)


def _leads(cells: Sequence[Cell]) -> dict[str, list[tuple[str, Align]]]:
    """Return the columns before the figures by title: text and alignment, one a cell."""
    units, periods = _common([cell.unit for cell in cells]), _common([cell.period for cell in cells])
    found: dict[str, list[tuple[str, Align]]] = {}
    if any(cell.code for cell in cells):
        found["代码"] = [(cell.code, "center") for cell in cells]
    found["指标名称"] = [(_label(cell, with_unit=not units), "left") for cell in cells]
    if units:
        found["计量单位"] = [(cell.unit, "center") for cell in cells]
    if periods:
        found["时期"] = [(cell.period.value if cell.period else "", "center") for cell in cells]
    return found


def _common(entries: Sequence[object]) -> bool:
    """Return whether enough cells have an entry to make it a column."""
    return sum(map(bool, entries)) * 5 >= len(entries)


def _label(cell: Cell, *, with_unit: bool) -> str:
    unit = f"（{cell.unit}）" if with_unit and cell.unit else ""
    return cell.label + unit + ("" if cell.typed else CALC_MARK)


def _widths(
    cells: Sequence[Cell], leads: Mapping[str, Sequence[tuple[str, Align]]], values: Mapping[str, Value], width: float
) -> tuple[float, ...]:
    fixed = {
        title: max(least, widest(text for text, _ in leads[title]) + 2 * PAD + 1)
        for title, least in _LEAST.items()
        if title in leads
    }
    free = width - sum(fixed.values())
    if all(cell.type.kind is Kind.NUMBER for cell in cells):
        label = free - min(max(_NUMBERS, _widest_value(cells, values)), free / 2)
    else:
        natural = max(
            millimetres(ems(text) + cell.indent) for cell, (text, _) in zip(cells, leads["指标名称"], strict=True)
        )
        label = min(max(natural + 2 * PAD + 2, 36.0), _LONGEST_LABEL, free - _NARROWEST_VALUE)
    return (*(fixed.get(title, label) for title in leads), free - label)


def _widest_value(cells: Sequence[Cell], values: Mapping[str, Value]) -> float:
    present = ((cell, values.get(cell.name, BLANK)) for cell in cells)
    texts = (cell.type.to_display(value) for cell, value in present if not isinstance(value, Missing))
    return widest(texts) + 2 * PAD + 1
