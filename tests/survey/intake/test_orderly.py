"""Sheets put in the report's order and upright; sealed files stay as they are."""

import json
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from guanshu.survey.intake.orderly import ReadSheet, order_of, put_in_order
from guanshu.survey.intake.verdict import Refused
from guanshu.survey.outside.jobs import scan_in_order
from tests.survey.intake.sealing import sealed_pdf


def sheets(*pages: int | tuple[int, ...]) -> list[ReadSheet]:
    return [ReadSheet((page,) if page else ()) if isinstance(page, int) else ReadSheet(page) for page in pages]


@pytest.mark.parametrize(
    ("pages", "order"),
    [
        ((1, 2, 3), [0, 1, 2]),
        ((3, 1, 2), [1, 2, 0]),
        # Behind the page before the gap, wherever that lies.
        ((4, 2, 0, 1), [3, 1, 2, 0]),
        ((0, 3, 2), [0, 2, 1]),
        # In no such place: the gaps are filled one after the other.
        ((4, 1, 3, 0), [1, 3, 2, 0]),
        ((6, 0, 0, 3, 1), [4, 1, 3, 2, 0]),
        # More than gaps: at the end.
        ((0, 0, 3, 2), [0, 3, 2, 1]),
        # Backs of sheets stay behind them when nothing is missing.
        ((2, 0, 1, 0), [2, 3, 0, 1]),
        ((2, 1, 0), [1, 2, 0]),
        ((2, 3, 1, 3, 2), [2, 0, 4, 1, 3]),
        (((3, 4), (1, 2)), [1, 0]),
        ((0, 0), [0, 1]),
    ],
)
def test_sheets_follow_the_pages(pages: tuple[int | tuple[int, ...], ...], order: list[int]) -> None:
    assert order_of(sheets(*pages)) == order


def test_the_last_page_is_missing_when_the_report_has_more() -> None:
    assert order_of(sheets(2, 1, 0), total=3) == [1, 0, 2]
    assert order_of(sheets(0, 2, 0, 1), total=4) == [3, 1, 2, 0]


@given(st.lists(st.integers(0, 9), max_size=15))
def test_no_sheet_is_lost_and_pages_never_fall(pages: list[int]) -> None:
    order = order_of(sheets(*pages))
    assert sorted(order) == list(range(len(pages)))
    read = [pages[place] for place in order if pages[place]]
    assert read == sorted(read)


def shades(path: Path) -> list[tuple[int, str]]:
    """Return each page's shade and where on it the dark bar is."""
    seen = []
    for page in pdfium.PdfDocument(path):
        picture = page.render(scale=0.2).to_pil().convert("L")
        wide, high = picture.size
        sides = {
            "top": (wide // 2, 1),
            "bottom": (wide // 2, high - 2),
            "left": (1, high // 2),
            "right": (wide - 2, high // 2),
        }
        middle = picture.getpixel((wide // 2, high // 2))
        assert isinstance(middle, int)
        seen.append((round(middle / 10) * 10, min(sides, key=lambda side: picture.getpixel(sides[side]))))
    return seen


def scanned(path: Path, *pages: tuple[int, int]) -> Path:
    """Write sheets of a shade, a bar at their head, turned clockwise."""
    made = []
    for shade, turned in pages:
        page = Image.new("L", (420, 600), shade)
        page.paste(0, (0, 0, 420, 60))
        made.append(page.rotate(-turned, expand=True))
    made[0].save(path, "PDF", save_all=True, append_images=made[1:])
    return path


def test_sheets_are_moved_and_turned_upright(tmp_path: Path) -> None:
    source = scanned(tmp_path / "scan.pdf", (130, 180), (110, 90), (120, 270), (140, 0))
    assert [side for _, side in shades(source)] == ["bottom", "right", "left", "top"]
    read = [ReadSheet((3,), 180), ReadSheet((1,), 90), ReadSheet((2,), 270), ReadSheet(())]
    targets = [tmp_path / f"{name}.pdf" for name in "ab"]
    for target in targets:
        assert put_in_order(source, read, target, 4) == ([1, 2, 0, 3], True)
    assert shades(targets[0]) == [(110, "top"), (120, "top"), (130, "top"), (140, "top")]
    again = [ReadSheet((page,), 0) for page in (1, 2, 3)] + [ReadSheet(())]
    assert put_in_order(targets[0], again, tmp_path / "c.pdf") == ([0, 1, 2, 3], False)


def test_the_same_scan_gives_the_same_bytes_at_any_time(tmp_path: Path) -> None:
    source = scanned(tmp_path / "scan.pdf", (120, 0), (110, 0))
    target = tmp_path / "a.pdf"
    put_in_order(source, sheets(2, 1), target)
    data = target.read_bytes()
    assert b"/CreationDate(D:19700101000000" in data
    assert b"/ID[<" + b"0" * 32 + b"><" + b"0" * 32 + b">]" in data


def test_a_sealed_file_stays_as_it_is(tmp_path: Path) -> None:
    source, target = tmp_path / "sealed.pdf", tmp_path / "a.pdf"
    source.write_bytes(sealed_pdf("signature"))
    assert put_in_order(source, [ReadSheet((1,), 180)], target) == ([0], False)
    assert not target.exists()


def test_a_seal_that_is_an_annotation_is_kept(tmp_path: Path) -> None:
    source, target = tmp_path / "stamped.pdf", tmp_path / "a.pdf"
    source.write_bytes(sealed_pdf("stamp"))
    assert put_in_order(source, [ReadSheet((1,), 180)], target) == ([0], True)
    assert b"/Stamp" in target.read_bytes()


def test_what_does_not_fit_or_open_is_said(tmp_path: Path) -> None:
    source = scanned(tmp_path / "scan.pdf", (120, 0), (110, 0))
    with pytest.raises(ValueError, match="3 sheets of a file of 2 pages"):
        put_in_order(source, sheets(1, 2, 3), tmp_path / "a.pdf")
    source.write_bytes(b"%PDF-1.7 cut off")
    with pytest.raises(Refused, match="损坏"):
        put_in_order(source, sheets(1), tmp_path / "a.pdf")


def test_the_job_tells_order_and_whether_a_file_was_made(tmp_path: Path) -> None:
    source, target = scanned(tmp_path / "scan.pdf", (120, 180), (110, 0)), tmp_path / "a.pdf"
    given = {"source": str(source), "sheets": [[[2], 180], [[1], None]], "total": 2, "target": str(target)}
    assert json.loads(scan_in_order(given)) == {"order": [1, 0], "changed": True}
    assert shades(target) == [(110, "top"), (120, "top")]
