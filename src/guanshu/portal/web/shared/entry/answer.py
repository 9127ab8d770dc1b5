"""The answer to a save request: what is stored now, and everything on the page that it changes (docs, "Wire")."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.utils import timezone

from guanshu.portal.domain.deciding import Conflict
from guanshu.portal.queries.opened import Opened
from guanshu.portal.web.shared.entry.cells import is_shown, is_typed_here
from guanshu.portal.web.shared.entry.fragments import nav_html, panel_html, progress_html
from guanshu.portal.web.shared.entry.frame import Frame
from guanshu.portal.web.shared.entry.notes import notes_of
from guanshu.portal.web.shared.entry.panel import PanelMaker
from guanshu.portal.web.shared.entry.reading import Reading, address_of, shown_text
from guanshu.survey.definition.model import Cell, Table, TableKind
from guanshu.survey.definition.source import Source

Answer = dict[str, Any]


class Saved(Protocol):
    """What became of a save, whoever's answers it was about: a SaveResult or a FilingSaved."""

    @property
    def saved(self) -> Mapping[str, object]:
        """Return what is stored now, by address."""
        ...

    @property
    def problems(self) -> Mapping[str, str]:
        """Return the sentences about what was not stored."""
        ...

    @property
    def conflicts(self) -> Mapping[str, Conflict]:
        """Return what somebody else stored meanwhile."""
        ...

    @property
    def opened(self) -> Opened:
        """Return the answers after the save."""
        ...


def status_of(result: Saved) -> int:
    """Return the HTTP status: 409 when somebody else was faster anywhere, else 422 when a value cannot be kept."""
    if result.conflicts:
        return 409
    return 422 if result.problems else 200


def make_answer(reading: Reading[Opened], result: Saved, now: datetime) -> Answer:
    """Return the part of the answer that is about the cells of the request."""
    return {
        "at": timezone.localtime(now).strftime("%H:%M:%S"),
        "saves": result.opened.saves,
        "saved": {address: _shown(reading, address, stored) for address, stored in result.saved.items()},
        "problems": dict(result.problems),
        "conflicts": {
            address: {
                **_shown(reading, address, conflict.stored),
                "by": conflict.actor,
                "at": timezone.localtime(conflict.at).strftime("%H:%M") if conflict.at else "",
            }
            for address, conflict in result.conflicts.items()
        },
    }


def _shown(reading: Reading[Opened], address: str, stored: object) -> Answer:
    text, display = reading.show_stored(address, stored)
    return {"stored": stored, "text": text, "display": display}


def about_table(reading: Reading[Opened], table: Table, frame: Frame) -> Answer:
    """Return what else the save changed on the page of a table; `frame` is the page's after it."""
    places = list(_places(reading, table))
    panel = PanelMaker(reading, frame.query).panel(table)
    return {
        "computed": {address: _computed(reading, cell, address) for cell, address in places if not cell.typed},
        "change": dict(_changes(reading, table)) if reading.last_values else {},
        "hidden": [address for cell, address in places if reading.hidden(table, address)],
        "required": {
            address: address in reading.evaluation.required
            for cell, address in places
            if isinstance(cell.required, Source) and is_typed_here(cell)
        },
        "inline": _inline(reading, table, (address for _, address in places)),
        "findings_html": panel_html(panel),
        **about_frame(reading, frame),
    }


def about_frame(reading: Reading[Opened], frame: Frame) -> Answer:
    """Return what changed around a page: the list of tables, the progress."""
    return {
        "applies": {number: state.applies for number, state in reading.evaluation.states.items()},
        "nav_html": nav_html(frame.groups),
        "progress_html": progress_html(frame.state, frame.state_label, frame.complete, frame.asked),
    }


def _places(reading: Reading[Opened], table: Table) -> Iterator[tuple[Cell, str]]:
    """Yield every cell of a table that its page shows, with its address."""
    for cell in table.form_cells:
        if is_shown(cell):
            yield cell, cell.name
    if table.kind is TableKind.ROWS:
        for row in reading.rows(table):
            for cell in table.cells:
                if is_shown(cell):
                    yield cell, address_of(table, cell, row.id)


def _computed(reading: Reading[Opened], cell: Cell, address: str) -> Answer:
    partial = reading.partial(address)
    value = reading.evaluation.values.get(address) if partial is None else partial
    return {"display": shown_text(cell, value) if value is not None else "", "partial": partial is not None}


def _changes(reading: Reading[Opened], table: Table) -> Iterator[tuple[str, Answer]]:
    """Yield the changes from last year that a page shows: of lists and of totals, a matrix has no room for them."""
    if table.kind is TableKind.MATRIX:
        return
    for cell in table.form_cells:
        text, notable = reading.change(cell, cell.name)
        yield cell.name, {"text": text, "notable": notable}


def _inline(reading: Reading[Opened], table: Table, addresses: Iterable[str]) -> Answer:
    notes = notes_of(reading)
    own = (f"{table.number}.na", f"{table.name}.rows", f"{table.name}.none")
    return {
        address: [{"kind": note.kind, "lead": note.lead, "message": note.message} for note in notes[address]]
        for address in (*addresses, *own)
        if address in notes
    }
