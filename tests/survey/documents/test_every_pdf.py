"""Every PDF of ours: fonts that travel with it, characters that can be copied, PDF/A-2u, the same bytes each time."""

import re
from functools import cache
from pathlib import Path

import pytest

from guanshu.survey.documents.report_pdf.fonts import prints
from tests.survey.documents.gallery.specimens import SPECIMENS
from tests.survey.documents.printing import page_texts, run, saved

PDFS = [name for name in SPECIMENS if name.endswith(".pdf")]
# Names and numbers that each must hold exactly as they were given.
SAID = {
    "report.pdf": ("示例市科学技术馆", "张三丰", "0312-5550101", "18,600.00", "0312-5550102转801", "96.40", "自主开发"),
    "blank.pdf": ("已建成开放科技馆基本情况统计表", "场馆建设与设施"),
    "guide.pdf": ("已建成开放科技馆填报指导手册", "2023年2月10日前完成填报"),
    "free-list.pdf": ("河北省科学技术馆520否", "保定市科技馆286.5是"),
    "planned-list.pdf": ("唐山市科学技术馆（新馆）", "12800.50", "3500.25"),
    "construction-list.pdf": ("河北省在建（拟建）科技馆名单", "无"),
    "conversion-list.pdf": ("沧州市原工人文化宫", "沧发改〔2021〕12号", "8000.00"),
    "slips.pdf": ("示例市第7科学技术馆", "B130600007", "Gx7-kiwi-07-Ro"),
}


@cache
def made(name: str) -> bytes:
    return SPECIMENS[name]()


@pytest.mark.parametrize("name", PDFS)
def test_every_font_is_ours_embedded_and_can_be_copied(name: str, tmp_path: Path) -> None:
    lines = run("pdffonts", saved(made(name), tmp_path)).decode().splitlines()[2:]
    assert lines
    for line in lines:
        assert re.search(r"\+NotoS(ansCJKsc|erifSC)", line), line
        # Embedded, a subset, with ToUnicode.
        assert re.search(r"\byes\s+yes\s+yes\s+\d+\s+\d+$", line), line


@pytest.mark.parametrize("name", PDFS)
def test_it_says_that_it_is_pdf_a_2u(name: str, tmp_path: Path) -> None:
    pdf = made(name)
    told = run("pdfinfo", "-meta", saved(pdf, tmp_path)).decode()
    assert "<pdfaid:part>2</pdfaid:part>" in told
    assert "<pdfaid:conformance>U</pdfaid:conformance>" in told
    assert b"/OutputIntents" in pdf
    assert b"/GTS_PDFA1" in pdf
    assert pdf.startswith(b"%PDF-1.7")
    # What the standard forbids.
    assert not any(word in pdf for word in (b"/Encrypt", b"/JavaScript", b"/Launch", b"/EmbeddedFiles"))


@pytest.mark.parametrize("name", PDFS)
def test_names_and_numbers_are_read_out_exactly(name: str) -> None:
    text = "".join(page_texts(made(name)))
    assert [part for part in SAID[name] if part not in text] == []
    # No glyph without a meaning, none from a private area.
    assert not [char for char in set(text) if char == "\ufffd" or "\ue000" <= char <= "\uf8ff"]
    # Typst joins the dots of a table of contents to its words by U+2060, which nobody sees.
    assert [char for char in set(text) - {"\u2060"} if not prints(char)] == []


@pytest.mark.parametrize("name", PDFS)
def test_two_runs_give_the_same_bytes(name: str) -> None:
    assert SPECIMENS[name]() == made(name)
