"""The guide explains every indicator and puts every check in words, on paper as on the page."""

import csv
from datetime import date

import pypdfium2 as pdfium
import pytest

from guanshu.survey.definition.model import TableKind
from guanshu.survey.documents.guide import Dates, Guide, make_guide, make_guide_pdf
from guanshu.survey.documents.guide.pictures import FILE, FOLDER
from tests.survey.documents.printing import france, museum, page_texts, squeeze

DATES = Dates(date(2023, 1, 1), date(2023, 2, 10), date(2023, 2, 20), date(2023, 2, 25))
FORMS = {"museum": museum, "france": france}


def guide(name: str) -> Guide:
    return make_guide(FORMS[name](), 2022, DATES)


def told(found: Guide) -> str:
    return "".join(step.text for chapter in found.chapters for step in chapter.steps)


@pytest.mark.parametrize("name", FORMS)
def test_every_indicator_and_every_check_is_told(name: str) -> None:
    compiled, found = FORMS[name](), guide(name)
    for table, told in zip(compiled.questionnaire.tables, found.tables, strict=True):
        labels = {each.label for _, group in told.groups for each in group}
        helps = {each.help for _, group in told.groups for each in group}
        if table.kind is TableKind.MATRIX:
            assert labels >= {line.label for line in (*table.rows, *table.columns)}
        else:
            assert labels >= {cell.label for cell in (*table.cells, *table.totals)}
            assert helps >= {cell.help for cell in (*table.cells, *table.totals)}
        mine = [check for check in compiled.checks if check.table == table.number]
        sentences = "".join(each.sentence for each in told.checks)
        for check in mine:
            assert check.sentence().removeprefix("其中：").removesuffix("。") in sentences


def test_the_days_are_those_of_the_campaign() -> None:
    prose = told(guide("museum"))
    assert "2023 年 2 月 10 日前完成填报" in prose
    later = make_guide(museum(), 2023, Dates(date(2024, 1, 1), date(2024, 3, 1), date(2024, 3, 5), date(2024, 3, 9)))
    prose = told(later)
    assert "2024 年 3 月 1 日前完成填报" in prose
    assert "{" not in prose


def test_the_paper_says_what_the_page_says() -> None:
    found = guide("museum")
    pdf = make_guide_pdf(found)
    text = squeeze("".join(page_texts(pdf)))
    for chapter in found.chapters:
        assert squeeze(chapter.title) in text
        shown = [each for step in chapter.steps for each in step.pictures]
        assert all(squeeze(each.caption) in text for each in shown)
    for table in found.tables:
        assert squeeze(f"{table.number}　{table.title}") in text
        for _, group in table.groups:
            assert all(squeeze(each.label) in text for each in group)
    assert make_guide_pdf(found) == pdf
    assert len(pdf) < 4_000_000


def test_each_picture_stands_at_its_step_and_is_told_to_whoever_cannot_see_it() -> None:
    with FILE.open(encoding="utf-8", newline="") as file:
        kept = [f"{row['picture']}.png" for row in csv.DictReader(file)]
    shown = [each for chapter in guide("museum").chapters for step in chapter.steps for each in step.pictures]
    assert sorted(each.file for each in shown) == sorted(kept)
    assert all(each.alt and each.caption and each.alt != each.caption for each in shown)
    assert len(_images(make_guide_pdf(guide("museum")))) == len(shown)
    assert sum((FOLDER / name).stat().st_size for name in kept) < 1_500_000


def _images(pdf: bytes) -> list[object]:
    document = pdfium.PdfDocument(pdf)
    return [each for page in document for each in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE])]
