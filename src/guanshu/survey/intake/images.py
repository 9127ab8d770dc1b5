"""What a JPG or PNG says of its size, and whether something else hangs on it; nothing is decoded."""

import re
import struct
from pathlib import Path

from guanshu.survey.intake.pdfs import is_also_zip
from guanshu.survey.intake.verdict import Refused

# No scanner and no telephone makes more.
MOST_PIXELS = 120_000_000
MOST_SIDE = 30_000
_PNG = b"\x89PNG\r\n\x1a\n"
# Begin of a frame in JPEG: size follows. C4, C8 and CC are tables.
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
_MARKUP = re.compile(rb"<(script|html|svg|iframe|\?php)\b|<!doctype html", re.IGNORECASE)


def check_image(path: Path, name: str) -> None:
    """Raise Refused for a picture that is damaged, larger than any camera makes, or a second kind of file as well."""
    data = path.read_bytes()
    try:
        width, height = _png_size(data) if data.startswith(_PNG) else _jpeg_size(data)
    except (struct.error, IndexError, ValueError) as error:
        raise Refused("damaged", f"图片「{name}」已损坏，无法打开；请重新拍摄或另存后上传。") from error
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise Refused("pixels", f"图片「{name}」的尺寸为 {width}×{height} 像素，超出允许范围；请缩小尺寸后重新上传。")
    if is_also_zip(path) or _MARKUP.search(data):
        raise Refused(
            "polyglot", f"图片「{name}」里夹带了其他内容（网页、脚本或压缩包），没有接收；请另存为新的图片后上传。"
        )


def _png_size(data: bytes) -> tuple[int, int]:
    if data[12:16] != b"IHDR" or b"IEND" not in data[-1024:]:
        raise ValueError("no whole PNG")
    return _sized(*struct.unpack_from(">II", data, 16))


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at < len(data):
        if data[at] != 0xFF:
            raise ValueError("no marker")
        mark = data[at + 1]
        if mark == 0xFF:
            at += 1
        elif mark in _BARE:
            at += 2
        elif mark in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return _sized(width, height)
        elif mark in {0xD9, 0xDA}:
            break
        else:
            at += 2 + max(struct.unpack_from(">H", data, at + 2)[0], 2)
    raise ValueError("no frame")


def _sized(width: int, height: int) -> tuple[int, int]:
    if not width or not height:
        raise ValueError("no size")
    return width, height
