"""The fonts of printed documents: the files in two pinned packages, and which characters they hold."""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

SANS, SERIF = "Noto Sans CJK SC", "Noto Serif SC"
_SANS_PACKAGE, _SANS_FILE = "manimgx_fonts_cjk", "NotoSansCJK-VF.otf.ttc"
_SERIF_PACKAGE, _SERIF_FILE = "pylopdf_fonts_zh_cn", "NotoSerifSC-Regular.otf"
# Where the simplified Chinese face stands in the collection.
_SANS_FACE = 2
# Printed by nothing, or by the space of another character.
_BLANK = frozenset("\n\r\t")

Ranges = tuple[tuple[int, int], ...]


@cache
def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        message = f"the font package {package} is not installed"
        raise RuntimeError(message)
    return Path(spec.origin).parent


@cache
def typst_fonts() -> "typst.Fonts":
    """Return the fonts as Typst wants them, read once a process; no font of the system is among them."""
    import typst

    folders = [str(_folder(package)) for package in (_SANS_PACKAGE, _SERIF_PACKAGE)]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


@cache
def covered() -> Ranges:
    """Return the characters that at least one of the two faces can print, as sorted inclusive ranges."""
    sans = _ranges_of(_folder(_SANS_PACKAGE) / _SANS_FILE, _SANS_FACE)
    return _merge([*sans, *_ranges_of(_folder(_SERIF_PACKAGE) / _SERIF_FILE, 0)])


@cache
def _starts() -> tuple[int, ...]:
    return tuple(start for start, _ in covered())


def prints(char: str) -> bool:
    """Return whether the fonts have a glyph for this character."""
    code = ord(char)
    place = bisect_right(_starts(), code) - 1
    return place >= 0 and code <= covered()[place][1]


def printable(text: str) -> str:
    """Return the text with every character that no font has written as 〔U+2A6D6〕.

    Cells refuse most of these; one that came in all the same must not stop a whole report from being printed.
    """
    if text.isascii():
        return text
    return "".join(char if char in _BLANK or prints(char) else f"〔U+{ord(char):04X}〕" for char in text)


def _ranges_of(path: Path, face: int) -> Ranges:
    """Return the ranges of a font file's character map (the full one, format 12)."""
    with path.open("rb") as file:
        start = 0
        if file.read(4) == b"ttcf":
            file.seek(12 + 4 * face)
            (start,) = struct.unpack(">I", file.read(4))
        file.seek(start + 4)
        (tables,) = struct.unpack(">H6x", file.read(8))
        directory = [struct.unpack(">4s4xII", file.read(16)) for _ in range(tables)]
        offset, length = next((place, size) for tag, place, size in directory if tag == b"cmap")
        file.seek(offset)
        data = file.read(length)
    return _merge(_groups(data))


def _groups(data: bytes) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">H", data, 2)
    for index in range(count):
        (offset,) = struct.unpack_from(">I", data, 4 + 8 * index + 4)
        if struct.unpack_from(">H", data, offset)[0] == 12:
            (groups,) = struct.unpack_from(">I", data, offset + 12)
            for start, end, _ in struct.iter_unpack(">III", data[offset + 16 : offset + 16 + 12 * groups]):
                yield start, end
            return


def _merge(ranges: "Iterator[tuple[int, int]] | list[tuple[int, int]]") -> Ranges:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
