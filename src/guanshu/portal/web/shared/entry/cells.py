"""One cell of a page: which input it is, what it shows, what was seen, what stands under it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from guanshu.portal.queries.opened import Opened
from guanshu.portal.web.shared.entry.notes import Note, notes_of
from guanshu.portal.web.shared.entry.reading import YEAR, Reading, address_of, shown_text
from guanshu.survey.definition.answers import Row
from guanshu.survey.definition.model import Cell, Table
from guanshu.survey.values.base import Kind, Value, ValueType
from guanshu.survey.values.choices import ChoiceType, MultiType
from guanshu.survey.values.common import NA_TEXT
from guanshu.survey.values.missing import NA
from guanshu.survey.values.texts import TextType

Widget = Literal["text", "long", "select", "radios", "boxes", "calc", "fixed"]

# Keyboards of phones, by the name of the type; numbers are handled by kind.
_MODES = {"mobile": "tel", "phone": "tel", "email": "email", "url": "url", "postcode": "numeric", "division": "numeric"}
_HINTS = {Kind.DATE: "如 2022-3-15", Kind.MONTH: "如 2022-3"}
_BOOL = (("true", "是"), ("false", "否"))


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select, a radio group or a group of boxes."""

    value: str
    label: str
    chosen: bool
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell as a template needs it. `text` is in the input, `seen` is what is stored (plain text)."""

    address: str
    label: str
    by: str
    widget: Widget
    wire: str
    text: str
    seen: str
    choices: tuple[Choice, ...] = ()
    mode: str = ""
    size: str = ""
    hint: str = ""
    lines: int = 3
    numeric: bool = False
    na: bool = False
    hidden: bool = False
    optional: bool = False
    partial: bool = False
    last: str = ""
    offer: str = ""
    unit: str = ""
    change: str = ""
    notable: bool = False
    tone: str = ""
    notes: tuple[Note, ...] = ()


class CellMaker:
    """Makes the cells of one table for one page."""

    def __init__(self, reading: Reading[Opened], table: Table) -> None:
        self.reading = reading
        self.table = table
        self.notes: Mapping[str, list[Note]] = notes_of(reading)

    def make(self, cell: Cell, row: Row | None = None) -> CellView:
        """Return the view of one cell (of one row)."""
        address = address_of(self.table, cell, row.id if row else "")
        value = self.reading.value(cell, address, row)
        notes = tuple(self.notes.get(address, ()))
        last = self.reading.last(cell) if row is None else None
        change, notable = self.reading.change(cell, address) if row is None else ("", False)
        partial = self.reading.partial(address)
        widget = self._widget(cell, row)
        return CellView(
            address=address,
            label=cell.label,
            by=_named_by(cell, address, row),
            widget=widget,
            wire=_wire(cell.type),
            text=self._text(cell, address, value, partial),
            seen=seen_text(cell.type, value),
            choices=self._choices(cell, address, value) if widget in {"select", "radios", "boxes"} else (),
            mode=_mode(cell),
            size=_size(cell.type),
            hint=_HINTS.get(cell.type.kind, ""),
            numeric=cell.type.kind is Kind.NUMBER,
            na=self._na(cell, address),
            hidden=self.reading.hidden(self.table, address),
            optional=cell.typed and address not in self.reading.evaluation.required,
            partial=partial is not None,
            last=shown_text(cell, last) if last is not None else "",
            offer=seen_text(cell.type, last) if last is not None and is_offered(cell) else "",
            unit=unit_beside(cell),
            change=change,
            notable=notable,
            tone=next((note.tone for note in notes if note.tone), ""),
            notes=notes,
        )

    def _na(self, cell: Cell, address: str) -> bool:
        """Return whether 不适用 is offered here now."""
        return cell.na is True or address in self.reading.na_allowed

    def _widget(self, cell: Cell, row: Row | None) -> Widget:
        if not cell.typed:
            return "calc"
        if not self.reading.editable or is_fixed(cell):
            return "fixed"
        kind = cell.type.kind
        if kind is Kind.BOOL:
            return "select" if row else "radios"
        if kind is Kind.CHOICE:
            return "select"
        if kind is Kind.MULTI:
            return "boxes"
        return "long" if isinstance(cell.type, TextType) and cell.type.lines else "text"

    def _text(self, cell: Cell, address: str, value: Value, partial: Decimal | None) -> str:
        drafted = self.reading.draft.texts.get(address)
        if isinstance(drafted, str):
            return drafted
        if partial is not None:
            return shown_text(cell, partial)
        if value is NA and cell.typed:
            return NA_TEXT
        # Numbers show their separators in the input; dates and texts are shown as they are typed.
        shown = cell.type.kind is Kind.NUMBER or not cell.typed or is_fixed(cell) or not self.reading.editable
        return shown_text(cell, value) if shown else cell.type.to_text(value)

    def _choices(self, cell: Cell, address: str, value: Value) -> tuple[Choice, ...]:
        drafted = self.reading.draft.texts.get(address)
        chosen = _codes(drafted) if drafted is not None else _codes(seen_text(cell.type, value).split("|"))
        options = [Choice(code, label, code in chosen, exclusive) for code, label, exclusive in _options(cell.type)]
        if self._na(cell, address) or NA_TEXT in chosen:
            options.append(Choice(NA_TEXT, NA_TEXT, NA_TEXT in chosen, exclusive=True))
        return tuple(options)


def _named_by(cell: Cell, address: str, row: Row | None) -> str:
    """Return the ids of the elements that name the input: its label, or the heads of its row and column."""
    if row is not None:
        return f"n-{row.id} k-{cell.name}"
    return f"r-{cell.row} k-{cell.column}" if cell.row else f"l-{address}"


def unit_beside(cell: Cell) -> str:
    """Return the unit as it stands beside the label; headings of official lists name their units themselves."""
    return "" if "（" in cell.label and (cell.unit in cell.label or "㎡" in cell.label) else cell.unit


def is_fixed(cell: Cell) -> bool:
    """Return whether the register gives this cell's value, so that nobody types it."""
    return cell.prefill is not None and cell.prefill.source == "register"


