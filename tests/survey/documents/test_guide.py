"""The guide explains every indicator and puts every check in words, on paper as on the page."""

import csv
from datetime import date

import pypdfium2 as pdfium
import pytest

from guanshu.survey.checks.compiled import Check
from guanshu.survey.checks.labels import PART
from guanshu.survey.checks.typed import Ref, walk
from guanshu.survey.definition.model import TableKind
from guanshu.survey.documents.guide import Dates, Guide, make_guide, make_guide_pdf
from guanshu.survey.documents.guide.parts import parts_in_words
from guanshu.survey.documents.guide.pictures import FILE, FOLDER
from tests.survey.checks.forms import compiled, matrix, questionnaire, rows_table
from tests.survey.documents.printing import france, museum, page_texts, squeeze

DATES = Dates(date(2023, 1, 1), date(2023, 2, 10), date(2023, 2, 20), date(2023, 2, 25))
FORMS = {"museum": museum, "france": france}


def guide(name: str) -> Guide:
    return make_guide(FORMS[name](), 2022, DATES)


def told(found: Guide) -> str:
    return "".join(step.text for chapter in found.chapters for step in chapter.steps)


def ways_to_say(check: Check) -> set[str]:
    """Return the words that may tell a check: its own, of a part also those without the row or column it shares."""
    if not check.generated:
        return {check.sentence()}
    sentence = check.bound[0].sentence
    part, whole = (node.cell for node in walk(sentence.instance.node) if isinstance(node, Ref))
    shared = {part.row, part.column} & {whole.row, whole.column} - {""}
    return {check.sentence().replace(PART, "", 1).removesuffix("。"), *map(sentence.in_line, shared)}


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
            assert any(words in sentences for words in ways_to_say(check))


def test_what_holds_in_every_row_or_column_is_said_once() -> None:
    changed = {
        **{f"{row}.female": {"of": (f"m_{row}__n",)} for row in ("all", "own", "out")},
        **{f"own.{column}": {"of": (f"m_all__{column}",)} for column in ("n", "phd")},
        "out.phd": {"of": ("m_out__n",)},
    }
    # own.female is a part in both directions.
    changed["own.female"] = {"of": ("m_own__n", "m_all__female")}
    table = matrix("1", "m", "all[合计] own[在编] out[编外]", "n[人数] female[其中：女] phd[博士]", changed=changed)
    more = rows_table("2", "show", "budget[预算]: dec2 万元\ncost[投入]: dec2 万元 ; of=budget")
    made = compiled(questionnaire(table, more))
    assert [
        parts_in_words(each, [check for check in made.checks if check.table == each.number])
        for each in made.questionnaire.tables
    ] == [
        "每行：女 应不大于 人数；每列：在编 应不大于 合计；编外·博士 应不大于 编外·人数",
        "每行：投入 应不大于 预算",
    ]


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
