"""The whole report as plain data for the templates: what is said where, nothing about looks."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind
from guanshu.survey.documents.report_pdf.backmatter import closing_sections
from guanshu.survey.documents.report_pdf.content import Cover
from guanshu.survey.documents.report_pdf.fonts import printable
from guanshu.survey.documents.report_pdf.frontmatter import cover_data, table_lines
from guanshu.survey.documents.report_pdf.grid import HEIGHTS, PORTRAIT, Box, Grid
from guanshu.survey.documents.report_pdf.lists import list_grid, shown
from guanshu.survey.documents.report_pdf.matrices import matrix_grids
from guanshu.survey.documents.report_pdf.rowtables import rows_grid
from guanshu.survey.documents.report_pdf.text import prepared
from guanshu.survey.values.base import Kind, Value
from guanshu.survey.values.missing import BLANK, NA
from guanshu.survey.workflow.submission import EvaluationLike

Data = dict[str, object]
# Tables that take less of a page than this are kept on one.
_KEPT = 0.7


def report_data(
    questionnaire: Questionnaire, answers: Answers, evaluation: EvaluationLike, cover: Cover, content_hash: str
) -> Data:
    """Return everything the templates need to know of a report."""
    hidden = [table for table in questionnaire.tables if table.number in evaluation.hidden]
    maker = TableMaker(questionnaire, answers, evaluation, cover)
    return {
        "title": prepared(questionnaire.title, PORTRAIT),
        "name": prepared(cover.name, PORTRAIT - 60),
        "name-text": printable(cover.name),
        "title-text": printable(questionnaire.title),
        "year": str(cover.year),
        "code": cover.report_code,
        "cover": cover_data(questionnaire, cover, content_hash, hidden),
        "parts": maker.parts(),
        "closing": closing_sections(evaluation.findings, cover.attachments),
    }


class TableMaker:
    """Lays out the tables of one report, or of one that is still to be filled in (blank_form)."""

    def __init__(
        self, questionnaire: Questionnaire, answers: Answers, evaluation: EvaluationLike, cover: Cover
    ) -> None:
        self.form, self.answers, self.evaluation = questionnaire, answers, evaluation
        self.year = cover.year
        self.files = {file.cell: file.name for file in cover.attachments}

    def parts(self) -> list[Data]:
        """Return runs of tables that stand the same way on the sheet."""
        items = list(self._items())
        runs = groupby(items, key=lambda item: item["flipped"])
        return [{"flipped": flipped, "items": list(members)} for flipped, members in runs]

    def _items(self) -> Iterator[Data]:
        group = ""
        for table in self.form.tables:
            if table.number in self.evaluation.hidden:
                continue
            grids, flipped = self.grids(table)
            yield self._item(table, grids, flipped=flipped, group=table.group if table.group != group else "")
            group = table.group

    def _item(self, table: Table, grids: Sequence[Grid], *, flipped: bool, group: str) -> Data:
        lines = table_lines(self.form, table)
        height = sum(grid.height for grid in grids) + 4 * len(lines) + 16
        state = self.evaluation.states.get(table.number)
        return {
            "flipped": flipped,
            "group": prepared(group if group != table.title else "", PORTRAIT),
            "title": prepared(table.title, PORTRAIT - 100),
            "number": prepared(table.number, PORTRAIT),
            "lines": lines,
            "note": prepared(table.note, PORTRAIT),
            "na": state is not None and state.na,
            "keep": height < _KEPT * HEIGHTS[flipped] and not any(grid.long for grid in grids),
            "grids": [grid.data() for grid in grids],
        }

    def grids(self, table: Table) -> tuple[list[Grid], bool]:
        """Return the grids of a table, and whether they lie across the sheet."""
        values = self.evaluation.values
        state = self.evaluation.states.get(table.number)
        if state is not None and state.na:
            # Of a table that is 不适用 only what had to be answered all the same is left.
            rest = [cell for cell in table.form_cells if values.get(cell.name, BLANK) is not NA]
            plain = [cell for cell in rest if not cell.row]
            return ([list_grid(plain, values, self.show)] if plain else []), False
        if table.kind is TableKind.MATRIX:
            return matrix_grids(table, values)
        if table.kind is TableKind.ROWS:
            grid, flipped = rows_grid(table, self.answers, values)
            totals = self._asked(table.totals)
            beneath = [list_grid(totals, values, self.show, width=sum(grid.columns), numbered=False)] if totals else []
            return [grid, *beneath], flipped
        asked = self._asked(table.cells)
        return ([list_grid(asked, values, self.show)] if asked else []), False

    def _asked(self, cells: Sequence[Cell]) -> list[Cell]:
        return [cell for cell in cells if cell.name not in self.evaluation.hidden]

    def show(self, cell: Cell, value: Value) -> Box:
        """Return the box of a value; a file is named as it is among the attachments."""
        if cell.type.kind is Kind.FILE and isinstance(value, str):
            return Box(
                f"{self.files.get(cell.name, value)}（见「打印时的附件」）" if cell.name in self.files else value
            )
        return shown(cell, value)
