"""A province's list as it is printed, to be read beside its sealed scan."""

from guanshu.portal.queries.figures import Figures, Shown
from guanshu.portal.queries.filings import OpenFiling
from guanshu.survey.definition.model import Cell, Table
from guanshu.survey.values.base import Kind
from guanshu.survey.values.missing import BLANK

# Columns that are kept for checking only, and not printed.
INTERNAL = "internal"


def printed_list(opened: OpenFiling, table: Table) -> Figures:
    """Return a list's printed columns, row by row; 「无」 where the province has said so."""
    cells = [cell for cell in table.cells if INTERNAL not in cell.tags]
    rows = opened.answers.rows.get(table.name, ())
    lines = [
        [Shown(str(place)), *(_shown(opened, table, row.id, cell, row.cells.get(cell.name, BLANK)) for cell in cells)]
        for place, row in enumerate(rows, 1)
    ]
    remark = "" if rows else "无" if table.name in opened.answers.none else "尚未填写。"
    heads = (Shown("序号"), *(Shown(cell.label, number=cell.type.kind is Kind.NUMBER) for cell in cells))
    return Figures(heads, lines, remark=remark)


def _shown(opened: OpenFiling, table: Table, row: str, cell: Cell, stored: object) -> Shown:
    value = opened.evaluation.values.get(f"{table.name}[{row}].{cell.name}", stored)
    if value is BLANK:
        return Shown("", blank=True)
    return Shown(cell.type.to_display(value), number=cell.type.kind is Kind.NUMBER)  # type: ignore[arg-type]
