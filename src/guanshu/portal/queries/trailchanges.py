"""The cells a save changed, in words: old and new value; of people only that something changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guanshu.portal import crypto
from guanshu.portal.models import Filing, Report, SaveRecord
from guanshu.portal.queries.figures import MASKED
from guanshu.portal.queries.forms import Form, form
from guanshu.portal.queries.shown import display, name_of
from guanshu.survey.definition.address import Address, UnknownAddress, cell_at

_YES, _NONE, _NA = "是", "（空）", "不适用"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class CellChange:
    """One changed cell."""

    table: str
    label: str
    old: str
    new: str


def forms_of(numbers: Iterable[str]) -> Mapping[str, Form]:
    """Return the questionnaire of each report or filing of these numbers."""
    wanted = set(numbers)
    found: dict[str, int] = dict(Report.objects.filter(number__in=wanted).values_list("number", "questionnaire_id"))
    filings = Filing.objects.filter(number__in=wanted).select_related("campaign")
    found.update((filing.number, filing.questionnaire_id) for filing in filings)
    return {number: form(version) for number, version in found.items()}


def changes_of(save: SaveRecord, found: Form | None) -> Iterator[CellChange]:
    """Yield what a save changed. What cannot be read (an altered record) is said so."""
    for change in save.changes if isinstance(save.changes, list) else ():
        try:
            text, old, new = change
            yield _change(str(text), old, new, found)
        except (TypeError, ValueError, AttributeError, KeyError):
            yield CellChange("", "无法识别的改动", "", "")


def _change(text: str, old: object, new: object, found: Form | None) -> CellChange:
    if found is None:
        return CellChange("", text, "", "")
    try:
        address = found.address(text)
    except UnknownAddress:
        return CellChange("", text, "", "")
    name = name_of(found, address)
    label = f"{name.label}（{name.unit}）" if name.unit else name.label
    return CellChange(name.table, label, _shown(found, address, old), _shown(found, address, new))


def _shown(found: Form, address: Address, stored: Any) -> str:
    if stored is None or stored in ("", []):
        return _NONE
    cell = cell_at(found.compiled.questionnaire, address)
    if crypto.is_encrypted(stored) or (cell is not None and cell.personal):
        return MASKED
    if isinstance(stored, bool):
        return _YES if stored else "否"
    if isinstance(stored, dict):
        return _NA if stored.get("na") else "…"
    if cell is None:
        text = f"{len(stored)} 行" if isinstance(stored, list) else str(stored)
    else:
        text = display(cell, cell.type.from_json(stored))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
