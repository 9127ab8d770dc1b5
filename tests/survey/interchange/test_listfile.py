"""One list in a file of its own: headings as on paper, titles above, notes beneath, and what is no list."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from guanshu.survey.definition.model import Table
from guanshu.survey.interchange.listfile import read_list
from guanshu.survey.interchange.sheet import SheetProblem
from guanshu.survey.loading import load, read_folder

FOLDER = Path(__file__).parents[2] / "questionnaires" / "tiny-lists"
PLANS: Table = load(read_folder(FOLDER)).questionnaire.by_name["plans"]
HEAD = ["序号", "场馆名称", "场馆级别", "展厅面积（㎡）", "拟开馆时间（ 年 月）", "备注"]


def as_csv(*lines: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()


def as_xlsx(*lines: list[object]) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    for number, line in enumerate(lines):
        sheet.write_row(number, 0, line)
    book.close()
    return made.getvalue()


def test_a_list_as_on_paper_is_read_with_titles_above_and_notes_beneath() -> None:
    found = read_list(
        PLANS,
        as_xlsx(
            ["2023年度河北省拟新增名单"],
            ["省级科协意见（盖章）："],
            HEAD,
            [1, "一馆", "县级", 1200.5, "2023年6月", "好"],
            [2, "二馆", "地/市级", 3000, "2023-7", ""],
            ["填表说明：本表由各省级科协填报。"],
        ),
    )
    assert [cell.name for cell in found.columns] == ["title", "rank", "hall", "due"]
    assert [row.values for row in found.rows] == [
        {"title": "一馆", "rank": "county", "hall": "1200.50", "due": "2023-06"},
        {"title": "二馆", "rank": "city", "hall": "3000.00", "due": "2023-07"},
    ]
    assert [row.line for row in found.rows] == [4, 5]
    assert found.unknown == ("备注",)


def test_column_names_will_do_and_internal_columns_are_optional() -> None:
    found = read_list(PLANS, as_csv(["title", "approved"], ["一馆", "√"]))
    assert found.rows[0].values == {"title": "一馆", "approved": True}


def test_a_bad_cell_leaves_the_others_of_its_row() -> None:
    (row,) = read_list(PLANS, as_csv(HEAD, ["1", "一馆", "乡级", "很大", "2023-6"])).rows
    assert set(row.problems) == {"rank", "hall"}
    assert row.values == {"title": "一馆", "due": "2023-06"}


def test_a_list_that_says_none_has_no_rows() -> None:
    with pytest.raises(SheetProblem, match="没有名单的行"):
        read_list(PLANS, as_csv(HEAD, ["", "无"]))


def test_what_is_no_list_is_told_so() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    cases = {
        "没有找到表头": as_csv(["甲", "乙"], ["1", "2"]),
        "读不出来": b"PK\x03\x04nonsense",
        "不是可读的": b"\xff\xfe\x00\x01",
        "不是正确的 CSV": b'title,rank\n"open',
        "文件过大": bomb.getvalue(),
    }
    for sentence, data in cases.items():
        with pytest.raises(SheetProblem, match=sentence):
            read_list(PLANS, data)
    with pytest.raises(SheetProblem, match="文件过大"):
        read_list(PLANS, b"x" * 5_000_001)
