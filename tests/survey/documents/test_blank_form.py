"""The blank form holds every table and indicator and nobody's data, in each format as an independent reader sees it."""

import io
from functools import cache

import docx
import pytest
from python_calamine import CalamineWorkbook

from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind
from guanshu.survey.documents.blank_form import make_blank_docx, make_blank_pdf, make_blank_xlsx
from guanshu.survey.documents.blank_form.content import EMPTY_ROWS, hint
from guanshu.survey.documents.blank_form.workbook import spread
from guanshu.survey.values.base import Kind
from tests.survey.documents.printing import france, museum, page_texts, squeeze

FORMS = {"museum": museum, "france": france}


@cache
def form(name: str) -> Questionnaire:
    return FORMS[name]().questionnaire


@cache
def texts(name: str, kind: str) -> str:
    """Return everything a reader finds, without spaces."""
    if kind == "docx":
        document = docx.Document(io.BytesIO(make_blank_docx(form(name), 2022)))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return squeeze("\n".join([*(each.text for each in document.paragraphs), *cells]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(make_blank_xlsx(form(name), 2022)))
    sheets = [book.get_sheet_by_name(each).to_python() for each in book.sheet_names]
    return squeeze("\n".join(str(value) for sheet in sheets for row in sheet for value in row))


def said(table: Table) -> set[str]:
    """Return what must be read of a table: its title, note, and everything that names an answer."""
    lines = (*table.rows, *table.columns)
    cells: tuple[Cell, ...] = () if table.kind is TableKind.MATRIX else (*table.cells, *table.totals)
    hints = {hint(cell) for cell in cells if table.kind is TableKind.LIST}
    return {table.title, table.note, *(line.label for line in lines), *(cell.label for cell in cells), *hints}


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
@pytest.mark.parametrize("name", FORMS)
def test_everything_that_is_asked_stands_in_it(name: str, kind: str) -> None:
    missing = {text for table in form(name).tables for text in said(table) if squeeze(text) not in texts(name, kind)}
    assert missing == set()


def test_the_paper_has_every_table_and_bears_no_code() -> None:
    text = squeeze("".join(page_texts(make_blank_pdf(form("museum"), 2022))))
    for table in form("museum").tables:
        assert squeeze(table.title) in text
    # Words of the printed report that would be wrong here.
    assert "数据校验码" not in text
    assert "二维码" not in text


def test_the_same_form_makes_the_same_bytes() -> None:
    assert make_blank_pdf(form("france"), 2022) == make_blank_pdf(form("france"), 2022)
    assert make_blank_docx(form("france"), 2022) == make_blank_docx(form("france"), 2022)


def test_a_table_of_rows_has_rows_to_write_on() -> None:
    table = next(table for table in form("museum").tables if table.kind is TableKind.ROWS and table.limit > EMPTY_ROWS)
    book = CalamineWorkbook.from_filelike(io.BytesIO(make_blank_xlsx(form("museum"), 2022)))
    name = next(each for each in book.sheet_names if each.startswith(f"{table.number} "))
    first = [row[0] for row in book.get_sheet_by_name(name).to_python()]
    assert [str(number) for number in range(1, EMPTY_ROWS + 1)] == [each for each in first if str(each).isdigit()][
        :EMPTY_ROWS
    ]


def test_choices_can_be_ticked_and_files_cannot_be_written() -> None:
    cells = form("museum").cells.values()
    choice = next(cell for cell in cells if cell.type.kind is Kind.CHOICE)
    assert hint(choice).startswith("□ ")
    assert hint(next(cell for cell in cells if cell.type.kind is Kind.FILE)) == "（在系统中上传）"
    assert hint(next(cell for cell in cells if cell.type.kind is Kind.NUMBER)) == ""


@pytest.mark.parametrize(
    ("columns", "sheet", "edges"),
    [
        ((10, 20), (10, 20), [0, 1, 2]),
        ((30, 10), (10, 10, 10, 10), [0, 3, 4]),
        ((10, 10, 10), (30,), [0, 1, 2, 3]),
        ((1, 1, 98), (20, 20, 20, 20, 20), [0, 1, 2, 5]),
    ],
)
def test_columns_find_room_on_a_sheet(columns: tuple[int, ...], sheet: tuple[int, ...], edges: list[int]) -> None:
    assert spread(columns, sheet) == edges
