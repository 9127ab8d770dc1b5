"""Reading the pages of a scan: QR codes, a hint of a red seal, pictures joined into one PDF.

Only processes of their own import this module (survey.outside): PDFium, Pillow and zxing stay out of the web.
"""

import io
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

from guanshu.survey.intake.images import MOST_PIXELS, check_image
from guanshu.survey.intake.kinds import HEAD, FileKind, kind_of
from guanshu.survey.intake.pdfs import check_pdf
from guanshu.survey.intake.verdict import Refused
from guanshu.survey.intake.zips import office_label

MOST_PAGES = 60
_DPI, _FINER_DPI = 200, 320
_MOST_PIXELS = 4000
_A4_WIDTH, _A4_HEIGHT = 1654, 2339
# A picture of more pixels than any scanner or telephone makes is a bomb.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_RED_SHARE = 0.0004
_PDF_DAMAGED = "PDF 文件已损坏，无法打开；请重新扫描或重新保存为 PDF 后上传。"


@dataclass(frozen=True, slots=True)
class ReadScan:
    """What was read: the texts of all QR codes page by page, and whether the cover seems to have a red seal."""

    pages: tuple[tuple[str, ...], ...]
    red: bool


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


def read_pdf(path: Path, told: Callable[[int, int], object] = _untold) -> ReadScan:
    """Return the codes of a PDF's pages; `told` hears after each page how many of how many are read. Raises Refused."""
    with _opened(path) as document:
        try:
            document.init_forms()
            pages: list[tuple[str, ...]] = []
            for number in range(len(document)):
                pages.append(_codes_of_page(document[number]))
                told(number + 1, len(document))
            return ReadScan(tuple(pages), _is_red(_render(document[0], 50, gray=False)))
        except pdfium.PdfiumError as error:
            raise Refused("damaged", _PDF_DAMAGED) from error


def _codes_of_page(page: pdfium.PdfPage) -> tuple[str, ...]:
    for dpi in (_DPI, _FINER_DPI):
        found = _codes(_render(page, dpi))
        if found:
            return found
    return ()


def _render(page: pdfium.PdfPage, dpi: int, *, gray: bool = True) -> Image.Image:
    scale = min(dpi / 72, _MOST_PIXELS / max(*page.get_size(), 1))
    bitmap = page.render(scale=scale, grayscale=gray)
    # A picture of its own: to_pil() only looks into the bitmap's memory.
    picture: Image.Image = bitmap.to_pil().copy()
    bitmap.close()
    return picture


def _codes(picture: Image.Image) -> tuple[str, ...]:
    found = zxingcpp.read_barcodes(picture, formats=_QR)
    return tuple(dict.fromkeys(code.text for code in found if code.valid))


def _is_red(picture: Image.Image) -> bool:
    """Return whether there is some red: a hint only, grey scans and other inks are normal."""
    small = picture.convert("RGB").resize((300, 424))
    data = small.tobytes()
    red = sum(r > 110 and r - g > 50 and r - b > 40 for r, g, b in zip(data[::3], data[1::3], data[2::3], strict=True))
    return red >= _RED_SHARE * 300 * 424


def join_pictures(paths: Sequence[Path], target: Path, told: Callable[[int, int], object] = _untold) -> ReadScan:
    """Write the pictures as one PDF of A4 pages in the order given; return what was read. Raises Refused.

    told: hears after each picture how many of how many are read.
    """
    if len(paths) > MOST_PAGES:
        raise Refused(
            "too_many_pages", f"一次上传了 {len(paths)} 张图片，最多 {MOST_PAGES} 张；请只上传本报表的扫描页。"
        )
    codes: list[tuple[str, ...]] = []
    red: list[bool] = []
    pictures = _sheets(paths, codes, red, told)
    first = next(pictures)
    # The same pictures give the same bytes: no time, no name of a temporary file.
    fixed = {"creationDate": time.gmtime(0), "modDate": time.gmtime(0), "title": ""}
    first.save(target, "PDF", save_all=True, append_images=pictures, resolution=200, quality=85, **fixed)
    return ReadScan(tuple(codes), red[0])


def _sheets(
    paths: Sequence[Path], codes: list[tuple[str, ...]], red: list[bool], told: Callable[[int, int], object]
) -> Iterator[Image.Image]:
    """Yield the pictures upright and no larger than 200 dpi need; note their codes on the way."""
    for number, path in enumerate(paths, 1):
        try:
            with Image.open(path, formats=("JPEG", "PNG")) as opened:
                picture = ImageOps.exif_transpose(opened).convert("RGB")
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            message = f"第 {number} 张图片已损坏或过大，无法打开；请重新扫描这一页后全部重新上传。"
            raise Refused("damaged", message) from error
        codes.append(_codes_of_picture(picture))
        told(number, len(paths))
        if number == 1:
            red.append(_is_red(picture))
        limit = (_A4_WIDTH, _A4_HEIGHT) if picture.height >= picture.width else (_A4_HEIGHT, _A4_WIDTH)
        picture.thumbnail(limit)
        yield picture


def _codes_of_picture(picture: Image.Image) -> tuple[str, ...]:
    gray = picture.convert("L")
    if max(gray.size) > _MOST_PIXELS:
        gray.thumbnail((_MOST_PIXELS, _MOST_PIXELS))
    return _codes(gray) or _codes(ImageOps.autocontrast(gray, cutoff=2))


def page_picture(path: Path, page: int) -> bytes:
    """Return one page of a PDF as PNG for the screen, page 1 the first. Raises Refused, IndexError."""
    try:
        with closing(pdfium.PdfDocument(path)) as document:
            document.init_forms()
            if not 1 <= page <= len(document):
                raise IndexError(page)
            buffer = io.BytesIO()
            _render(document[page - 1], 110, gray=False).quantize(64).save(buffer, "PNG")
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
