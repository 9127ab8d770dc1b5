"""Reports to print, and independent readers of the paper: poppler for texts and fonts, ZXing for codes."""

import re
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import zxingcpp

from guanshu.survey.checks.compiled import Compiled, Context
from guanshu.survey.checks.findings import Evaluation
from guanshu.survey.definition.answers import Answers
from guanshu.survey.documents.report_pdf import Attachment, Cover, PageCodes, make_report_pdf, people
from guanshu.survey.loading import load, read_folder
from tests.questionnaires.museum_2022 import FOLDER, Draft, consistent

KEY = b"a key that signs nothing but pages of tests"
HASH = "9f3a61c27be0d415" * 4
CODE = "2022-130600001-V3"


@cache
def museum() -> Compiled:
    return load(read_folder(FOLDER))


@cache
def france() -> Compiled:
    return load(read_folder(FOLDER.parent / "france-museums"))


def cover(compiled: Compiled, evaluation: Evaluation, **changed: Any) -> Cover:
    made = Cover(
        name="示例市科学技术馆",
        year=2022,
        report_code=CODE,
        made_at=datetime(2023, 2, 4, 3, 5, tzinfo=UTC),
        reported_on=date(2023, 2, 4),
        attachments=(Attachment("annual_summary", "示例市科学技术馆2022年度工作总结.docx", 345_678, HASH),),
        **people(compiled.questionnaire, evaluation.values),
    )
    return replace(made, **changed)


def evaluated(draft: Draft, last: Draft | None = None, **changed: Any) -> tuple[Answers, Evaluation]:
    """Return answers, every finding explained, and what is computed from them."""
    compiled = museum()
    q = compiled.questionnaire
    context = Context(2022, last=last.answers(q) if last else None)
    answers = replace(draft.answers(q), **changed)
    open_ones = [finding for finding in compiled.evaluate(answers, context).findings if finding.open]
    texts = {finding.key: f"第{place}条说明：经核实无误。" for place, finding in enumerate(open_ones, 1)}
    answers = replace(answers, explanations=texts)
    return answers, compiled.evaluate(answers, context)


def printed(answers: Answers, evaluation: Evaluation, compiled: Compiled | None = None, **changed: Any) -> bytes:
    compiled = compiled or museum()
    sheet = cover(compiled, evaluation, **changed)
    return make_report_pdf(compiled.questionnaire, answers, evaluation, sheet, PageCodes(CODE, HASH, KEY))


def full() -> tuple[Answers, Evaluation]:
    """Return the full form of 2022, with findings against another last year."""
    last = consistent()
    last.cells |= {"land_area": "17000.00", "exhibits_total": "150", "volunteers": "40"}
    return evaluated(consistent(), last)


def page_texts(pdf: bytes) -> list[str]:
    """Return each page's text in the order it was drawn, so that a cell's lines stay together, without white space."""
    text = run("pdftotext", "-raw", "-", "-", data=pdf).decode()
    return [squeeze(page) for page in text.split("\f")[:-1]]


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def page_codes(pdf: bytes, dpi: int = 150) -> list[list[str]]:
    """Return the codes that are found on each page when it is printed."""
    pages = run("pdftoppm", "-gray", "-r", str(dpi), "-", data=pdf)
    found = []
    while pages:
        head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", pages)
        assert head is not None
        width, height = int(head[1]), int(head[2])
        end = head.end() + width * height
        picture = memoryview(pages[head.end() : end]).cast("B", shape=[height, width])
        found.append([code.text for code in zxingcpp.read_barcodes(picture)])
        pages = pages[end:]
    return found


def run(*command: str, data: bytes = b"") -> bytes:
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def saved(pdf: bytes, folder: Path) -> str:
    path = folder / "report.pdf"
    path.write_bytes(pdf)
    return str(path)
