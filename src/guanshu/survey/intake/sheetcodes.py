"""The QR codes on the picture of a sheet, however it was scanned: as it is first, then prepared in other ways."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import zxingcpp
from PIL import Image, ImageChops, ImageFilter

_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
# Between ink (0) and paper (1): where a gray seal is taken for paper, but the code's modules are not.
_LIMITS = (0.33, 0.42, 0.25, 0.52)
_INK, _PAPER = 0.005, 0.6
# A code's modules are 0.3 % of a sheet. Where fewer pixels are darker than the paper, there is none.
_SPECK, _BLANK = 0.001, 30
_SHARP, _SHARPER = ImageFilter.UnsharpMask(3, 200, 0), ImageFilter.UnsharpMask(5, 300, 0)
Finer = Callable[[], Image.Image]


@dataclass(frozen=True, slots=True)
class SheetCode:
    """A code's text, and how far the picture shows it turned clockwise: 0, 90, 180 or 270 degrees."""

    text: str
    turned: int


@dataclass(slots=True)
class Effort:
    """How many of the slower attempts a whole scan may still cost: sixty unreadable sheets must end, too."""

    left: int = 120


def read_codes(
    picture: Image.Image, wanted: Callable[[str], bool], finer: Finer, effort: Effort
) -> tuple[SheetCode, ...]:
    """Return the codes of a sheet, each text once; more is tried until one is wanted (a signature that holds).

    picture: gray or RGB, about 200 dpi. finer: gives the sheet again with more pixels; asked only when needed.
    effort: used up by sheets that are hard to read.
    """
    found: dict[str, SheetCode] = {}
    for attempt in _attempts(picture, finer, effort):
        for code in zxingcpp.read_barcodes(attempt, formats=_QR):
            if code.valid:
                found.setdefault(code.text, SheetCode(code.text, round(code.orientation / 90) * 90 % 360))
        if any(map(wanted, found)):
            break
    return tuple(found.values())


def _attempts(picture: Image.Image, finer: Finer, effort: Effort) -> Iterator[Image.Image]:
    """Yield the sheet ever otherwise, what helps most sheets first (bench/scans.py)."""
    gray = without_ink(picture)
    yield gray
    if _tone(gray, _PAPER) - _tone(gray, _SPECK) < _BLANK:
        return
    for limit in _LIMITS[:3]:
        yield _split(gray, limit)
    slower = _slower(picture, gray, finer)
    while effort.left > 0 and (attempt := next(slower, None)) is not None:
        effort.left -= 1
        yield attempt


def _slower(picture: Image.Image, gray: Image.Image, finer: Finer) -> Iterator[Image.Image]:
    large = without_ink(finer())
    yield large.filter(_SHARPER)
    yield gray.filter(_SHARP)
    yield large
    yield large.filter(ImageFilter.MedianFilter(3))
    for limit in _LIMITS:
        yield _split(large, limit)
    yield gray.filter(ImageFilter.MedianFilter(3))
    if picture.mode != "L":
        yield picture.convert("L")


def without_ink(picture: Image.Image) -> Image.Image:
    """Return the sheet in gray, red and blue ink faded: what a seal or a pen put over a code."""
    if picture.mode == "L":
        return picture
    return ImageChops.lighter(picture.getchannel("R"), picture.getchannel("B"))


def _split(gray: Image.Image, limit: float) -> Image.Image:
    """Return black and white, split at a part of the way from the ink's darkness to the paper's."""
    ink, paper = _tone(gray, _INK), _tone(gray, _PAPER)
    level = ink + (paper - ink) * limit
    return gray.point(lambda value: 255 if value > level else 0)


def _tone(gray: Image.Image, share: float) -> int:
    """Return the tone that this share of the pixels does not exceed."""
    left = gray.width * gray.height * share
    for tone, count in enumerate(gray.histogram()):
        left -= count
        if left <= 0:
            return tone
    return 255
