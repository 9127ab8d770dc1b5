"""Documents as pictures: PDF through PDFium, Word and Excel through LibreOffice; and how two pictures differ."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageFilter

from guanshu.survey.documents.report_pdf.fonts import SERIF

SOFFICE = shutil.which("soffice")
DPI = 60
# A stroke is dark; it is still there where the other picture has at least a shade.
_DARK, _PALE = 150, 225
Picture = Image.Image
_PACKAGE = "pylopdf_fonts_zh_cn"


def pages(pdf: bytes, wanted: Iterable[int]) -> dict[int, Picture]:
    """Return pictures of these pages (from 1, or from -1 backwards), grey, and of no page that is not there."""
    document = pypdfium2.PdfDocument(pdf)
    found = {}
    for number in wanted:
        place = number - 1 if number > 0 else len(document) + number
        if 0 <= place < len(document):
            found[number] = document[place].render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
    return found


def page_count(pdf: bytes) -> int:
    return len(pypdfium2.PdfDocument(pdf))


def office_pdfs(files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Return every Word and Excel file as LibreOffice prints it; one start for all, with a profile of its own."""
    profile = (folder / "profile").as_uri()
    command = [str(SOFFICE), f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", "pdf"]
    (folder / "in").mkdir()
    for name, data in files.items():
        # blank.docx and blank.xlsx would become the same file.
        (folder / "in" / f"{_stem(name)}{Path(name).suffix}").write_bytes(data)
    sources = sorted(str(path) for path in (folder / "in").iterdir())
    environ = {**os.environ, "LC_ALL": "C.UTF-8", "FONTCONFIG_FILE": str(_fonts(folder))}
    done = subprocess.run(
        [*command, "--outdir", folder / "out", *sources],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=environ,
    )
    assert done.returncode == 0, done.stderr
    assert "Error" not in done.stdout + done.stderr, done.stdout + done.stderr
    return {name: (folder / "out" / f"{_stem(name)}.pdf").read_bytes() for name in files}


def _fonts(folder: Path) -> Path:
    """Return a configuration with one face of our own for every name: pictures do not depend on the system's fonts."""
    spec = find_spec(_PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    path = folder / "fonts.conf"
    path.write_text(
        f'<?xml version="1.0"?><fontconfig><dir>{Path(spec.origin).parent}</dir><cachedir>{folder}/fonts</cachedir>'
        '<match><edit name="family" mode="assign" binding="same">'
        f"<string>{SERIF}</string></edit></match></fontconfig>",
        encoding="utf-8",
    )
    return path


def _stem(name: str) -> str:
    return name.replace(".", "-")


def strangers(approved: Picture, made: Picture, reach: int) -> Picture:
    """Return, white on black, the strokes of either picture that the other has nothing near, `reach` pixels away."""
    if approved.size != made.size:
        made = made.crop((0, 0, *approved.size))
    first, second = _ink(approved, _DARK), _ink(made, _DARK)
    window = 2 * reach + 1
    missing = ImageChops.subtract(first, _ink(made, _PALE).filter(ImageFilter.MaxFilter(window)))
    added = ImageChops.subtract(second, _ink(approved, _PALE).filter(ImageFilter.MaxFilter(window)))
    return ImageChops.lighter(missing, added)


def _ink(picture: Picture, limit: int) -> Picture:
    return picture.point(lambda shade: 255 if shade < limit else 0)


def share(approved: Picture, made: Picture, reach: int) -> float:
    """Return strange strokes in per cent of all strokes of the approved picture."""
    ink = _ink(approved, _DARK).histogram()[255] or 1
    return 100 * strangers(approved, made, reach).histogram()[255] / ink
