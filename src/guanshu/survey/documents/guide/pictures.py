"""The guide's pictures of the screens: pictures/ holds them, pictures.csv says how each is taken and what it shows."""

import csv
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("pictures.csv")
FOLDER = Path(__file__).with_name("pictures")
# Pixels of a picture to one of the screen: sharp on paper and on fine screens.
SCALE = 1.5


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its file below pictures/, its size on the screen in pixels, what is written below and said aloud."""

    file: str
    width: int
    height: int
    caption: str
    alt: str


def pictures_of(step: str) -> tuple[Picture, ...]:
    """Return the pictures that go with a step, named by the words that stand out before it."""
    return tuple(picture for of, picture in _all() if of == step)


@cache
def _all() -> tuple[tuple[str, Picture], ...]:
    """Return every picture with its step; the files change with a release only."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple((row["step"], _picture(row)) for row in csv.DictReader(file))


def _picture(row: dict[str, str]) -> Picture:
    name = f"{row['picture']}.png"
    with (FOLDER / name).open("rb") as file:
        # A PNG's first chunk, IHDR, begins with width and height.
        width, height = struct.unpack(">II", file.read(24)[16:])
    return Picture(name, round(width / SCALE), round(height / SCALE), row["caption"], row["alt"])
