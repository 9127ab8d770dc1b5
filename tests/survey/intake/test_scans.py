"""Scans of our own paper, simulated: what is read from them, and what is seen of seals."""

import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from guanshu.survey.documents.report_pdf import PageCodes, make_report_pdf, read_page_code
from guanshu.survey.intake.scancheck import Code, check_scan
from guanshu.survey.intake.scans import find_red, join_pictures, kinds_of_scan, read_pdf
from guanshu.survey.intake.sheetcodes import Effort, SheetCode, read_codes, without_ink
from guanshu.survey.intake.verdict import Refused
from tests.survey.documents.printing import CODE, HASH, KEY, cover, full, museum
from tests.survey.intake.sealing import sealed_pdf
from tests.survey.intake.simulator import KINDS, PHOTOS, Sheet, count_pages, drawn, simulate

REPORT = CODE.rpartition("-")[0]


@pytest.fixture(scope="module")
def prints(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return the full form's report with bare codes, with addresses, and another museum's."""
    answers, evaluation = full()
    folder, paths = tmp_path_factory.mktemp("prints"), []
    for name, code, site in (
        ("bare", CODE, ""),
        ("address", CODE, "https://sjcj.kejiguan.example.cn/"),
        ("other", "2022-130100001-V3", ""),
    ):
        sheet = cover(museum(), evaluation, report_code=code)
        codes = PageCodes(code, HASH, KEY, site=site)
        paths.append(folder / f"{name}.pdf")
        paths[-1].write_bytes(make_report_pdf(museum().questionnaire, answers, evaluation, sheet, codes))
    return paths


def is_ours(text: str) -> bool:
    return read_page_code(text, {"A": KEY}) is not None


def pages_read(codes: tuple[SheetCode, ...]) -> list[tuple[str, int, int]]:
    """Return report, page and turn of every code of ours on a sheet."""
    found = [(read_page_code(each.text, {"A": KEY}), each.turned) for each in codes]
    return [(code.report, code.page, turned) for code, turned in found if code is not None]


def read(sheet: Sheet, folder: Path) -> list[tuple[str, int, int]]:
    picture, file = folder / "sheet.jpg", folder / "sheet.pdf"
    picture.write_bytes(sheet.jpeg)
    if sheet.kind in PHOTOS:
        return pages_read(join_pictures([picture], file, is_ours).sheets[0].codes)
    Image.open(picture).save(file, "PDF", resolution=sheet.dpi)
    return pages_read(read_pdf(file, is_ours).sheets[0].codes)


@pytest.mark.slow
def test_spoilt_pages_are_read_and_none_is_misread(prints: list[Path], tmp_path: Path) -> None:
    """Two of every kind; all of 400 and more are read in bench/scans.py."""
    came: Counter[str] = Counter()
    for place, kind in enumerate(KINDS):
        for seed in (1, 2):
            pdf = prints[seed % 2]
            page = (place * 5 + seed) % count_pages(pdf) + 1
            sheet = simulate(pdf, page, kind, seed, dpi=0 if kind not in PHOTOS else 150)
            found = read(sheet, tmp_path)
            assert found in ([], [(CODE, page, sheet.turned)]), (kind, seed)
            came[kind] += bool(found)
    assert came.total() >= 2 * len(KINDS) - 1, came


def as_pdf(pages: list[Image.Image], path: Path) -> Path:
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return path


def paper(pdf: Path) -> list[Image.Image]:
    return [drawn(pdf, page, 150) for page in range(1, count_pages(pdf) + 1)]


def codes_of(path: Path) -> Iterator[list[Code]]:
    for sheet in read_pdf(path, is_ours).sheets:
        found = (read_page_code(each.text, {"A": KEY}) for each in sheet.codes)
        yield [Code(code.report, code.page, code.pages, code.data) for code in found if code is not None]


@pytest.mark.slow
def test_a_scan_is_judged_as_it_lies(prints: list[Path], tmp_path: Path) -> None:
    """Shuffled and upside down: accepted; another report's page in place of one: named."""
    pages = paper(prints[1])
    mixed = [page.rotate(180) if place % 3 == 0 else page for place, page in enumerate(pages)]
    mixed[1], mixed[4] = mixed[4], mixed[1]
    both = Image.new("RGB", (pages[0].width * 2, pages[0].height), "white")
    both.paste(mixed[1], (0, 0))
    both.paste(mixed[2], (pages[0].width, 0))
    mixed[1:3] = [both]
    found = list(codes_of(as_pdf(mixed, tmp_path / "mixed.pdf")))
    assert sorted(code.page for code in found[1]) == [3, 5]
    verdict = check_scan(found, report=REPORT, version=3, content_hash=HASH, red=True)
    assert verdict.problems == ()
    assert len(verdict.notes) == 1
    pages[2] = drawn(prints[2], 3, 150)
    found = list(codes_of(as_pdf(pages, tmp_path / "replayed.pdf")))
    with pytest.raises(Refused, match="第 3 张不是本报表的（2022-130100001-V3 的第 3 页）"):
        check_scan(found, report=REPORT, version=3, content_hash=HASH, red=True)


def test_another_code_on_the_page_does_not_end_the_search(prints: list[Path]) -> None:
    """A seal's own code may be read at once, ours only after more attempts."""
    first, finer = drawn(prints[2], 1, 100), drawn(prints[0], 1, 150)
    found = read_codes(first, lambda text: text.startswith(CODE), lambda: finer, Effort())
    assert [(report, page) for report, page, _ in pages_read(found)] == [("2022-130100001-V3", 1), (CODE, 1)]
    found = read_codes(first, is_ours, lambda: finer, Effort())
    assert [report for report, _, _ in pages_read(found)] == ["2022-130100001-V3"]


def test_sheets_that_cannot_be_read_cost_no_more_than_a_scan_may() -> None:
    asked: list[int] = []
    effort, page = Effort(20), page_with(None)

    def finer() -> Image.Image:
        asked.append(1)
        return page

    for _ in range(10):
        assert read_codes(page, is_ours, finer, effort) == ()
    assert effort.left == 0
    assert len(asked) == 2
    # Backs of sheets are passed over at once.
    assert read_codes(Image.new("L", (1240, 1754), 240), is_ours, finer, Effort()) == ()
    assert len(asked) == 2


def test_codes_are_looked_for_only_when_wanted(prints: list[Path]) -> None:
    assert set(read_pdf(prints[0]).pages) == {()}


def page_with(colour: tuple[int, int, int] | None, mode: str = "RGB", places: tuple[int, ...] = (300,)) -> Image.Image:
    page = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle([100, 100, 1100, 130], fill=(20, 20, 20))
    for place in places:
        if colour:
            pen.ellipse([place, 700, place + 250, 950], outline=colour, width=7)
    return page.convert(mode)


@pytest.mark.parametrize(
    ("page", "red"),
    [
        (page_with((200, 40, 50)), True),
        (page_with((200, 40, 50), places=(300, 450)), True),
        # 骑缝章: a strip of a seal at the edge.
        (page_with((200, 40, 50), places=(1190,)), True),
        (page_with((225, 140, 140)), True),
        (page_with((40, 60, 190)), False),
        (page_with(None), None),
        (page_with((200, 40, 50), "L"), None),
        (page_with((200, 40, 50), "L").convert("RGB"), None),
        (page_with((200, 40, 50), "1").convert("L"), None),
    ],
)
def test_red_is_seen_and_gray_cannot_tell(page: Image.Image, red: bool | None) -> None:
    assert find_red(page) is red
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=50)
    assert find_red(Image.open(buffer)) is red


def test_red_and_blue_ink_fades_and_black_does_not() -> None:
    page = Image.new("RGB", (3, 1))
    for place, colour in enumerate(((200, 40, 50), (20, 30, 190), (15, 15, 15))):
        page.putpixel((place, 0), colour)
    assert list(without_ink(page).tobytes()) == [200, 190, 15]


@pytest.mark.parametrize("kind", ["signature", "stamp"])
def test_the_seal_of_an_electronically_sealed_file_is_seen(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed_pdf(kind))
    kinds_of_scan([(path, "报表（已签章）.pdf")])
    found = read_pdf(path)
    assert [sheet.red for sheet in found.sheets] == [True]
    assert found.pages == ((),)
