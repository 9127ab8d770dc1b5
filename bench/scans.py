"""The scan check over simulated pages: how many codes are read, whether any is misread, seconds a page.

Pages of the printed report of the full form, spoilt in every way of tests/survey/intake/simulator.py, at 150 to 300
dpi, half of them with the address of a site in the code, half with the bare code. Scanned ones are pages of PDFs,
photographs are pictures. Baseline: one bare `zxingcpp.read_barcodes` (QR codes only) on the same page drawn in gray at
200 dpi, in the same run.
Processor time of one core; for photographs ours includes joining them into a PDF.

    python bench/scans.py [PAGES OF EACH KIND]
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import pypdfium2
import zxingcpp
from PIL import Image

from guanshu.survey.documents.report_pdf import PageCodes, make_report_pdf, read_page_code
from guanshu.survey.intake.scans import join_pictures, read_pdf

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.survey.documents.printing import CODE, HASH, KEY, cover, full, museum  # noqa: E402
from tests.survey.intake.simulator import KINDS, PHOTOS, Sheet, count_pages, simulate  # noqa: E402

SITES = ("https://sjcj.kejiguan.example.cn/", "")
QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


@dataclass
class Tally:
    """What came of the pages of one kind."""

    pages: int = 0
    ours: int = 0
    bare: int = 0
    misread: int = 0
    upright: int = 0
    seconds: float = 0
    bare_seconds: float = 0

    def add(self, other: "Tally") -> None:
        """Add another kind's."""
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def main(each: int) -> None:
    """Print the figures."""
    whole, at_200 = Tally(), Tally()
    print(f"{'kind':14} pages  ours  bare  misread  turn told  s/page  bare s/page")
    with tempfile.TemporaryDirectory() as folder:
        prints = [print_report(Path(folder), site) for site in SITES]
        for kind in KINDS:
            tally = Tally()
            for place, pdf in enumerate(prints):
                for page, seed in places(pdf, each // 2 + each % 2 * (1 - place)):
                    one = measure(simulate(pdf, page, kind, seed), page, Path(folder))
                    tally.add(one)
            told(kind, tally)
            whole.add(tally)
            at_200.add(measure(simulate(prints[0], 2, kind, 0, dpi=200), 2, Path(folder)))
    told("all", whole)
    told("at 200 dpi", at_200)
    print(f"decoded {whole.ours / whole.pages:.2%} (bare {whole.bare / whole.pages:.2%}), misread {whole.misread}")


def print_report(folder: Path, site: str) -> Path:
    """Print the full form's report with or without the address of a site in its codes."""
    answers, evaluation = full()
    codes = PageCodes(CODE, HASH, KEY, site=site)
    path = folder / f"report-{bool(site)}.pdf"
    form = museum()
    path.write_bytes(make_report_pdf(form.questionnaire, answers, evaluation, cover(form, evaluation), codes))
    return path


def places(pdf: Path, many: int) -> Iterator[tuple[int, int]]:
    """Yield pages and seeds, every page of the report in its turn."""
    pages = count_pages(pdf)
    for place in range(many):
        yield place * 5 % pages + 1, place


def measure(sheet: Sheet, page: int, folder: Path) -> Tally:
    """Read one sheet in both ways."""
    picture, file = folder / "sheet.jpg", folder / "sheet.pdf"
    picture.write_bytes(sheet.jpeg)
    begin = process_time()
    if sheet.kind in PHOTOS:
        read = join_pictures([picture], file, is_ours)
    else:
        Image.open(picture).save(file, "PDF", resolution=sheet.dpi)
        begin = process_time()
        read = read_pdf(file, is_ours)
    middle = process_time()
    bare = bare_codes(sheet, file)
    end = process_time()
    found = [(read_page_code(code.text, {"A": KEY}), code.turned) for code in read.sheets[0].codes]
    pages = [code.page for code, _ in found if code is not None]
    return Tally(
        pages=1,
        ours=pages == [page],
        bare=page in [code.page for text in bare if (code := read_page_code(text, {"A": KEY})) is not None],
        misread=len([other for other in pages if other != page]),
        upright=any(turned == sheet.turned for code, turned in found if code is not None),
        seconds=middle - begin,
        bare_seconds=end - middle,
    )


def is_ours(text: str) -> bool:
    """Return whether a code is one of ours."""
    return read_page_code(text, {"A": KEY}) is not None


def bare_codes(sheet: Sheet, file: Path) -> list[str]:
    """Return what zxing-cpp alone finds on the page, drawn at 200 dpi, or on the photograph."""
    if sheet.kind in PHOTOS:
        picture = Image.open(io.BytesIO(sheet.jpeg)).convert("L")
        return [code.text for code in zxingcpp.read_barcodes(picture, formats=QR)]
    with closing(pypdfium2.PdfDocument(file)) as document:
        picture = document[0].render(scale=200 / 72, grayscale=True).to_pil()
        return [code.text for code in zxingcpp.read_barcodes(picture, formats=QR)]


def told(kind: str, tally: Tally) -> None:
    """Print a line."""
    seconds, bare = tally.seconds / tally.pages, tally.bare_seconds / tally.pages
    print(
        f"{kind:14} {tally.pages:5} {tally.ours:5} {tally.bare:5} {tally.misread:8} {tally.upright:10}"
        f" {seconds:7.3f} {bare:8.3f}",
        flush=True,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 26)
