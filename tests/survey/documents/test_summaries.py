"""The Word templates and the draft, read back with python-docx."""

import io
from decimal import Decimal
from pathlib import Path

import docx
from docx.oxml.ns import qn

from guanshu.survey.documents.summaries import annual_draft, annual_template, free_template
from guanshu.survey.intake.word import check_word
from guanshu.survey.loading import load, read_folder

_FORM = Path(__file__).resolve().parents[3] / "questionnaires/museum-2022"


def headings(data: bytes) -> list[str]:
    return [p.text for p in docx.Document(io.BytesIO(data)).paragraphs if p.style and p.style.name == "Heading 1"]


def test_the_templates_have_the_headings_of_the_notice() -> None:
    assert headings(annual_template("保定市科技馆", 2022)) == [
        "一、工作亮点与成效",
        "二、创新特色案例",
        "三、存在的问题",
        "四、明年工作计划",
    ]
    assert headings(free_template("保定市科技馆", 2022)) == [
        "一、本馆中央补助资金使用情况",
        "二、本馆免费开放运行情况",
        "三、绩效目标完成情况",
        "四、对免费开放工作的意见和建议",
    ]


def test_the_templates_are_chinese_a4_and_always_the_same(tmp_path: Path) -> None:
    data = annual_template("保定市科技馆", 2022)
    assert data == annual_template("保定市科技馆", 2022)
    document = docx.Document(io.BytesIO(data))
    assert document.paragraphs[0].text == "保定市科技馆2022年度工作总结"
    section = document.sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    fonts = {
        name: document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Normal", "Title", "Heading 1")
    }
    assert fonts == {"Normal": "仿宋", "Title": "黑体", "Heading 1": "黑体"}
    (tmp_path / "x.docx").write_bytes(data)
    assert check_word(tmp_path / "x.docx", "x.docx").suffix == ".docx"


def test_the_draft_takes_texts_and_figures_by_role() -> None:
    form = load(read_folder(_FORM)).questionnaire
    role = form.roles
    values = {role["visits"]: Decimal(186523), role["income"]: Decimal("1530.25"), role["highlights"]: "第一段\n第二段"}
    document = docx.Document(io.BytesIO(annual_draft(form, values, "保定市科技馆", 2022)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    at = texts.index("一、工作亮点与成效")
    assert texts[at + 1 : at + 3] == ["第一段", "第二段"]
    assert texts[texts.index("二、创新特色案例") + 1].startswith("（")
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows == [["指标", "计量单位", "数值"], ["到馆观众", "人次", "186,523"], ["收入合计", "万元", "1,530.25"]]
