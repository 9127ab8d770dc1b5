"""The newest seal, as receipts print it and backups keep it, and the list of seals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guanshu.portal.models import AuditSeal

# As many digits as a person will copy from paper; 64 bits are out of reach of guessing.
SHORT = 16


@dataclass(frozen=True, slots=True)
class Sealed:
    """One seal; `short` is what is printed."""

    number: int
    at: datetime
    hash: str
    chains: int = 0

    @property
    def short(self) -> str:
        """Return the first digits of the hash in groups of four."""
        digits = self.hash[:SHORT].upper()
        return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def newest_seal() -> Sealed | None:
    """Return the newest seal, None before the first minute is over."""
    row = AuditSeal.objects.defer("heads").order_by("-number").first()
    return Sealed(row.number, row.at, row.hash) if row is not None else None


def seals(before: int | None = None, count: int = 50) -> Sequence[Sealed]:
    """Return the seals below a number (the newest when there is none), newest first."""
    found = AuditSeal.objects.order_by("-number")
    if before is not None:
        found = found.filter(number__lt=before)
    return [
        Sealed(row.number, row.at, row.hash, len(row.heads.get("audit", ())) + len(row.heads.get("saves", ())))
        for row in found[:count]
    ]
