"""What pages read of opened answers: typed, computed and last year's values, and what a refused post brought."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property
from typing import Generic, TypeVar, cast

from django.urls import reverse

from guanshu.portal.domain.deciding import Conflict
from guanshu.portal.models import CellComment
from guanshu.portal.queries.files import file_cells
from guanshu.portal.queries.opened import Opened
from guanshu.survey.checks.findings import TableState
from guanshu.survey.definition.address import cell_at, parse_address
from guanshu.survey.definition.answers import Row
from guanshu.survey.definition.model import Cell, Questionnaire, Table
from guanshu.survey.definition.storage import from_stored
from guanshu.survey.values.base import Json, Kind, Value
from guanshu.survey.values.missing import BLANK, NA

# A change of this many percent is shown in amber; what counts as a finding is the questionnaire's business.
NOTABLE_CHANGE = 20
# A calendar year is a number that nobody groups or compares in percent.
YEAR = "年"


AnyOpened_co = TypeVar("AnyOpened_co", bound=Opened, covariant=True)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an ordinary form post brought that could not be saved: shown again with the sentences."""

    texts: Mapping[str, object] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)


NO_DRAFT = Draft()


def address_of(table: Table, cell: Cell, row: str = "") -> str:
    """Return the address of a cell: its name, or `table[row].column` in a rows table."""
    return f"{table.name}[{row}].{cell.name}" if row else cell.name


def shown_text(cell: Cell, value: Value) -> str:
    """Return a value as people read it: a calendar year without separators, everything else as its type shows it."""
    year = cell.unit == YEAR and cell.type.kind is Kind.NUMBER and value is not NA
    return cell.type.to_text(value) if year else cell.type.to_display(value)


@dataclass(frozen=True, slots=True)
class Around:
    """What lies around the values: comments this reader sees, which return is the last, purposes that have a file."""

    comments: tuple[CellComment, ...] = ()
    round: int = 0
    uploaded: frozenset[str] = frozenset()


NOTHING_AROUND = Around()


@dataclass(frozen=True, slots=True)
class Pages:
    """The names of the addresses of these answers' pages: one table (by number), all findings."""

    table: str
    check: str

    def table_url(self, number: str) -> str:
        """Return the address of a table's page."""
        return _table_url(self.table, number)


@cache
def _table_url(name: str, number: str) -> str:
    return reverse(name, args=[number])


class Reading(Generic[AnyOpened_co]):
    """Opened answers as the pages see them: whether this reader may type (`editable`) and comment (`commenting`)."""

    def __init__(
        self,
        opened: AnyOpened_co,
        *,
        pages: Pages,
        editable: bool,
        commenting: bool = False,
        draft: Draft = NO_DRAFT,
        around: Around = NOTHING_AROUND,
    ) -> None:
        self.opened = opened
        self.pages = pages
        self.editable = editable
        self.commenting = commenting
        self.draft = draft
        self.comments = around.comments
        self.round = around.round
        self.uploaded = around.uploaded
        self.evaluation = opened.evaluation
        self.answers = opened.answers

    @property
    def form(self) -> Questionnaire:
        """Return the questionnaire."""
        return self.opened.compiled.questionnaire

    @cached_property
    def todo(self) -> int:
        """Return how many published comments are neither answered nor heeded."""
        return sum(not (comment.draft or comment.settled) for comment in self.comments)

    def rows(self, table: Table) -> tuple[Row, ...]:
        """Return the rows of a rows table, in order."""
        return self.answers.rows.get(table.name, ())

    def value(self, cell: Cell, address: str, row: Row | None = None) -> Value:
        """Return the value shown in a cell: what was typed, or what was computed."""
        if not cell.typed:
            return self.evaluation.values.get(address, BLANK)
        return (row.cells if row else self.answers.cells).get(cell.name, BLANK)

    def partial(self, address: str) -> Decimal | None:
        """Return the sum so far of a total some parts of which are blank."""
        return self.evaluation.partial.get(address)

    def ticked_na(self, table: Table) -> bool:
        """Return whether the whole table is ticked 不适用."""
        return table.number in self.answers.na

    def state(self, number: str) -> TableState:
        """Return the progress of a table; files count, but no evaluation knows of them."""
        state = self.evaluation.states[number]
        asked = self._files.get(number)
        if not asked:
            return state
        missing = tuple(cell.name for cell in asked if cell.name not in self.uploaded)
        return replace(state, required=state.required + len(asked), missing=(*state.missing, *missing))

    @cached_property
    def _files(self) -> Mapping[str, list[Cell]]:
        """Return the file cells that must be given, by table."""
        found: dict[str, list[Cell]] = {}
        for cell in file_cells(self.opened):
            if cell.required is not False:
                found.setdefault(cell.table, []).append(cell)
        return found

    @property
    def na_allowed(self) -> frozenset[str]:
        """Return the addresses where a condition allows 不适用 now."""
        return self.evaluation.na_allowed

    def na_offered(self, table: Table) -> bool:
        """Return whether the tick 不适用 of a table is shown: it is allowed, or was ticked while it was."""
        return table.na is True or f"{table.number}.na" in self.na_allowed or self.ticked_na(table)

    def hidden(self, table: Table, address: str) -> bool:
        """Return whether a cell is not asked: its condition is false, or its table is ticked 不适用 and it may be."""
        if address in self.evaluation.hidden:
            return True
        return self.ticked_na(table) and self.evaluation.values.get(address) is NA

    @cached_property
    def last_values(self) -> Mapping[str, Value]:
        """Return last year's form-level values, computed ones included; empty where there is no last year."""
        return self.opened.last_values

    def last(self, cell: Cell) -> Value:
        """Return last year's value of a form-level cell."""
        return self.last_values.get(cell.name, BLANK)

    def change(self, cell: Cell, address: str) -> tuple[str, bool]:
        """Return the change from last year as text and whether it is large; ("", False) where it makes no sense."""
        now, before = self.value(cell, address), self.last(cell)
        if not isinstance(now, Decimal) or not isinstance(before, Decimal) or before == 0 or cell.unit == YEAR:
            return "", False
        percent = (now - before) * 100 / abs(before)
        shown = percent.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
        sign = "+" if shown > 0 else "−" if shown < 0 else ""
        return f"{sign}{abs(shown):,.1f} %", abs(percent) > NOTABLE_CHANGE

    def show_stored(self, address: str, stored: object) -> tuple[str, str]:
        """Return what is stored at an address as plain text (for an input) and as text for people."""
        parsed = parse_address(self.form, address)
        cell = cell_at(self.form, parsed)
        if cell is None:
            return _plain(stored), _plain(stored)
        value = from_stored(cell.type, cast("Json | None", stored))
        return cell.type.to_text(value), shown_text(cell, value)

    def owner(self, address: str) -> Table | None:
        """Return the table a cell address belongs to."""
        return self.opened.form.owners.get(address.partition("[")[0])


def _plain(stored: object) -> str:
    """Return what is no cell (a tick, an order of rows, an explanation) as the text its hidden field holds."""
    if isinstance(stored, list):
        return " ".join(str(item) for item in stored)
    if isinstance(stored, bool):
        return "true" if stored else ""
    return "" if stored is None else str(stored)
