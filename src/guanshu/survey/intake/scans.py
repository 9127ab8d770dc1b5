"""Reading the sheets of a scan: QR codes, a hint of a red seal, pictures joined into one PDF.

Only processes of their own import this module (survey.outside): PDFium, Pillow and zxing stay out of the web.
"""

import io
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError

from guanshu.survey.intake.images import MOST_PIXELS, check_image
from guanshu.survey.intake.kinds import HEAD, FileKind, kind_of
from guanshu.survey.intake.pdfs import check_pdf
from guanshu.survey.intake.sheetcodes import Effort, SheetCode, read_codes
from guanshu.survey.intake.verdict import Refused
from guanshu.survey.intake.zips import office_label

MOST_PAGES = 60
_DPI, _FINER_DPI, _COARSE_DPI = 200, 320, 50
_MOST_PIXELS = 4000
_A4_WIDTH, _A4_HEIGHT = 1654, 2339
# A picture of more pixels than any scanner or telephone makes is a bomb.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
_SMALL, _RED_SHARE, _COLOUR_SHARE = (300, 424), 0.0004, 0.0002
_PDF_DAMAGED = "PDF 文件已损坏，无法打开；请重新扫描或重新保存为 PDF 后上传。"


Wanted = Callable[[str], bool]
Told = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one sheet of a scan shows: its codes, and whether there is red ink; None when it has no colour at all."""

    codes: tuple[SheetCode, ...]
    red: bool | None


@dataclass(frozen=True, slots=True)
class ReadScan:
    """What was read, sheet by sheet in the order of the scan."""

    sheets: tuple[Sheet, ...]

    @property
    def pages(self) -> tuple[tuple[str, ...], ...]:
        """Return the texts of all QR codes, sheet by sheet."""
        return tuple(tuple(code.text for code in sheet.codes) for sheet in self.sheets)


def _untold(_done: int, _pages: int) -> None:
    """Tell nobody."""


@contextmanager
def _opened(path: Path) -> Iterator[pdfium.PdfDocument]:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Refused("encrypted", "PDF 设有打开密码，无法查看；请去掉密码后重新上传。") from error
        raise Refused("damaged", _PDF_DAMAGED) from error
    with closing(document):
        if not 1 <= len(document) <= MOST_PAGES:
            message = f"扫描件有 {len(document)} 页，最多 {MOST_PAGES} 页；请只上传本报表的盖章扫描件。"
            raise Refused("too_many_pages", message)
        yield document


def count_pages(path: Path) -> int:
    """Return how many pages a PDF has, without drawing any. Raises Refused when it cannot be opened or has too many."""
    with _opened(path) as document:
        return len(document)


def read_pdf(path: Path, wanted: Wanted | None = None, told: Told = _untold) -> ReadScan:
    """Return what a PDF's pages show. Raises Refused.

    wanted: tells the codes that are looked for, None: none are. told: hears after each page how many of how many are
    read.
    """
    with _opened(path) as document:
        try:
            document.init_forms()
            effort, sheets = Effort(), []
            for number in range(len(document)):
                sheets.append(_sheet_of_page(document[number], wanted, effort))
                told(number + 1, len(document))
            return ReadScan(tuple(sheets))
        except pdfium.PdfiumError as error:
            raise Refused("damaged", _PDF_DAMAGED) from error


def _sheet_of_page(page: pdfium.PdfPage, wanted: Wanted | None, effort: Effort) -> Sheet:
    if wanted is None:
        return Sheet((), find_red(_render(page, _COARSE_DPI)))
    picture = _render(page, _DPI)
    return Sheet(read_codes(picture, wanted, lambda: _render(page, _FINER_DPI), effort), find_red(picture))


def _render(page: pdfium.PdfPage, dpi: int) -> Image.Image:
    """Draw a page with its annotations and form fields, where electronic seals are."""
    scale = min(dpi / 72, _MOST_PIXELS / max(*page.get_size(), 1))
    bitmap = page.render(scale=scale)
    # A picture of its own: to_pil() only looks into the bitmap's memory.
    picture: Image.Image = bitmap.to_pil().convert("RGB").copy()
    bitmap.close()
    return picture


def find_red(picture: Image.Image) -> bool | None:
    """Return whether there is some red, None in a picture without colour: a hint only, other inks are normal."""
    if picture.mode == "L":
        return None
    small = picture.convert("RGB").resize(_SMALL, Image.Resampling.BOX)
    red, green, blue = small.split()
    more, most = ImageChops.subtract(red, green), ImageChops.subtract(red, blue)
    reddish = ImageChops.darker(ImageChops.darker(_above(more, 50), _above(most, 40)), _above(red, 110))
    if _share(reddish) >= _RED_SHARE:
        return True
    highest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    lowest = ImageChops.darker(ImageChops.darker(red, green), blue)
    return False if _share(_above(ImageChops.subtract(highest, lowest), 12)) >= _COLOUR_SHARE else None


def _above(gray: Image.Image, limit: int) -> Image.Image:
    return gray.point(lambda value: 255 if value > limit else 0)


def _share(mask: Image.Image) -> float:
    return mask.histogram()[255] / (mask.width * mask.height)


def join_pictures(paths: Sequence[Path], target: Path, wanted: Wanted | None = None, told: Told = _untold) -> ReadScan:
    """Write the pictures as one PDF of A4 pages in the order given; return what they show. Raises Refused.

    told: hears after each picture how many of how many are read.
    """
    if len(paths) > MOST_PAGES:
        raise Refused(
            "too_many_pages", f"一次上传了 {len(paths)} 张图片，最多 {MOST_PAGES} 张；请只上传本报表的扫描页。"
        )
    sheets: list[Sheet] = []
    pictures = _pictures(paths, sheets, wanted, told)
    first = next(pictures)
    # The same pictures give the same bytes: no time, no name of a temporary file.
    fixed = {"creationDate": time.gmtime(0), "modDate": time.gmtime(0), "title": ""}
    first.save(target, "PDF", save_all=True, append_images=pictures, resolution=200, quality=85, **fixed)
    return ReadScan(tuple(sheets))


def _pictures(paths: Sequence[Path], sheets: list[Sheet], wanted: Wanted | None, told: Told) -> Iterator[Image.Image]:
    """Yield the pictures upright and no larger than 200 dpi need; note what they show on the way."""
    effort = Effort()
    for number, path in enumerate(paths, 1):
        try:
            with Image.open(path, formats=("JPEG", "PNG")) as opened:
                picture = ImageOps.exif_transpose(opened).convert("RGB")
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            message = f"第 {number} 张图片已损坏或过大，无法打开；请重新扫描这一页后全部重新上传。"
            raise Refused("damaged", message) from error
        sheets.append(_sheet_of_picture(picture, wanted, effort))
        told(number, len(paths))
        limit = (_A4_WIDTH, _A4_HEIGHT) if picture.height >= picture.width else (_A4_HEIGHT, _A4_WIDTH)
        picture.thumbnail(limit)
        yield picture


def _sheet_of_picture(picture: Image.Image, wanted: Wanted | None, effort: Effort) -> Sheet:
    if wanted is None:
        return Sheet((), find_red(picture))
    seen = picture
    if max(picture.size) > _MOST_PIXELS:
        seen = picture.copy()
        seen.thumbnail((_MOST_PIXELS, _MOST_PIXELS))
    return Sheet(read_codes(seen, wanted, lambda: _enlarged(seen), effort), find_red(picture))


def _enlarged(picture: Image.Image) -> Image.Image:
    """Return the picture half as large again, as far as pictures may be."""
    factor = min(1.5, _MOST_PIXELS / max(picture.size))
    return picture.resize((round(picture.width * factor), round(picture.height * factor)), Image.Resampling.BICUBIC)


def page_picture(path: Path, page: int) -> bytes:
    """Return one page of a PDF as PNG for the screen, page 1 the first. Raises Refused, IndexError."""
    try:
        with closing(pdfium.PdfDocument(path)) as document:
            document.init_forms()
            if not 1 <= page <= len(document):
                raise IndexError(page)
            buffer = io.BytesIO()
            _render(document[page - 1], 110).quantize(64).save(buffer, "PNG")
            return buffer.getvalue()
    except pdfium.PdfiumError as error:
        raise Refused("damaged", _PDF_DAMAGED) from error


def kinds_of_scan(names: Sequence[tuple[Path, str]]) -> FileKind:
    """Return PDF for one PDF, PNG for pictures. Raises Refused for everything else, OFD with its own sentence."""
    kinds = [_kind(path) for path, _ in names]
    if kinds == [FileKind.PDF]:
        check_pdf(*names[0], locked=True)
        return FileKind.PDF
    if kinds and all(kind in {FileKind.JPEG, FileKind.PNG} for kind in kinds):
        for path, name in names:
            check_image(path, name)
        return FileKind.PNG
    for kind, (path, name) in zip(kinds, names, strict=True):
        if kind is FileKind.ZIP and b"OFD.xml" in path.read_bytes()[-65536:]:
            raise Refused("ofd", f"「{name}」是 OFD 文件，系统不能读取；请在版式阅读软件中「另存为 PDF」后上传。")
        if kind is FileKind.EMPTY:
            raise Refused("empty", f"「{name}」是空文件（0 字节），请检查后重新上传。")
        if kind not in {FileKind.PDF, FileKind.JPEG, FileKind.PNG}:
            what = office_label(path) or kind.label
            if kind is FileKind.OTHER:
                what = "无法识别的内容（可能已损坏）"
            message = f"「{name}」是{what}；盖章扫描件请上传一个 PDF 文件，或按页上传 JPG、PNG 图片。"
            raise Refused("wrong_kind", message)
    raise Refused("mixed", "盖章扫描件请上传一个 PDF 文件，或按页上传 JPG、PNG 图片，不要混在一起。")


def _kind(path: Path) -> FileKind:
    with path.open("rb") as file:
        return kind_of(file.read(HEAD))
