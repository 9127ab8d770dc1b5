"""Makes of printed pages what comes back from museums: stamped, scanned, photographed, spoilt.

Pillow and poppler alone; it knows nothing of how codes are read. Everything is drawn by a seed: the same seed, the same
pages. Poppler draws the page at the resolution it is "scanned" at; angles in degrees, lengths in millimetres.
"""

import io
import math
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont

_WHITE = (255, 255, 255)
_MM = 25.4


@dataclass(frozen=True, slots=True)
class Sheet:
    """A simulated sheet: the file as it is uploaded (JPEG), its resolution, and how far it was turned clockwise."""

    kind: str
    jpeg: bytes
    dpi: int
    turned: int


def drawn(pdf: Path, page: int, dpi: int) -> Image.Image:
    """Return a page as the printer puts it on paper."""
    command = ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), "-singlefile", str(pdf)]
    done = subprocess.run(command, capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


def count_pages(pdf: Path) -> int:
    done = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, check=True)
    found = re.search(rb"Pages:\s+(\d+)", done.stdout)
    assert found is not None
    return int(found[1])


def simulate(pdf: Path, page: int, kind: str, seed: int, *, dpi: int = 0) -> Sheet:
    """Return what becomes of a page. `kind` is one of KINDS; dpi 0: drawn by the seed from 150 to 300."""
    dice = Random(f"{kind}/{page}/{seed}")
    dpi = dpi or dice.choice((150, 150, 200, 200, 240, 300))
    spoilt, turned = KINDS[kind](drawn(pdf, page, dpi), dpi, dice)
    quality = dice.randint(30, 80) if kind in {"jpeg", "everything"} else dice.randint(60, 85)
    buffer = io.BytesIO()
    spoilt.save(buffer, "JPEG", quality=quality, dpi=(dpi, dpi))
    return Sheet(kind, buffer.getvalue(), dpi, turned)


Spoilt = tuple[Image.Image, int]


