"""附件4–7 on paper against the notice's own text, cell by cell, read by python-docx, LibreOffice and poppler."""

import io
import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from guanshu.survey.definition.answers import Answers
from guanshu.survey.documents.province_lists import list_sheet, make_list_docx, make_list_pdf
from guanshu.survey.intake.word import check_word
from tests.survey.documents.lists_2022 import FREE, ROWS, answers, form, rows

SOFFICE = shutil.which("soffice")
NOTICE: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data/notice_lists.json").read_text(encoding="utf-8")
)
LISTS = list(NOTICE)


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def word(name: str, found: Answers | None = None, **given: Any) -> bytes:
    return make_list_docx(form(), name, found or answers(), unit="河北省", **given)


def cells(document: Any) -> list[list[str]]:
    return [[squeeze(cell.text) for cell in row.cells] for row in document.tables[0].rows]


@pytest.mark.parametrize("name", LISTS)
def test_word_has_the_notices_words_in_the_notices_places(name: str) -> None:
    expected, document = NOTICE[name], docx.Document(io.BytesIO(word(name)))
    texts = [squeeze(paragraph.text) for paragraph in document.paragraphs]
    assert texts == [expected["number"], *expected["title"], expected["head"], expected["note"]]
    found = cells(document)
    assert found[0] == expected["columns"]
    listed = ROWS[name]
    assert [row[: len(listed[0])] for row in found[1 : 1 + len(listed)]] == [
        [squeeze(text) for text in row] for row in listed
    ]
    rest = found[1 + len(listed) :]
    opinion = expected["opinion"]
    assert rest == ([[opinion[0], *[opinion[1]] * (len(expected["columns"]) - 1)]] if opinion else [])


@pytest.mark.parametrize("name", LISTS)
def test_header_rows_repeat_and_rows_stay_whole(name: str) -> None:
    document = docx.Document(io.BytesIO(word(name)))
    found = document.tables[0].rows
    marks = [row._tr.trPr for row in found]
    assert [mark.find(qn("w:tblHeader")) is not None for mark in marks] == [True] + [False] * (len(found) - 1)
    assert all(mark.find(qn("w:cantSplit")) is not None for mark in marks)
    section = document.sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (section.page_width > section.page_height) is (len(NOTICE[name]["columns"]) > 6)
    fonts = {found.get(qn("w:eastAsia")) for found in document.element.body.iter(qn("w:rFonts"))}
    assert fonts == {"方正小标宋简体", "黑体", "仿宋"}


def test_the_day_is_filled_in_and_money_is_as_typed() -> None:
    document = docx.Document(io.BytesIO(word("planned", filled_on=date(2023, 2, 20))))
    assert squeeze(document.paragraphs[3].text) == "省级科协意见（盖章）：填表日期：2023年2月20日"
    assert list_sheet(form(), "free", answers(), unit="河北省").rows[1][2] == "286.5"


def test_a_list_is_found_by_role_and_by_table() -> None:
    assert word("free") == word("free_list")
    with pytest.raises(KeyError):
        word("nothing")


def test_what_nobody_filled_in_is_not_printed_as_none() -> None:
    empty = cells(docx.Document(io.BytesIO(word("construction", Answers()))))
    assert empty[1] == [""] * 8


@pytest.mark.parametrize("name", LISTS)
def test_the_same_answers_give_the_same_bytes(name: str, tmp_path: Path) -> None:
    assert word(name) == word(name)
    pdf = make_list_pdf(form(), name, answers(), unit="河北省")
    assert pdf == make_list_pdf(form(), name, answers(), unit="河北省")
    (tmp_path / "x.docx").write_bytes(word(name))
    assert check_word(tmp_path / "x.docx", "x.docx").suffix == ".docx"


@pytest.mark.parametrize("name", LISTS)
def test_the_pdf_says_the_same(name: str) -> None:
    pdf = make_list_pdf(form(), name, answers(), unit="河北省")
    said = squeeze(read_pdf(pdf))
    expected = NOTICE[name]
    for text in (expected["number"], *expected["title"], expected["head"], expected["note"], *expected["columns"]):
        assert squeeze(text) in said, text
    for row in ROWS[name]:
        for text in row:
            assert squeeze(text) in said, text
    if expected["opinion"]:
        assert expected["opinion"][1] in said


def test_many_rows_repeat_the_header_on_every_page() -> None:
    many = Answers(rows={"free_list": rows(FREE * 40)})
    pages = read_pdf(make_list_pdf(form(), "free", many, unit="河北省")).split("\f")[:-1]
    assert len(pages) > 2
    assert all("场馆名称" in squeeze(page) for page in pages)
    assert "同意报送" in squeeze(pages[-1])


def test_signs_and_rare_characters_do_not_stop_the_paper() -> None:
    odd = Answers(rows={"free_list": rows([{"museum": '#let x = "$" \\ [仿] *星* 〇㐂·（A/B）<&>' + "长" * 60}])})
    assert "星" in read_pdf(make_list_pdf(form(), "free", odd, unit="新疆生产建设兵团"))
    assert "<&>" in docx.Document(io.BytesIO(word("free", odd))).tables[0].rows[1].cells[1].text


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", LISTS)
def test_libreoffice_reads_the_same(name: str, tmp_path: Path) -> None:
    (tmp_path / "list.docx").write_bytes(word(name))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [SOFFICE or "", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "list.docx")], check=True, capture_output=True, timeout=120)
    said = squeeze(read_pdf((tmp_path / "list.pdf").read_bytes()))
    expected = NOTICE[name]
    for text in (
        *expected["title"],
        expected["head"],
        expected["note"],
        *expected["columns"],
        *expected["opinion"][1:],
    ):
        assert squeeze(text) in said, text


def read_pdf(pdf: bytes) -> str:
    """Return the text of a PDF in the order it was drawn."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()
