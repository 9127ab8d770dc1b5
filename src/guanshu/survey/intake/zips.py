"""Opening a zip without trusting it: layout, encodings of names, streaming with limits."""

import io
import zipfile
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1 << 16
_UTF8_NAME = 0x800
_LOCAL_HEADER = 30


class Unreadable(Exception):  # noqa: N818 - names the case
    """Raised when the archive does not hold together."""


class PackTooBig(Exception):  # noqa: N818 - names the case
    """Raised when more comes out than may."""


def open_zip(file: BinaryIO | Path) -> zipfile.ZipFile:
    """Return the zip. Raises Unreadable."""
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError, IndexError) as error:
        raise Unreadable from error


_OFFICE = {"word/document.xml": "Word 文件", "xl/workbook.xml": "Excel 文件", "ppt/presentation.xml": "PPT 文件"}


def office_label(path: Path) -> str:
    """Return what people call a zip that is an Office document, "" for any other file. Raises nothing."""
    try:
        with open_zip(path) as pack:
            names = set(pack.namelist())
    except Unreadable:
        return ""
    return next((label for part, label in _OFFICE.items() if part in names), "")


def check_layout(pack: zipfile.ZipFile, file: BinaryIO, *, most_unpacked: int) -> None:
    """Refuse what is no plain zip: something in front of it, members that overlap, sums that lie.

    Raises Unreadable, PackTooBig.
    """
    infos = sorted(pack.infolist(), key=lambda info: info.header_offset)
    if sum(info.file_size for info in infos) > most_unpacked:
        raise PackTooBig
    if infos and infos[0].header_offset != 0:
        raise Unreadable
    size = file.seek(0, io.SEEK_END)
    ends = [*(info.header_offset for info in infos), size][1:]
    for info, end in zip(infos, ends, strict=False):
        if info.header_offset + _LOCAL_HEADER + info.compress_size > end:
            raise Unreadable


def read_part(pack: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Return a part of at most `most` bytes. Raises PackTooBig and what zipfile raises."""
    with pack.open(name) as part:
        data = part.read(most + 1)
    if len(data) > most:
        raise PackTooBig
    return data


def drain(pack: zipfile.ZipFile, most: int) -> None:
    """Read every member to its end, so that checksums are compared. Raises PackTooBig and what zipfile raises."""
    left = most
    for info in pack.infolist():
        with pack.open(info) as part:
            while chunk := part.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise PackTooBig


def name_of(info: zipfile.ZipInfo) -> str:
    """Return a member's name as its maker meant it: UTF-8 where declared or valid, else GBK."""
    name = info.orig_filename
    if info.flag_bits & _UTF8_NAME:
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name
