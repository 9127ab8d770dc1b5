"""The printed report: everything is on it, it is the same every time, and nothing a respondent writes can spoil it."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from guanshu.survey.checks.compiled import Context
from guanshu.survey.checks.findings import CheckClass, Evaluation
from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Cell, Table, TableKind
from guanshu.survey.documents.report_pdf import SIGNED_PAGES, PageCode, PageCodes, make_report_pdf, read_page_code
from guanshu.survey.documents.report_pdf.fonts import prints
from guanshu.survey.documents.report_pdf.qr import qr_pictures
from guanshu.survey.values.base import Kind
from guanshu.survey.values.missing import BLANK
from tests.questionnaires.museum_2022 import Draft, consistent
from tests.survey.documents.printing import (
    CODE,
    HASH,
    KEY,
    cover,
    evaluated,
    france,
    full,
    museum,
    page_codes,
    page_texts,
    printed,
    run,
    saved,
    squeeze,
)

FORM = museum().questionnaire
Report = tuple[Answers, Evaluation]
HOSTILE = '#panic("x") $x^2$ \\ *b* _e_ `r` @ref <lab> [c] {d} // c /* e */ = h #sys.inputs &lt; </svg> \\u{41} "%s"'


@pytest.fixture(scope="module")
def report() -> tuple[Answers, Evaluation]:
    return full()


@pytest.fixture(scope="module")
def pdf(report: tuple[Answers, Evaluation]) -> bytes:
    return printed(*report)


@pytest.fixture(scope="module")
def text(pdf: bytes) -> str:
    return "".join(page_texts(pdf))


def _shown(cell: Cell, evaluation: Evaluation, name: str = "") -> str:
    value = evaluation.values.get(name or cell.name, BLANK)
    plain = bool(name) and cell.type.kind in (Kind.DATE, Kind.MONTH)
    years = cell.type.kind is Kind.NUMBER and cell.unit == "年"
    return squeeze(cell.type.to_text(value) if plain or years else cell.type.to_display(value))


def _follows(text: str, label: str, rest: str) -> bool:
    """Return whether label, unit and period are followed by the rest, as in one line of a table."""
    gap = r"(（[^（）]{1,4}）)?△?.{0,9}?" if rest else ""
    return re.search(re.escape(squeeze(label)) + gap + re.escape(rest), text) is not None


@pytest.mark.parametrize("table", FORM.tables, ids=lambda table: table.number)
def test_every_label_stands_with_its_value(table: Table, report: tuple[Answers, Evaluation], text: str) -> None:
    answers, evaluation = report
    assert f"表号：表{table.number}" in text
    assert squeeze(table.title) in text
    assert squeeze(table.note) in text
    for cell in table.form_cells if table.kind is not TableKind.MATRIX else ():
        shown = _shown(cell, evaluation) if cell.type.kind is not Kind.FILE else ""
        assert _follows(text, cell.label, shown), cell.name
    for line in table.rows:
        cells = [table.at[line.name, column.name] for column in table.columns if (line.name, column.name) in table.at]
        assert _follows(text, line.label, "".join(_shown(cell, evaluation) for cell in cells)), line.name
    assert all(squeeze(column.label) in text for column in table.columns)
    for number, row in enumerate(answers.rows.get(table.name, ()), 1):
        shown = [_shown(cell, evaluation, f"{table.name}[{row.id}].{cell.name}") for cell in table.cells]
        assert f"{number}{''.join(shown)}" in text, row


def test_the_cover_says_whose_report_this_is(pdf: bytes) -> None:
    page = page_texts(pdf)[0]
    told = ["已建成开放科技馆基本情况统计表", "2022年度", "馆名：示例市科学技术馆", f"报表编号：{CODE}", "单位盖章"]
    told += ["本单位公章或上级主管单位公章", "单位负责人：赵示例签字：", "审核人：李四签字：", "填报人：张三丰签字："]
    told += [
        "联系电话：0312-5550101",
        "报出日期：2023年2月4日",
        "制定机关：中国科学技术协会",
        "批准或备案文号：",
        "有效期至：",
    ]
    told += ["填报范围：已建成开放科技馆", "报送方式：网上填报", "填报说明", HASH.upper()]
    assert [part for part in told if part not in page] == []


def test_seals_and_signatures_have_room_on_the_signed_pages_alone(pdf: bytes) -> None:
    places = [page for page, text in enumerate(page_texts(pdf), 1) if "单位盖章" in text or "签字：" in text]
    assert tuple(places) == SIGNED_PAGES


def test_every_page_has_header_number_and_code_in_digits(pdf: bytes) -> None:
    pages = page_texts(pdf)
    codes = PageCodes(CODE, HASH, KEY)
    for number, page in enumerate(pages, 1):
        assert page.startswith(f"示例市科学技术馆报表编号：{CODE}")
        assert f"第{number}页共{len(pages)}页" in page
        assert codes.text(number, len(pages)) in page


def test_the_code_of_every_page_is_read_back(pdf: bytes) -> None:
    pages = page_codes(pdf)
    for number, found in enumerate(pages, 1):
        assert len(found) == 1
        read = read_page_code(found[0], {"A": KEY})
        assert read is not None
        assert (read.report, read.page, read.pages, read.data) == (CODE, number, len(pages), HASH[:8].upper())


def test_codes_are_20_mm_wide() -> None:
    template = Path(make_report_pdf.__code__.co_filename).with_name("report.typ").read_text(encoding="utf-8")
    assert 'format: "svg", width: 20mm, height: 20mm' in template


@pytest.mark.parametrize(
    ("site", "held"),
    [
        ("https://sjcj.example.cn/", "HTTPS://SJCJ.EXAMPLE.CN/VERIFY/{code}"),
        ("https://sjcj.example.cn/login/", "HTTPS://SJCJ.EXAMPLE.CN/VERIFY/{code}"),
        ("http://127.0.0.1:8000", "HTTP://127.0.0.1:8000/VERIFY/{code}"),
        # A folder's name has its case.
        ("https://example.cn/Data/", "https://example.cn/Data/verify/{code}"),
        (f"https://{'long' * 20}.example.cn", "{code}"),
        ("https://example.cn/?to=x", "{code}"),
        ("", "{code}"),
    ],
)
def test_the_code_opens_the_site_when_there_is_one(report: Report, site: str, held: str) -> None:
    answers, evaluation = report
    sheet = cover(museum(), evaluation)
    codes = PageCodes(CODE, HASH, KEY, site=site)
    pdf = make_report_pdf(FORM, answers, evaluation, sheet, codes)
    texts, found = page_texts(pdf), page_codes(pdf)
    for number, (text, read) in enumerate(zip(texts, found, strict=True), 1):
        code = codes.text(number, len(texts))
        assert code in text
        assert read == [held.format(code=code)]
        assert read_page_code(read[0], {"A": KEY}) == read_page_code(code, {"A": KEY}) is not None


@pytest.mark.parametrize(
    ("text", "widest"),
    [
        (PageCodes("2022-130600001-V3", HASH, KEY).address(3, 25), 33),
        (PageCodes("2022-130600001-V12", HASH, KEY, site="https://sjcj.kejiguan.cn").address(103, 125), 37),
        (PageCodes("2022-130600001-V12", HASH, KEY, site=f"https://{'l' * 33}.cn").address(103, 125), 41),
        (PageCodes("2022-130600001-V12", HASH, KEY, site="https://kejiguan.example.cn/Data").address(103, 125), 41),
    ],
)
def test_modules_are_large_enough_for_paper(text: str, widest: int) -> None:
    size = re.search(r'viewBox="0 0 (\d+) ', qr_pictures([text])[0])
    assert size is not None
    assert int(size[1]) <= widest


def test_codes_printed_with_bars_are_still_read() -> None:
    """As printed before the codes held addresses: a page of V3, signed then."""
    old = "2022-130600001-V3|4|12|9F3A61C2|A.P6B9905KX368BQVV"
    assert read_page_code(old, {"A": KEY}) == PageCode("2022-130600001-V3", 4, 12, "9F3A61C2", "A")
    assert PageCodes(CODE, HASH, KEY).text(4, 12) == old.replace("|", "/")


@pytest.mark.parametrize("site", ["", "https://sjcj.example.cn"])
def test_a_forged_or_edited_code_is_refused(site: str) -> None:
    code = PageCodes(CODE, HASH, KEY, site=site).address(2, 9)
    assert read_page_code(code, {"A": KEY}) is not None
    assert read_page_code(f" {code}\n", {"A": KEY}) is not None
    edits = [("/2/9", "/3/9"), ("/2/9", "/2/8"), ("-V3", "-V4"), ("2022-", "2021-"), ("9F3A", "9F3B"), ("A.", "B.")]
    edits += [(code[-16:], code[-15:] + code[-16]), (code[-16:], "0" * 16), (code[-17:], ""), (code[-1], "")]
    for old, new in edits:
        assert old in code
        for keys in ({"A": KEY}, {"A": KEY, "B": KEY + b"!"}, {"A": KEY, "B": KEY}):
            assert read_page_code(code.replace(old, new), keys) is None, new
    assert read_page_code(code, {"A": KEY + b"!"}) is None
    assert read_page_code(code, {"B": KEY}) is None
    assert read_page_code("2022-130600001-V3", {"A": KEY}) is None
    later = PageCodes(CODE, HASH, KEY, "K2").text(2, 9)
    assert read_page_code(later, {"A": b"?" * 16, "K2": KEY}) is not None
    assert read_page_code(PageCodes(CODE, HASH, KEY).text(9, 2), {"A": KEY}) is None


def test_a_key_may_be_named_by_letters_that_are_misread() -> None:
    code = PageCodes(CODE, HASH, KEY, "OIL").text(1, 1)
    assert read_page_code(code.replace("/1/1", "/l/I"), {"OIL": KEY}) is not None


@pytest.mark.parametrize("wrong", [{"key": b"short"}, {"report": "2022|1"}, {"content_hash": "xyz"}, {"key_id": ""}])
def test_codes_are_not_made_of_what_cannot_be_read_back(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="page"):
        replace(PageCodes(CODE, HASH, KEY), **wrong)


def test_cover_and_codes_must_be_of_one_report(report: tuple[Answers, Evaluation]) -> None:
    with pytest.raises(ValueError, match="different reports"):
        printed(*report, report_code="2022-130600001-V4")


def test_explanations_stand_beside_their_findings(report: tuple[Answers, Evaluation], text: str) -> None:
    told = [finding for finding in report[1].findings if finding.cls is CheckClass.VERIFY]
    assert len(told) >= 3
    for finding in told:
        assert f"表{finding.table}核实性{squeeze(finding.message)}{squeeze(finding.explanation)}" in text
    hints = [finding for finding in report[1].findings if finding.cls is CheckClass.HINT]
    assert hints
    assert not any(squeeze(hint.message) in text for hint in hints)


def test_attachments_are_listed(text: str) -> None:
    assert (
        f"打印时的附件序号文件名大小SHA-256（前16位）1示例市科学技术馆2022年度工作总结.docx337.6KB{HASH[:16].upper()}"
        in text
    )
    assert "年度工作总结年度示例市科学技术馆2022年度工作总结.docx（见「打印时的附件」）" in text


def test_the_same_report_gives_the_same_bytes(report: tuple[Answers, Evaluation], pdf: bytes) -> None:
    changed = printed(*evaluated(_with(land_area="18601.00")))
    assert printed(*report) == pdf
    assert changed != pdf


def test_fonts_are_embedded_and_every_character_can_be_copied(pdf: bytes, tmp_path: Path) -> None:
    lines = run("pdffonts", saved(pdf, tmp_path)).decode().splitlines()[2:]
    assert len(lines) >= 2
    for line in lines:
        assert re.search(r"\+NotoS(ansCJKsc|erifSC)", line), line
        assert re.search(r"\byes\s+yes\s+yes\s+\d+\s+\d+$", line), line


def test_the_file_says_that_it_is_pdf_a_2u(pdf: bytes) -> None:
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>" in pdf
    assert b"/OutputIntents" in pdf
    assert pdf.startswith(b"%PDF-1.7")


def _with(**cells: str) -> Draft:
    draft = consistent()
    draft.cells |= cells
    return draft


def test_nothing_a_respondent_writes_is_read_as_source() -> None:
    lines = '第一行 #let a = 1\n\n\\ $ \\ * #include "x.typ"\n末行'
    draft = _with(zone=HOSTILE[:100], highlights=HOSTILE + "\n" + lines, address="*" * 90)
    answers, evaluation = evaluated(draft)
    hostile = "".join(page_texts(printed(answers, evaluation, name=f"#a[$*馆] {HOSTILE}", leader="#{1}", phone="`")))
    for part in (HOSTILE[:100], HOSTILE + lines, f"馆名：#a[$*馆]{HOSTILE}", "单位负责人：#{1}", "*" * 90):
        assert squeeze(part) in hostile


def test_rare_characters_are_printed_and_missing_ones_named() -> None:
    draft = _with(zone="〇㛃龘·（）〔甲〕℃㎡")
    answers, _ = evaluated(_with())
    answers = replace(
        answers, cells=answers.cells | {"zone": draft.cells["zone"], "address": "𱍊路 18 号", "director": "好😀"}
    )
    text = "".join(page_texts(printed(answers, museum().evaluate(answers, Context(2022)))))
    assert "〇㛃龘·（）〔甲〕℃㎡" in text
    assert "〔U+3134A〕路18号" in text
    assert "好〔U+1F600〕" in text
    assert all(map(prints, "〇㛃龘·（）a1"))


def test_a_table_may_be_na_or_have_no_rows() -> None:
    number, name = _na_table().number, next(table.name for table in FORM.tables if table.kind is TableKind.ROWS)
    draft = consistent()
    draft.none = {name}
    answers, evaluation = evaluated(draft, na=frozenset({number}))
    text = "".join(page_texts(printed(answers, evaluation)))
    assert re.search(rf"表{number}.{{0,90}}本表不适用（—）", text)
    assert "本年度无" in text


def _na_table() -> Table:
    return next(table for table in FORM.tables if table.na is True)


def test_blank_zero_and_na_differ() -> None:
    draft = _with(daily_capacity="不适用", accidents="0", drills="")
    text = "".join(page_texts(printed(*evaluated(draft))))
    labels = {name: squeeze(FORM.cells[name].label) for name in ("daily_capacity", "accidents", "drills")}
    assert f"{labels['daily_capacity']}人次/日年末—" in text
    assert f"{labels['accidents']}起年度0" in text
    assert re.search(rf"{labels['drills']}次年度(?![0-9—])", text)


def test_tables_that_do_not_apply_are_named_on_the_cover() -> None:
    pages = page_texts(printed(*evaluated(_with(is_free="否"))))
    left_out = [table for table in FORM.tables if table.applies is not True]
    assert left_out
    for table in left_out:
        assert f"表{table.number}《{table.title}》" in pages[0]
        assert f"表号：表{table.number}制定机关" not in "".join(pages)


def test_long_texts_and_many_rows_keep_within_the_pages(tmp_path: Path) -> None:
    draft = _with(
        highlights=("工作亮点" * 30 + "。\n\n") * 20,
        cases="\n".join(["短行"] * 150),
        problems="x" * 2900,
        website="https://a.cn/" + "b" * 80,
    )
    show = draft.rows["temporary"][0]
    draft.rows["temporary"] = [show | {"title": f"第{place}届{'科学与艺术' * (place % 6)}"} for place in range(1, 121)]
    draft.rows["temporary"][3] |= {"title": "W" * 100, "visitors": "1,000,000,000,000", "cost": "999999999999.99"}
    pdf = printed(*evaluated(draft))
    pages = page_texts(pdf)
    text = "".join(pages)
    assert all(f"{place}第{place}届" in text for place in range(5, 121))
    # Broken over pages, with header and footer between the parts.
    assert sum(page.count("x") for page in pages) >= 2900
    assert sum(page.count("短行") for page in pages) == 150
    boxes = run("pdftotext", "-bbox", saved(pdf, tmp_path), "-").decode()
    for page in boxes.split("<page ")[1:]:
        height = float(re.findall(r'height="([0-9.]+)"', page)[0])
        words = re.findall(r'yMax="([0-9.]+)">(短行|x+|W+|第[0-9]+届.*)</word>', page)
        assert all(float(low) < height - 37 / 25.4 * 72 for low, _ in words)
    assert all(len(found) == 1 for found in page_codes(pdf))


def test_headers_are_repeated_on_every_page_of_a_table() -> None:
    draft = consistent()
    show = draft.rows["temporary"][0]
    draft.rows["temporary"] = [show | {"title": f"第{place}展"} for place in range(1, 121)]
    pages = [page for page in page_texts(printed(*evaluated(draft))) if re.search(r"\d第\d+展", page)]
    assert len(pages) > 2
    assert all("序号展览名称来源" in page for page in pages)


def test_another_form_is_printed_the_same_way() -> None:
    compiled = france()
    form = compiled.questionnaire
    answers = Answers(
        cells={"name": "Musée d’Orsay — L’œuvre", "total": Decimal(3270182), "label_date": date(2002, 4, 1)}
    )
    evaluation = compiled.evaluate(answers, Context(2021))
    pages = page_texts(printed(answers, evaluation, compiled, name="Musée d’Orsay", year=2021, attachments=()))
    text = "".join(pages)
    assert "法国博物馆观众人次年报2021年度" in pages[0]
    for cell in form.cells.values():
        assert _follows(text, cell.label, _shown(cell, evaluation)), cell.name
    assert "审核意见及说明无。打印时的附件无。" in text


def test_an_empty_report_is_printed() -> None:
    for compiled in (museum(), france()):
        evaluation = compiled.evaluate(Answers(), Context(2022))
        sheet = cover(compiled, evaluation, reported_on=None, attachments=())
        codes = PageCodes(CODE, HASH, KEY)
        pdf = make_report_pdf(compiled.questionnaire, Answers(), evaluation, sheet, codes)
        assert "年月日" in page_texts(pdf)[0]
