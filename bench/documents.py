"""The printed report of the full form against the bare Typst compile of the same document.

Baseline: `typst.compile` of the same templates with the finished data and the finished codes, in the same process. Ours
also lays out the data, finds the number of pages, signs and draws the codes. Both by turns, each time another report
(Typst remembers what it has laid out, so the same one again would cost nothing); medians. Then a few reports by
WeasyPrint from the same data as HTML (bench/weasy.py), each beside one of ours.

    python bench/documents.py [ROUNDS] [PDFS FOR MEMORY]
"""

import json
import random
import re
import statistics
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

import typst

from guanshu.survey.checks.compiled import Compiled, Context
from guanshu.survey.checks.findings import Finding
from guanshu.survey.definition.answers import Answers
from guanshu.survey.documents.report_pdf import Cover, PageCodes, make_report_pdf, people
from guanshu.survey.documents.report_pdf.document import report_data
from guanshu.survey.documents.report_pdf.fonts import typst_fonts
from guanshu.survey.documents.report_pdf.qr import qr_pictures
from guanshu.survey.documents.report_pdf.typesetting import PrintedCode, main_source, page_codes
from guanshu.survey.loading import load, read_folder
from guanshu.survey.values.base import Kind
from guanshu.survey.workflow.submission import EvaluationLike

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.weasy import page  # noqa: E402
from tests.questionnaires.museum_2022 import FOLDER, consistent  # noqa: E402

TEMPLATES = Path(make_report_pdf.__code__.co_filename).parent
CODES = PageCodes("2022-130600001-V3", "9f3a61c27be0d415" * 4, b"a key for nothing but the bench")
Report = tuple[Answers, EvaluationLike, Cover]
Times = tuple[float, float]
_WEASY_ROUNDS = 5


def report(compiled: Compiled, seed: int) -> Report:
    """Return the full form with other figures in every number, and what a worker has before it prints."""
    draft, q, dice = consistent(), compiled.questionnaire, random.Random(seed)
    for name, text in draft.cells.items():
        if q.cells[name].type.kind is Kind.NUMBER and text:
            draft.cells[name] = str(int(float(text)) + dice.randint(1, 400))
    answers = draft.answers(q)
    # Figures at random make findings at random; the same ones for all keep the number of pages the same.
    evaluation = replace(compiled.evaluate(answers, Context(2022)), findings=findings(compiled))
    at = datetime(2023, 2, 4, tzinfo=UTC)
    cover = Cover("示例市科学技术馆", 2022, CODES.report, at, **people(q, evaluation.values))
    return answers, evaluation, cover


def findings(compiled: Compiled) -> tuple[Finding, ...]:
    """Return a dozen findings, explained."""
    last = consistent()
    last.cells |= dict.fromkeys(("land_area", "exhibits_total", "volunteers", "wechat_fans", "open_days"), "77")
    q = compiled.questionnaire
    found = compiled.evaluate(consistent().answers(q), Context(2022, last=last.answers(q))).findings
    return tuple(replace(finding, explanation="经核实无误，口径与上年一致。") for finding in found[:12])


def ours(compiled: Compiled, given: Report) -> tuple[Times, bytes]:
    """Return wall and processor time of the whole, and the file."""
    answers, evaluation, cover = given
    start, used = perf_counter(), process_time()
    pdf = make_report_pdf(compiled.questionnaire, answers, evaluation, cover, CODES)
    return (perf_counter() - start, process_time() - used), pdf


def bare(compiled: Compiled, given: Report, pages: int) -> Times:
    """Return wall and processor time of Typst alone."""
    answers, evaluation, cover = given
    data = report_data(compiled.questionnaire, answers, evaluation, cover, CODES.content_hash)
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    source = main_source(page_codes([PrintedCode(*[CODES.text(page, pages)] * 2) for page in range(1, pages + 1)]))
    fonts = typst_fonts()
    start, used = perf_counter(), process_time()
    typst.compile(
        source, root=TEMPLATES, font_paths=fonts, sys_inputs=inputs, format="pdf", pdf_standards=["a-2u"], timestamp=0
    )
    return perf_counter() - start, process_time() - used


