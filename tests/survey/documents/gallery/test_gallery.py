"""Every document looks as it did when somebody looked at it and approved it.

`make gallery` writes the approved pictures anew; look at them before they are committed.
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw

from tests.survey.documents.gallery.rendering import SOFFICE, office_pdfs, page_count, pages, share, strangers
from tests.survey.documents.gallery.specimens import SPECIMENS

HERE = Path(__file__).parent
APPROVED = HERE / "approved"
RESULTS = Path(__file__).resolve().parents[4] / "test-results/gallery"
APPROVE = os.environ.get("GALLERY") == "approve"
# How far a stroke may move in pixels, and strange strokes in per cent of all. Our PDFs bring their fonts with them and
# are drawn by one pinned program; other versions of LibreOffice may place a line a little differently.
TOLERANCE = {".pdf": (0, 0.5), ".docx": (1, 3.0), ".xlsx": (1, 3.0)}


def wanted() -> dict[str, tuple[int, list[int]]]:
    """Return of every document how many pages it has (0: it varies) and which are compared, -1 being the last."""
    with (HERE / "pages.csv").open(encoding="utf-8") as file:
        return {
            row["document"]: (int(row["of"] or 0), [*map(int, row["pages"].split())]) for row in csv.DictReader(file)
        }


PAGES = wanted()
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed (tools/system.sh names it)")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    files = {name: make() for name, make in SPECIMENS.items() if not name.endswith(".pdf")}
    return office_pdfs(files, tmp_path_factory.mktemp("office"))


def test_every_document_is_in_the_gallery() -> None:
    assert list(PAGES) == list(SPECIMENS)
    shown = {f"{name}-{page:02}.png" for name, (_, listed) in PAGES.items() for page in listed}
    assert APPROVE or {path.name for path in APPROVED.glob("*.png")} == shown


@pytest.mark.parametrize("name", [name for name in SPECIMENS if name.endswith(".pdf")])
def test_a_pdf_looks_as_approved(name: str) -> None:
    compare(name, SPECIMENS[name]())


@needs_office
@pytest.mark.parametrize("name", [name for name in SPECIMENS if not name.endswith(".pdf")])
def test_an_office_file_looks_as_approved(name: str, office: dict[str, bytes]) -> None:
    compare(name, office[name])


def compare(name: str, pdf: bytes) -> None:
    count, listed = PAGES[name]
    reach, most = TOLERANCE[Path(name).suffix]
    found = pages(pdf, listed)
    broken = []
    for page in listed:
        path = APPROVED / f"{name}-{page:02}.png"
        if APPROVE:
            APPROVED.mkdir(exist_ok=True)
            found[page].save(path, optimize=True)
            continue
        if page not in found:
            broken.append(f"page {page} is gone")
            continue
        approved = Image.open(path)
        strange = share(approved, found[page], reach)
        if strange > most or approved.size != found[page].size:
            shown = _shown(path, approved, found[page], reach)
            broken.append(f"page {page}: {strange:.1f} % of the strokes differ, see {shown}")
    if count and page_count(pdf) != count:
        broken.append(f"{page_count(pdf)} pages instead of {count} (pages.csv)")
    assert not broken, "; ".join([name, *broken, "if it is meant to look so: make gallery"])


def _shown(path: Path, approved: Image.Image, made: Image.Image, reach: int) -> Path:
    """Write the new picture, and the difference in red over a pale one of what was approved."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    made.save(RESULTS / path.name)
    under = approved.point(lambda shade: 128 + shade // 2).convert("RGB")
    under.paste((220, 0, 0), mask=strangers(approved, made, reach))
    place = RESULTS / f"{path.stem}-difference.png"
    under.save(place)
    return place


def lines() -> Iterator[tuple[float, float]]:
    """Yield where words stand on a page as our tables have them."""
    yield from ((20 + 90 * column, 20 + 14 * line) for column in range(5) for line in range(20))


def page(moved: float = 0, columns: int = 5, extra: str = "") -> Image.Image:
    """Return a page with a table of figures."""
    picture = Image.new("L", (496, 340), 255)
    pen = ImageDraw.Draw(picture)
    for x, y in lines():
        if x < 20 + 90 * columns:
            pen.text((x + moved, y), "18,600.00", fill=0)
    pen.text((64, 100), extra, fill=0)
    return picture


def test_strokes_may_move_a_pixel_in_office_files_and_not_in_our_own() -> None:
    for picture in (page(moved=1), ImageChops.offset(page(), 0, 1), page().resize((495, 340)).resize((496, 340))):
        reach, most = TOLERANCE[".docx"]
        assert share(page(), picture, reach) <= most
        reach, most = TOLERANCE[".pdf"]
        assert share(page(), picture, reach) > most


@pytest.mark.parametrize("kind", TOLERANCE)
@pytest.mark.parametrize(
    "broken", [page(columns=4), page(extra="written over the figures" * 3), ImageChops.offset(page(), 0, 5)]
)
def test_a_lost_column_and_words_over_words_are_seen(broken: Image.Image, kind: str) -> None:
    reach, most = TOLERANCE[kind]
    assert share(page(), broken, reach) > most
