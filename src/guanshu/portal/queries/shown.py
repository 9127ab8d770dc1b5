"""What an address is called and shows, for lists, comments and comparisons."""

from dataclasses import dataclass

from guanshu.portal.queries.figures import MASKED
from guanshu.portal.queries.forms import Form
from guanshu.portal.queries.reports import OpenReport
from guanshu.survey.definition.address import Address, Explanation, FormCell, RowCell, RowsNone, RowsOrder, cell_at
from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Cell, Table
from guanshu.survey.values.base import Value
from guanshu.survey.values.missing import BLANK

_PART = "其中："


@dataclass(frozen=True, slots=True)
class Name:
    """What people call an address: its table, its label, its unit."""

    table: str
    label: str
    unit: str = ""


def name_of(form: Form, address: Address, answers: Answers | None = None) -> Name:
    """Return what an address is called; with answers a row is named by its place."""
    cell = cell_at(form.compiled.questionnaire, address)
    table = form.compiled.questionnaire.by_number[address.table]
    if isinstance(address, RowCell) and cell is not None:
        rows = answers.rows.get(table.name, ()) if answers is not None else ()
        place = next((place for place, row in enumerate(rows, 1) if row.id == address.row), None)
        return Name(table.number, f"第 {place} 行·{cell.label}" if place else cell.label, cell.unit)
    if isinstance(address, FormCell) and cell is not None:
        return Name(table.number, label_of(table, cell), cell.unit)
    if isinstance(address, Explanation):
        return Name(table.number, f"审核 {address} 的说明")
    if isinstance(address, RowsOrder):
        return Name(table.number, "行数与顺序")
    return Name(table.number, table.none_label if isinstance(address, RowsNone) else "整表不适用")


def label_of(table: Table, cell: Cell) -> str:
    """Return the words for a cell in its table: 占地面积, 合计·在编."""
    if not cell.row:
        return cell.label.removeprefix(_PART)
    row = next((line.label for line in table.rows if line.name == cell.row), cell.row)
    column = next((line.label for line in table.columns if line.name == cell.column), cell.column)
    return f"{row.removeprefix(_PART)}·{column.removeprefix(_PART)}"


def display(cell: Cell, value: Value) -> str:
    """Return what a screen shows of a value; of people only that something is there."""
    if value is BLANK:
        return ""
    return MASKED if cell.personal else cell.type.to_display(value)


def comparable(opened: OpenReport, text: str) -> str | None:
    """Return what the cell at an address shows now; None where the text does not tell one content from another."""
    address = opened.form.address(text)
    cell = cell_at(opened.compiled.questionnaire, address)
    if cell is None or cell.personal:
        return None
    return display(cell, opened.evaluation.values.get(text, BLANK))
