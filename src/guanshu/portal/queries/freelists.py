"""附件4 and 附件5 of all provinces, as printed: for 免费开放审核."""

from dataclasses import dataclass

from guanshu.portal.models import Campaign
from guanshu.portal.queries.forms import compiled
from guanshu.portal.queries.listsheets import INTERNAL
from guanshu.portal.queries.mergedlists import filed_lists
from guanshu.survey.definition.model import Cell, Questionnaire, Table
from guanshu.survey.values.missing import BLANK

# The lists' meanings, in the order of the page.
LISTS = ("free", "planned")


@dataclass(frozen=True, slots=True)
class UnitRows:
    """One unit's rows as text; `state` says how far its filing is."""

    unit: str
    state: str
    submitted: bool
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class FoundLists:
    """The headings and the units of one list."""

    heads: tuple[str, ...]
    units: tuple[UnitRows, ...]

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return sum(len(unit.rows) for unit in self.units)


def list_choices(campaign: Campaign) -> dict[str, str]:
    """Return the two lists by meaning, with what they are called; {} for a year without filings."""
    if campaign.province_form_id is None:
        return {}
    form = compiled(campaign.province_form_id).questionnaire
    found = {role: table for role in LISTS if (table := _table(form, role)) is not None}
    return {role: f"{table.heading.get('number_label', '')} {table.title}".strip() for role, table in found.items()}


def rows_of(campaign: Campaign, role: str) -> FoundLists:
    """Return a list of all units; personal and internal columns are left out."""
    heads: tuple[str, ...] = ()
    units = []
    for each in filed_lists(campaign):
        table = _table(each.form, role)
        if table is None:
            continue
        cells = _shown(table)
        heads = heads or tuple(cell.label for cell in cells)
        rows = each.answers.rows.get(table.name, ())
        texts = tuple(tuple(_text(cell, row.cells.get(cell.name, BLANK)) for cell in cells) for row in rows)
        units.append(UnitRows(each.filing.province.name, each.state.label, each.submitted, texts))
    return FoundLists(heads, tuple(units))


def _shown(table: Table) -> tuple[Cell, ...]:
    return tuple(cell for cell in table.cells if INTERNAL not in cell.tags and not cell.personal)


def _table(form: Questionnaire, role: str) -> Table | None:
    roles = form.lists.get(role)
    return next((table for table in form.tables if roles is not None and table.name == roles.table), None)


def _text(cell: Cell, value: object) -> str:
    return "" if value is BLANK else cell.type.to_display(value)  # type: ignore[arg-type]
