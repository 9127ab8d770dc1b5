"""Last year's answers of the same museum or province, read with their own form and told under this year's names."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from guanshu.portal.models import Campaign, Report
from guanshu.portal.queries.forms import Form, form
from guanshu.portal.queries.memory import Memory
from guanshu.portal.queries.prefills import with_register
from guanshu.portal.queries.stored import read_stored
from guanshu.survey.checks.compiled import Context
from guanshu.survey.definition.answers import Answers, Row
from guanshu.survey.definition.model import Cell, TableKind
from guanshu.survey.values.base import Kind, Option, Value
from guanshu.survey.values.missing import BLANK, Missing

_memory: Memory[tuple[str, str, int, int], Answers] = Memory(500)


def last_answers(report: Report, this: Form) -> Answers | None:
    """Return last year's values, computed ones included, under the names of this year's form; None if there are none.

    `report` comes from access.reports(): it names last year's report and its head, so that what is kept in memory is
    never older than the database.
    """
    last_id: int | None = getattr(report, "last_id", None)
    if last_id is None:
        return None
    head: str = getattr(report, "last_head", "") or ""
    free = bool(getattr(report, "free_last_year", False))
    key = (report.number, head, int(free), this.version_id)
    known = _memory.get(key) if head else None
    if known is None:
        last = Report.objects.select_related("museum", "campaign").get(pk=last_id)
        known = _told_anew(last, this, free=free)
        if head and last.head == head:
            _memory.put(key, known)
    return known


def numbers(params: Mapping[str, object]) -> dict[str, Decimal | bool]:
    """Return a campaign's parameters as checks read them (JSON keeps numbers as text)."""
    return {name: value if isinstance(value, bool) else Decimal(str(value)) for name, value in params.items()}


def _told_anew(last: Report, this: Form, *, free: bool) -> Answers:
    own = form(last.questionnaire_id)
    return told_under(
        this, own, with_register(read_stored(last, own).answers(), own, last.museum, free=free), last.campaign
    )


def told_under(this: Form, own: Form, typed: Answers, campaign: Campaign) -> Answers:
    """Return answers to the form `own`, computed ones included, under the names of the form `this`."""
    context = Context(report_year=campaign.year, params=numbers(campaign.params), last=None)
    values = own.compiled.evaluate(typed, context).values
    tables = own.compiled.questionnaire.by_name
    rows = {
        table.name: tuple(
            Row(row.id, _renamed(table.cells, tables[table.name].cells, row.cells)) for row in typed.rows[table.name]
        )
        for table in this.compiled.questionnaire.tables
        if table.kind is TableKind.ROWS and table.name in tables and table.name in typed.rows
    }
    cells = this.compiled.questionnaire.cells.values()
    return Answers(cells=_renamed(cells, own.compiled.questionnaire.cells.values(), values), rows=rows)


def _renamed(cells: Iterable[Cell], former: Iterable[Cell], values: Mapping[str, Value]) -> dict[str, Value]:
    """Return the values of former cells under the names of this year's; a value that means something else is left out.

    A name that `formerly` claims for another cell is not also taken at its face: the cell that bears it now is new.
    """
    cells = list(cells)
    before = {cell.name: cell for cell in former}
    claimed = {cell.formerly for cell in cells if cell.formerly}
    found: dict[str, Value] = {}
    for cell in cells:
        name = cell.formerly or cell.name
        if name not in before or (not cell.formerly and name in claimed):
            continue
        value = _translated(cell, before[name], values.get(name, BLANK))
        if value is not BLANK:
            found[cell.name] = value
    return found


def _translated(cell: Cell, former: Cell, value: Value) -> Value:
    if isinstance(value, Missing) or cell.type.kind is not former.type.kind:
        return value if isinstance(value, Missing) else BLANK
    if cell.type.kind not in {Kind.CHOICE, Kind.MULTI}:
        return value
    options: tuple[Option, ...] = getattr(cell.type, "options", ())
    now = {option.formerly or option.code: option.code for option in options}
    if isinstance(value, tuple):
        return tuple(now[code] for code in value if code in now) or BLANK
    return now.get(str(value), BLANK)
