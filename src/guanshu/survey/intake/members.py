"""What every kind of archive is read as: a list of members, then their bytes in that order, in one pass."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

MOST_BYTES = 200 * 1024 * 1024
MOST_MEMBERS = 2000
MOST_UNPACKED = 500 * 1024 * 1024
MOST_RATIO = 200


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of an archive's list; `packed` is None where it is not known for one member alone."""

    name: str
    size: int
    packed: int | None
    folder: bool
    encrypted: bool
    link: bool


class Reader(Protocol):
    """Reads one member from its beginning."""

    def read(self, most: int) -> bytes:
        """Return the next bytes, at most `most`; b"" at the end."""


class Opened(Protocol):
    """An archive that is open."""

    @property
    def members(self) -> tuple[Listed, ...]:
        """Return the list, at most MOST_MEMBERS + 1 of it."""

    def read(self) -> Iterator[tuple[Listed, Reader]]:
        """Yield every member with its bytes. Raises Refused for what is damaged or larger than it says."""