def weasy(compiled: Compiled, given: Report, pages: int) -> tuple[Times, bytes]:
    """Return wall and processor time of WeasyPrint alone: the HTML and the codes are there before the clock starts."""
    # Here, so that it has no part in the memory that is measured.
    import weasyprint

    answers, evaluation, cover = given
    data = report_data(compiled.questionnaire, answers, evaluation, cover, CODES.content_hash)
    html = page(data, qr_pictures([CODES.text(number, pages) for number in range(1, pages + 1)]))
    start, used = perf_counter(), process_time()
    pdf = weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/a-2u")
    return (perf_counter() - start, process_time() - used), pdf


def against_weasyprint(compiled: Compiled, pages: int) -> None:
    """Print how many times longer WeasyPrint takes."""
    weasy(compiled, report(compiled, 0), pages)
    mine, theirs = [], []
    for seed in range(_WEASY_ROUNDS):
        mine.append(ours(compiled, report(compiled, 5_000 + 2 * seed))[0])
        time, pdf = weasy(compiled, report(compiled, 5_001 + 2 * seed), pages)
        theirs.append(time)
    wall = statistics.median(b[0] / a[0] for a, b in zip(mine, theirs, strict=True))
    work = statistics.median(b[1] / a[1] for a, b in zip(mine, theirs, strict=True))
    print(f"WeasyPrint: {middle(theirs, 0):.2f} s, processor {middle(theirs, 1):.2f} s, {len(pdf) / 1024:.0f} kB")
    print(f"WeasyPrint takes {wall:.1f} times as long, of processor time {work:.1f} (target 5)")


def rss() -> float:
    """Return the resident memory of this process in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def main(rounds: int, many: int) -> None:
    """Print the figures."""
    compiled = load(read_folder(FOLDER))
    before = rss()
    first, pdf = ours(compiled, report(compiled, 0))
    pages = count_pages(pdf)
    mine, theirs = [], []
    for seed in range(1, rounds + 1):
        given = report(compiled, 2 * seed)
        time, pdf = ours(compiled, given)
        mine.append(time)
        # A few figures more or less do not change the number of pages; where they do, the template would refuse.
        theirs.append(bare(compiled, report(compiled, 2 * seed + 1), pages))
    wall = [a[0] / b[0] for a, b in zip(mine, theirs, strict=True)]
    work = [a[1] / b[1] for a, b in zip(mine, theirs, strict=True)]
    print(f"{pages} pages, {len(pdf) / 1024:.0f} kB; first in the process {first[0]:.2f} s")
    print(f"ours: {middle(mine, 0):.3f} s, processor {middle(mine, 1):.3f} s")
    print(f"bare: {middle(theirs, 0):.3f} s, processor {middle(theirs, 1):.3f} s")
    print(f"ratio: {statistics.median(wall):.2f}, of processor time {statistics.median(work):.2f} (target 1.6)")
    for seed in range(many):
        ours(compiled, report(compiled, 10_000 + seed))
    if many:
        print(f"memory: {before:.0f} MB before, {rss():.0f} MB after {many + rounds} PDFs")
    against_weasyprint(compiled, pages)


def middle(times: list[Times], which: int) -> float:
    """Return the median of wall (0) or processor time (1)."""
    return statistics.median(time[which] for time in times)


def count_pages(pdf: bytes) -> int:
    """Return the number of pages as the file itself says it."""
    return int(max(re.findall(rb"/Type/Pages/Count (\d+)", pdf), key=int))


if __name__ == "__main__":
    main(*(int(text) for text in (sys.argv[1:] + ["15", "0"][len(sys.argv) - 1 :])))
