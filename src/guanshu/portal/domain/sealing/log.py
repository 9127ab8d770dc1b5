"""seals.log: every seal once more, one line each, in a file outside the database (GUANSHU_SEALS).

Whoever rewrites the database with fresh hashes would have to rewrite this file too; it belongs where only the system's
account may append, or on another machine.
"""

import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from guanshu.portal.models import AuditSeal

_log = logging.getLogger(__name__)
_LINE = re.compile(r"(\d{1,9}) ([0-9a-f]{64}) (\S{10,40})")
# A line has 100 bytes; the last ones are enough to know where to go on.
_TAIL = 4096


@dataclass(frozen=True, slots=True)
class LoggedSeal:
    """One line of the file."""

    number: int
    hash: str


def log_path() -> Path:
    """Return where the file lies."""
    return Path(str(settings.GUANSHU_SEALS))


def read_log() -> Iterator[LoggedSeal]:
    """Yield the seals of the file; lines that are none are left out (`verify-audit` counts them by their numbers)."""
    try:
        with log_path().open(encoding="ascii", errors="replace") as file:
            for line in file:
                if found := _LINE.match(line):
                    yield LoggedSeal(int(found[1]), found[2])
    except FileNotFoundError:
        return


def write_log() -> None:
    """Append the seals that the file does not have yet; a place that cannot be written to is logged, no more."""
    path = log_path()
    missing = AuditSeal.objects.filter(number__gt=_last_number(path)).order_by("number")
    lines = [f"{row.number} {row.hash} {row.at.isoformat()}\n" for row in missing.defer("heads").iterator(500)]
    if not lines:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="ascii") as file:
            file.write("".join(lines))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        _log.error("seals.log cannot be written: %s", error.strerror)


def _last_number(path: Path) -> int:
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _TAIL))
            text = file.read().decode("ascii", "replace")
    except OSError:
        return 0
    return max((int(found[1]) for found in _LINE.finditer(text)), default=0)