def clean(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    return grain(skewed(paper, dice.uniform(-0.6, 0.6)), dice, 6), 0


def seal(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    """One seal over text, and one that covers an edge of the code or all of it."""
    put_seal(paper, dpi, dice, dice.uniform(0.2, 0.6), dice.uniform(0.3, 0.7))
    x, y = code_place(paper, dpi)
    put_seal(paper, dpi, dice, x + dice.uniform(-0.11, 0.02), y + dice.uniform(-0.08, 0.02))
    return clean(paper, dpi, dice)


def seal_in_gray(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    spoilt, turned = seal(paper, dpi, dice)
    return spoilt.convert("L"), turned


def two_seals(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    x, y = code_place(paper, dpi)
    put_seal(paper, dpi, dice, x - 0.1, y - 0.03)
    put_seal(paper, dpi, dice, x + dice.uniform(-0.05, 0.03), y + dice.uniform(-0.1, -0.04))
    return clean(paper, dpi, dice)


def straddling(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    """骑缝章: a part of a seal at the right edge of the sheet."""
    put_seal(paper, dpi, dice, 1 + dice.uniform(-0.03, 0.03), dice.uniform(0.3, 0.97))
    return clean(paper, dpi, dice)


def turned(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    clockwise = dice.choice((90, 180, 180, 270))
    spoilt, _ = clean(paper, dpi, dice)
    return spoilt.rotate(-clockwise, expand=True), clockwise


def skew(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    return grain(skewed(paper, dice.choice((-1, 1)) * dice.uniform(1.5, 3)), dice, 8), 0


def blur(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    """Out of focus by up to 0.16 mm."""
    spoilt = paper.filter(ImageFilter.GaussianBlur(dice.uniform(0.08, 0.16) * dpi / _MM))
    return clean(spoilt, dpi, dice)


def gray(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    spoilt, turned = clean(paper, dpi, dice)
    return ImageEnhance.Contrast(spoilt.convert("L")).enhance(dice.uniform(0.6, 1)), turned


def bilevel(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    """Black and white alone, as office machines do by themselves."""
    soft = paper.convert("L").filter(ImageFilter.GaussianBlur(0.06 * dpi / _MM))
    limit = dice.randint(95, 190)
    return grain(skewed(soft, dice.uniform(-1, 1)), dice, 10).point(lambda value: 255 if value > limit else 0), 0


def pale(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    """Toner nearly gone, or the lid left open: little contrast."""
    low, high = dice.randint(110, 150), dice.randint(190, 220)
    spoilt = paper.point(lambda value: low + value * (high - low) // 255)
    return grain(skewed(spoilt, dice.uniform(-1, 1)), dice, 10), 0


def noise(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    return grain(skewed(paper, dice.uniform(-1, 1)), dice, dice.randint(40, 90)), 0


def jpeg(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    return clean(paper.filter(ImageFilter.GaussianBlur(0.05 * dpi / _MM)), dpi, dice)


def dirt(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    """Lines of a dirty glass and a pen's strokes, one of them over the code."""
    pen = ImageDraw.Draw(paper)
    x, y = (place * size for place, size in zip(code_place(paper, dpi), paper.size, strict=True))
    for _ in range(3):
        left = dice.uniform(0, paper.width)
        pen.line([(left, 0), (left + 3, paper.height)], fill=(90, 90, 90), width=max(1, dpi // 150))
    far = 9 / _MM * dpi
    ends = [(x - far, y + dice.uniform(-far, far)), (x + far, y + dice.uniform(-far, far))]
    pen.line(ends, fill=(20, 30, 120), width=round(0.6 / _MM * dpi))
    return clean(paper, dpi, dice)


def photo(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    """A telephone above a table: perspective, a curved sheet, a shadow, a background, a little out of focus."""
    return photographed(curved(paper, dice), dpi, dice, bend=0.05), 0


def photo_turned(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    clockwise = dice.choice((90, 180, 270))
    spoilt = photographed(curved(paper, dice), dpi, dice, bend=0.03)
    return spoilt.rotate(-clockwise, expand=True), clockwise


def photo_of_seal(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    x, y = code_place(paper, dpi)
    put_seal(paper, dpi, dice, x + dice.uniform(-0.1, 0), y + dice.uniform(-0.07, 0))
    return photo(paper, dpi, dice)


def everything(paper: Image.Image, dpi: int, dice: Random) -> Spoilt:
    """A seal at the code, pale, skewed, a little out of focus, strongly compressed."""
    x, y = code_place(paper, dpi)
    put_seal(paper, dpi, dice, x + dice.uniform(-0.1, 0), y + dice.uniform(-0.06, 0))
    spoilt = paper.filter(ImageFilter.GaussianBlur(0.07 * dpi / _MM)).point(lambda value: 60 + value * 160 // 255)
    return grain(skewed(spoilt, dice.uniform(-2.5, 2.5)), dice, 20), 0


_SCANNED = (
    clean,
    seal,
    seal_in_gray,
    two_seals,
    straddling,
    turned,
    skew,
    blur,
    gray,
    bilevel,
    pale,
    noise,
    jpeg,
    dirt,
)
_PHOTOGRAPHED = (photo, photo_turned, photo_of_seal)
KINDS: dict[str, Callable[[Image.Image, int, Random], Spoilt]] = {
    each.__name__: each for each in (*_SCANNED, everything, *_PHOTOGRAPHED)
}
PHOTOS = frozenset(each.__name__ for each in _PHOTOGRAPHED)


def code_place(paper: Image.Image, dpi: int) -> tuple[float, float]:
    """Return where the middle of the code is on a page of ours, as parts of width and height."""
    across = 31 if paper.height > paper.width else 33
    return 1 - across / _MM * dpi / paper.width, 1 - 25 / _MM * dpi / paper.height


@cache
def inked(dpi: int, seed: int) -> Image.Image:
    """Return how much ink a round seal of 42 mm leaves where: a ring, a star, characters around, unevenly."""
    dice, size = Random(seed), round(42 / _MM * dpi)
    ink = Image.new("L", (size, size), 0)
    pen, middle = ImageDraw.Draw(ink), size / 2
    pen.ellipse([2, 2, size - 3, size - 3], outline=255, width=round(1.2 / _MM * dpi))
    points = [
        (middle + r * size * math.sin(k * math.pi / 5), middle - r * size * math.cos(k * math.pi / 5))
        for k, r in enumerate((0.17, 0.066) * 5)
    ]
    pen.polygon(points, fill=255)
    font = ImageFont.load_default(size / 9)
    for place in range(12):
        letter = Image.new("L", (size // 7, size // 7), 0)
        ImageDraw.Draw(letter).text((size // 30, 0), dice.choice("KMWHEBXR"), fill=255, font=font)
        angle = -120 + place * 22
        letter = letter.rotate(-angle, expand=True)
        x = middle + 0.36 * size * math.sin(math.radians(angle)) - letter.width / 2
        y = middle - 0.36 * size * math.cos(math.radians(angle)) - letter.height / 2
        ink.paste(255, (round(x), round(y)), letter)
    uneven = Image.frombytes("L", (12, 12), bytes(dice.randint(120, 255) for _ in range(144)))
    return ImageChops.multiply(ink, uneven.resize(ink.size, Image.Resampling.BICUBIC))


def put_seal(paper: Image.Image, dpi: int, dice: Random, x: float, y: float) -> None:
    """Stamp with red ink, which darkens what it covers; x and y are the seal's middle as parts of the sheet."""
    ink = inked(dpi, dice.randint(0, 3)).rotate(dice.uniform(-40, 40), resample=Image.Resampling.BILINEAR)
    corner = (round(x * paper.width - ink.width / 2), round(y * paper.height - ink.height / 2))
    colour = (dice.randint(190, 225), dice.randint(25, 60), dice.randint(35, 70))
    layer = Image.new("RGB", paper.size, _WHITE)
    layer.paste(colour, corner, ink)
    paper.paste(ImageChops.multiply(paper, layer))


def skewed(paper: Image.Image, angle: float) -> Image.Image:
    white = 255 if paper.mode == "L" else _WHITE
    return paper.rotate(angle, resample=Image.Resampling.BILINEAR, fillcolor=white)


def grain(paper: Image.Image, dice: Random, strength: int) -> Image.Image:
    """Add noise of about this many grey levels to either side."""
    one = Image.frombytes("L", paper.size, dice.randbytes(paper.width * paper.height))
    small = one.point(lambda value: value * 2 * strength // 255)
    level = small if paper.mode == "L" else Image.merge("RGB", (small, small, small))
    return ImageChops.add(paper, level, 1, -strength)


def curved(paper: Image.Image, dice: Random) -> Image.Image:
    """Bend the sheet: strips of it are moved up and down along a sine, as of paper that does not lie flat."""
    depth, strips = dice.uniform(0.002, 0.008) * paper.height, 24
    edges = [round(paper.width * k / strips) for k in range(strips + 1)]

    def lift(x: float) -> float:
        return depth * math.sin(math.pi * x / paper.width)

    mesh = [
        (
            (left, 0, right, paper.height),
            (left, lift(left), left, paper.height + lift(left), right, paper.height + lift(right), right, lift(right)),
        )
        for left, right in pairwise(edges)
    ]
    return paper.transform(paper.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR, fillcolor=_WHITE)


def photographed(paper: Image.Image, dpi: int, dice: Random, *, bend: float) -> Image.Image:
    wide, high = round(paper.width * 1.12), round(paper.height * 1.12)
    left, top = wide * 0.05, high * 0.05

    def shifted(x: float, y: float) -> tuple[float, float]:
        return x + dice.uniform(-bend, bend) * paper.width, y + dice.uniform(-bend, bend) * paper.height

    right, bottom = left + paper.width, top + paper.height
    corners = [shifted(*corner) for corner in ((left, top), (right, top), (right, bottom), (left, bottom))]
    table = Image.new("RGB", (wide, high), tuple(dice.randint(60, 150) for _ in range(3)))
    back = _perspective(corners, paper.size)
    args = ((wide, high), Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC)
    table.paste(paper.transform(*args), (0, 0), Image.new("L", paper.size, 255).transform(*args))
    shade = Image.linear_gradient("L").rotate(dice.choice((0, 90, 180, 270))).resize((wide, high))
    darkest = dice.randint(90, 190)
    shade = shade.point(lambda value: darkest + value * (255 - darkest) // 255)
    lit = ImageChops.multiply(table, Image.merge("RGB", (shade, shade, shade)))
    return grain(lit.filter(ImageFilter.GaussianBlur(dice.uniform(0.03, 0.1) * dpi / _MM)), dice, 14)


def _perspective(corners: list[tuple[float, float]], size: tuple[int, int]) -> list[float]:
    """Return the eight numbers that lead from the picture's corners back to the sheet's."""
    wide, high = size
    rows = []
    for (x, y), (u, v) in zip(corners, ((0, 0), (wide, 0), (wide, high), (0, high)), strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for place in range(8):
        pivot = max(range(place, 8), key=lambda k: abs(rows[k][place]))
        rows[place], rows[pivot] = rows[pivot], rows[place]
        rows[place] = [value / rows[place][place] for value in rows[place]]
        for k in range(8):
            if k != place:
                rows[k] = [a - rows[k][place] * b for a, b in zip(rows[k], rows[place], strict=True)]
    return [row[8] for row in rows]
