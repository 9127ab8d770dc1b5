"""Reading the directory of an OLE compound file (.doc, .wps, encrypted .docx): the names, and the head of a stream."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA  # sector numbers from here on are marks, no sectors
_ENTRY = 128
_MOST_SECTORS = 4096


class NoOle(ValueError):  # noqa: N818 - names the case
    """Raised when the structure does not hold together."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One storage or stream of the directory."""

    name: str
    stream: bool
    start: int
    size: int


class OleFile:
    """The directory of a compound file; every loop is bounded, whatever the file claims. Raises NoOle."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        file.seek(0)
        header = file.read(512)
        if len(header) < 512 or not header.startswith(SIGNATURE):
            raise NoOle
        shift = struct.unpack_from("<H", header, 30)[0]
        if shift not in {9, 12}:
            raise NoOle
        self._sector = 1 << shift
        self._fat = self._read_fat(header)
        self.entries = self._read_directory(struct.unpack_from("<I", header, 48)[0])

    def names(self) -> frozenset[str]:
        """Return the names of all storages and streams."""
        return frozenset(entry.name for entry in self.entries)

    def head(self, name: str) -> bytes:
        """Return the first sector of a stream, b"" when there is none or it lies among the small ones."""
        for entry in self.entries:
            if entry.name == name and entry.stream and entry.size >= 4096:
                return self._read(entry.start)
        return b""

    def _read(self, sector: int) -> bytes:
        if sector >= _LAST:
            raise NoOle
        self._file.seek((sector + 1) * self._sector)
        data = self._file.read(self._sector)
        if not data:
            raise NoOle
        return data.ljust(self._sector, b"\0")

    def _read_fat(self, header: bytes) -> list[int]:
        sectors = list(struct.unpack_from("<109I", header, 76))
        following = struct.unpack_from("<I", header, 68)[0]
        for _ in range(_MOST_SECTORS):
            if following >= _LAST:
                break
            numbers = struct.unpack(f"<{self._sector // 4}I", self._read(following))
            sectors += numbers[:-1]
            following = numbers[-1]
        fat: list[int] = []
        for sector in sectors[:_MOST_SECTORS]:
            if sector < _LAST:
                fat += struct.unpack(f"<{self._sector // 4}I", self._read(sector))
        return fat

    def _read_directory(self, sector: int) -> tuple[Entry, ...]:
        found: list[Entry] = []
        seen: set[int] = set()
        while sector < _LAST:
            if sector in seen or sector >= len(self._fat) or len(seen) > _MOST_SECTORS:
                raise NoOle
            seen.add(sector)
            data = self._read(sector)
            found += (entry for at in range(0, self._sector, _ENTRY) if (entry := _entry(data[at : at + _ENTRY])))
            sector = self._fat[sector]
        return tuple(found)


def _entry(data: bytes) -> Entry | None:
    length, kind = struct.unpack_from("<HB", data, 64)
    if kind not in {1, 2, 5} or not 2 <= length <= 64:
        return None
    start, size = struct.unpack_from("<II", data, 116)
    return Entry(data[: length - 2].decode("utf-16-le", "replace"), kind == 2, start, size)