def _mode(cell: Cell) -> str:
    """Return the keyboard of phones; `decimal` also tells the script that the cell takes separators."""
    if cell.type.kind is Kind.NUMBER:
        return "numeric" if cell.unit == YEAR else "decimal"
    return _MODES.get(cell.type.name, "")


def is_offered(cell: Cell) -> bool:
    """Return whether last year's answer is offered."""
    return cell.prefill is not None and cell.prefill.source == "last"


def is_typed_here(cell: Cell) -> bool:
    """Return whether the filler types this cell on its table's page."""
    return cell.typed and is_shown(cell) and not is_fixed(cell)


def is_shown(cell: Cell) -> bool:
    """Return whether pages show this cell; files come with the uploads."""
    return cell.type.kind is not Kind.FILE


def _options(kind: ValueType) -> Sequence[tuple[str, str, bool]]:
    if isinstance(kind, ChoiceType | MultiType):
        return [(option.code, option.label, option.exclusive) for option in kind.options]
    return [(code, label, False) for code, label in _BOOL]


def _codes(value: object) -> frozenset[str]:
    if isinstance(value, bool):
        return frozenset({"true" if value else "false"})
    if isinstance(value, list):
        return frozenset(str(item) for item in value if item)
    return frozenset({str(value)} if value else ())


def _wire(kind: ValueType) -> str:
    return {Kind.MULTI: "multi", Kind.BOOL: "bool"}.get(kind.kind, "text")


def seen_text(kind: ValueType, value: Value) -> str:
    """Return the stored value as the hidden field holds it; bool as true/false, because JSON has them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return kind.to_text(value)


def _size(kind: ValueType) -> str:
    """Return the CSS class of the input's width."""
    if kind.kind in {Kind.NUMBER, Kind.DATE, Kind.MONTH, Kind.CHOICE, Kind.BOOL, Kind.MULTI}:
        return f"w-{kind.kind.value}"
    return "w-code" if kind.name in _MODES and kind.name not in {"email", "url"} else "w-text"
