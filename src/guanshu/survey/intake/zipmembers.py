"""Zip archives, read by the standard library with limits."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from guanshu.survey.intake.members import MOST_MEMBERS, MOST_UNPACKED, Listed, Reader
from guanshu.survey.intake.verdict import Refused
from guanshu.survey.intake.zips import PackTooBig, Unreadable, check_layout, name_of, open_zip

_CHUNK = 1 << 16
_DAMAGED = "压缩包已损坏或不完整，无法打开；请重新打包为 zip 后上传。"
_TOO_BIG = "压缩包解开后超过 500 MB；请压缩图片的尺寸，重新打包为 zip 后上传。"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, Unreadable)


@contextmanager
def open_archive(path: Path, head: bytes) -> Iterator["ZipArchive"]:  # noqa: ARG001 - one signature for all kinds
    """Yield the archive. Raises Refused."""
    with path.open("rb") as file:
        try:
            pack = open_zip(file)
        except Unreadable as error:
            raise Refused("damaged", _DAMAGED) from error
        with pack:
            yield ZipArchive(pack, file)


class ZipArchive:
    """The list of a zip and its members' bytes."""

    def __init__(self, pack: zipfile.ZipFile, file: BinaryIO) -> None:
        self._pack, self._file = pack, file
        infos = pack.infolist()
        self.members = tuple(_listed(info) for info in infos[: MOST_MEMBERS + 1])

    def read(self) -> Iterator[tuple[Listed, Reader]]:
        """Yield every member with its bytes; what is left unread is read to the end, to compare checksums."""
        left = MOST_UNPACKED
        with _refusing():
            check_layout(self._pack, self._file, most_unpacked=MOST_UNPACKED)
        for member, info in zip(self.members, self._pack.infolist(), strict=True):
            with _refusing():
                part = self._pack.open(info)
            with part:
                counted = _Counted(part, left)
                yield member, counted
                while counted.read(_CHUNK):
                    pass
                left = counted.left


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except PackTooBig as error:
        raise Refused("too_big_unpacked", _TOO_BIG) from error
    except _BROKEN as error:
        raise Refused("damaged", _DAMAGED) from error


class _Counted:
    """Counts what comes out, whatever the list promised."""

    def __init__(self, part: IO[bytes], left: int) -> None:
        self._part, self.left = part, left

    def read(self, most: int) -> bytes:
        """Return the next bytes. Raises Refused."""
        with _refusing():
            data = self._part.read(most)
            self.left -= len(data)
            if self.left < 0:
                raise PackTooBig
        return data


def _listed(info: zipfile.ZipInfo) -> Listed:
    name = name_of(info)
    link = stat.S_ISLNK(info.external_attr >> 16)
    folder = name.endswith(("/", "\\")) and not info.file_size
    return Listed(name, info.file_size, info.compress_size, folder, bool(info.flag_bits & 1), link)
