"""The draft of the 自评报告, read back with python-docx, and its charts looked at by size and colour."""

import io
from dataclasses import replace
from decimal import Decimal

import docx
from docx.oxml.ns import qn
from PIL import Image

from guanshu.survey.documents.charts import Bars, make_bars_png
from guanshu.survey.documents.self_evaluation.content import Content, Figure, Line
from guanshu.survey.documents.self_evaluation.report import make_self_evaluation

D = Decimal


def figure(label: str, unit: str, now: str | None, before: str | None = None, change: str | None = None) -> Figure:
    made = [None if text is None else D(text) for text in (now, before, change)]
    return Figure(label, unit, made[0], made[1], 2, 2, made[2], 2)


VISITS = figure("到馆观众", "人次", "734384", "700000", "4.9")
CONTENT = Content(
    unit="河北省",
    office="河北省科协",
    year=2022,
    document_number="冀科协〔2023〕8号",
    due=5,
    exempt=1,
    museums=3,
    free_museums=2,
    rate=D("93.2"),
    all={"visits": replace(VISITS, same=1)},
    free={
        "visits": VISITS,
        "subsidy_allocated": figure("核定", "万元", "1302.21", "1200.00", "8.5"),
        "subsidy_spent": figure("支出", "万元", "1361.03"),
        "edu_people": figure("参加人次", "人次", None),
    },
    lines=(
        Line("保定市科技馆", {"subsidy_allocated": D("286.50"), "subsidy_rate": D("88.0"), "visits": D(9000)}, D(8000)),
        Line("石家庄市科技馆", {"subsidy_allocated": D("1015.71"), "visits": None}, None),
    ),
    levels=(("省/部级", 0, 0), ("地/市级", 3, 2)),
    cities=(("保定市", 1, 1), ("石家庄市", 2, 1)),
    waiting=(("唐山市科技馆", "填报中"),),
    grown=(("保定市科技馆", D(8000), D(9000), D("12.5")),),
    dense=(("保定市科技馆", D("36.2")),),
    dense_by="常设展厅面积",
    goal_heads=("三级指标", "目标值", "完成值"),
    goals=(("全年免费开放天数", "≥300 天", "312 天"),),
    problems=(("保定市科技馆", "展品老化"),),
)


def words(content: Content = CONTENT) -> str:
    return "\n".join(paragraph.text for paragraph in read(content).paragraphs)


def read(content: Content = CONTENT) -> "docx.document.Document":
    return docx.Document(io.BytesIO(make_self_evaluation(content)))


def test_the_headings_are_those_of_the_notice() -> None:
    headings = [p.text for p in read().paragraphs if p.style and p.style.name == "Heading 1"]
    assert headings == [
        "一、全省中央补助资金使用情况",
        "二、全省科技馆免费开放组织实施情况",
        "三、省级绩效目标完成情况",
        "四、发现的主要问题和改进措施",
    ]


def test_sentences_are_filled_with_figures() -> None:
    said = words()
    for text in (
        "冀科协〔2023〕8号",
        "核定中央补助资金1,302.21万元，比上年增长8.5%",
        "执行率为93.2%",
        "共接待到馆观众73.44万人次，比上年增长4.9%",
        "全省全部科技馆共接待观众73.44万人次（两年可比的1座增长4.9%）",
        "地/市级3座（免费开放2座）",
        "保定市科技馆（由8,000人次增至9,000人次，增长12.5%）",
        "按常设展厅面积每平方米接待观众计，较高的有保定市科技馆（36.2人次）",
        "唐山市科技馆（填报中）",
        "保定市科技馆：“展品老化”",
    ):
        assert text in said, text


def test_what_nobody_knows_is_asked_for_and_marked() -> None:
    document = read()
    marked = [run.text for p in document.paragraphs for run in p.runs if run.font.highlight_color is not None]
    assert "【请补充：成文日期】" in marked
    assert "【请补充：数据（人次）】" in marked
    assert all(text.startswith("【请补充") for text in marked)
    assert "【请补充：省级绩效目标" in words(replace(CONTENT, goals=()))


def test_tables_hold_every_museum_and_blank_is_not_zero() -> None:
    funds, visits, years, goals = ([[cell.text for cell in row.cells] for row in table.rows] for table in read().tables)
    assert funds[1][:3] == ["1", "保定市科技馆", "286.50"]
    assert funds[2][2:] == ["1,015.71", "—", "—", "—", "—", "—"]
    assert funds[3] == ["", "合　计", "1,302.21", "—", "—", "1,361.03", "—", "93.2%"]
    assert visits[1][2:5] == ["9,000", "8,000", "12.5%"]
    assert visits[2][2:5] == ["—", "—", "—"]
    assert ["到馆观众", "人次", "734,384", "700,000", "4.9%", "2 / 2"] in years
    assert goals[1] == ["全年免费开放天数", "≥300 天", "312 天"]


def test_two_charts_and_the_same_bytes() -> None:
    document = read()
    assert len(document.inline_shapes) == 2
    assert make_self_evaluation(CONTENT) == make_self_evaluation(Content.from_plain(CONTENT.plain()))
    fonts = {found.get(qn("w:eastAsia")) for style in document.styles for found in style.element.iter(qn("w:rFonts"))}
    assert {"仿宋", "黑体", "楷体", "方正小标宋简体"} <= fonts


def test_a_province_without_any_figure_gets_a_draft() -> None:
    empty = Content("新疆生产建设兵团", "新疆生产建设兵团科协", 2022, "", 0, 0, 0, 0, None, {}, {})
    said = words(empty)
    assert "兵团纳入免费开放范围" in said
    assert not read(empty).tables
    assert Content.from_plain(empty.plain()).plain() == empty.plain()


def test_bars_are_as_long_as_their_figures() -> None:
    chart = Bars("人次", ("2022年", "2021年"), [("甲馆", [D(100), D(50)]), ("乙馆 #x $y", [D(-5), None])])
    picture = make_bars_png(chart)
    assert picture == make_bars_png(chart)
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    assert abs(image.width - 156 / 25.4 * 200) < 3
    dark = [longest(image, line, (31, 95, 168)) for line in range(image.height)]
    pale = [longest(image, line, (169, 196, 226)) for line in range(image.height)]
    assert abs(max(dark) / max(pale) - 2) < 0.05


def longest(image: Image.Image, line: int, colour: tuple[int, int, int]) -> int:
    return sum(image.getpixel((x, line)) == colour for x in range(image.width))
