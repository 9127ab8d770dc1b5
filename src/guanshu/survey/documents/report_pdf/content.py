"""What a printed report is made from, besides the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.values.base import Value
from guanshu.survey.values.missing import BLANK, Missing

# 签章页: the pages with room for seals and signatures (cover.typ).
SIGNED_PAGES = (1,)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file at the moment of printing: the cell it belongs to, its official name, bytes, SHA-256 in hexadecimal."""

    cell: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Cover:
    """Who reports, and what the cover says. Empty texts leave room to write by hand.

    `made_at` is the moment of the document, taken from the version: the same version gives the same bytes.
    """

    name: str
    year: int
    report_code: str
    made_at: datetime
    leader: str = ""
    reviewer: str = ""
    filler: str = ""
    phone: str = ""
    reported_on: date | None = None
    attachments: Sequence[Attachment] = ()


def people(questionnaire: Questionnaire, values: Mapping[str, Value]) -> dict[str, str]:
    """Return `leader`, `reviewer`, `filler` and `phone` of the cover, as the form's roles name them."""

    def text(*roles: str) -> str:
        for role in roles:
            cell = questionnaire.cells.get(questionnaire.roles.get(role, ""))
            value = values.get(cell.name, BLANK) if cell is not None else BLANK
            if cell is not None and not isinstance(value, Missing):
                return cell.type.to_display(value)
        return ""

    return {
        "leader": text("leader_name"),
        "reviewer": text("reviewer_name"),
        "filler": text("filler_name"),
        "phone": text("filler_phone", "filler_mobile"),
    }
