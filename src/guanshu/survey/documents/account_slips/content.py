"""What slips say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Slip:
    """One account: whose it is, what for, and the password that is shown here and nowhere else."""

    office: str
    role: str
    account: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SlipSheet:
    """All slips of one handing out. `unit` gives them out, `to` gets them; `until` is the last day of the passwords."""

    title: str
    unit: str
    to: str
    site: str
    until: str
    at: datetime
    notes: tuple[str, ...]
    slips: tuple[Slip, ...] = field(repr=False)

    @classmethod
    def from_plain(cls, given: Mapping[str, Any]) -> "SlipSheet":
        """Return the sheet of plain JSON data."""
        return cls(
            title=given["title"],
            unit=given["unit"],
            to=given["to"],
            site=given["site"],
            until=given["until"],
            at=datetime.fromisoformat(given["at"]),
            notes=tuple(given["notes"]),
            slips=tuple(Slip(**each) for each in given["slips"]),
        )
