"""What a list could hold, from what the system knows. Nothing here writes: taking a proposal is the province's save."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guanshu.portal.domain.deciding import Change
from guanshu.portal.queries.listed import ListReader, same_name
from guanshu.survey.definition.answers import Row
from guanshu.survey.definition.model import Cell, Table
from guanshu.survey.definition.storage import to_stored
from guanshu.survey.values.base import Value
from guanshu.survey.values.missing import BLANK


@dataclass(frozen=True, slots=True)
class FreeMuseum:
    """A museum in the free-opening programme of the year. Figures are those it has submitted, None before it has."""

    code: str
    name: str
    allocated: Decimal | None
    received: Decimal | None
    submitted: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """One row that is proposed: a new one, or other values for a row that is there.

    `row` is its id, `values` what the cells would hold (columns by name), `before` what those columns hold now;
    `beside` is shown for comparison; `chosen` says whether taking everything takes this.
    """

    row: str
    name: str
    adds: bool
    values: Mapping[str, Value]
    before: Mapping[str, Value]
    beside: tuple[str, ...] = ()
    chosen: bool = True


@dataclass(frozen=True, slots=True)
class Proposal:
    """All that is proposed for one list; `heads` are the headings of what is shown beside."""

    table: Table
    columns: tuple[Cell, ...]
    heads: tuple[str, ...]
    offers: tuple[Offered, ...]
    order: tuple[str, ...]
    none: bool

    @property
    def adds(self) -> int:
        """Return how many rows would be new."""
        return sum(offer.adds for offer in self.offers)

    @property
    def changes(self) -> int:
        """Return how many rows would be changed."""
        return len(self.offers) - self.adds


def offer_row(
    reader: ListReader,
    row_id: str,
    name: str,
    values: Mapping[str, Value],
    *,
    known: Row | None,
    beside: tuple[str, ...] = (),
) -> Offered | None:
    """Return what is proposed for one name: a new row, what differs in the row there is, or nothing.

    What the province has written itself is not chosen to be replaced; a cell that is merely blank there is.
    """
    wanted = reader.named(values)
    if known is None:
        return Offered(reader.free_id(row_id), name, adds=True, values=wanted, before={}, beside=beside)
    differing = {column: value for column, value in wanted.items() if known.cells.get(column, BLANK) != value}
    if not differing:
        return None
    before = {column: known.cells.get(column, BLANK) for column in differing}
    chosen = all(value is BLANK for value in before.values())
    return Offered(known.id, name, adds=False, values=differing, before=before, beside=beside, chosen=chosen)


def make_proposal(
    reader: ListReader, offers: Iterable[Offered | None], heads: tuple[str, ...] = (), name: str = "name"
) -> Proposal:
    """Return the proposal that these offers make; `name` is the role of the column that each offer's name is from."""
    found = tuple(offer for offer in offers if offer is not None)
    touched = {column for offer in found for column in offer.values}
    touched.discard(reader.roles.columns.get(name, ""))
    columns = tuple(cell for cell in reader.table.cells if cell.name in touched)
    return Proposal(reader.table, columns, heads, found, tuple(row.id for row in reader.rows), reader.none)


def propose_free(reader: ListReader, museums: Sequence[FreeMuseum]) -> Proposal:
    """Return the list of free museums as the register and the museums' reports make it."""
    known = reader.by_name()
    offers = []
    for museum in museums:
        amount: Value = BLANK if museum.allocated is None else museum.allocated
        values: dict[str, Value] = {"name": museum.name, "amount": amount, "is_new": museum.is_new}
        row = known.get(same_name(museum.name))
        offers.append(
            offer_row(
                reader, f"m{museum.code}", museum.name, _keeping_name(values, row), known=row, beside=_money(museum)
            )
        )
    return make_proposal(reader, offers, ("实际到位（万元）", "核定与到位之差"))


def _keeping_name(values: Mapping[str, Value], row: Row | None) -> Mapping[str, Value]:
    """Return the values without the name where a row carries it already, however it is spelled."""
    return values if row is None else {role: value for role, value in values.items() if role != "name"}


def _money(museum: FreeMuseum) -> tuple[str, ...]:
    if not museum.submitted:
        return "尚未提交", ""
    received = "未填" if museum.received is None else f"{museum.received:,}"
    if museum.received is None or museum.allocated is None:
        return received, ""
    gap = museum.allocated - museum.received
    return received, f"{gap:+,}" if gap else "一致"


def differences(reader: ListReader, museums: Sequence[FreeMuseum]) -> tuple[str, ...]:
    """Return where the list of free museums and what the system knows differ, one sentence each."""
    known = reader.by_name()
    free = {same_name(museum.name): museum for museum in museums}
    found = [
        f"「{reader.name(row)}」在名单中，但名册中不是本年度免费开放科技馆。"
        for name, row in known.items()
        if name not in free
    ]
    for name, museum in free.items():
        row = known.get(name)
        if row is None:
            found.append(f"「{museum.name}」是本年度免费开放科技馆，名单中没有。")
            continue
        amount = reader.value(row, "amount")
        if museum.allocated is not None and isinstance(amount, Decimal) and amount != museum.allocated:
            found.append(
                f"「{museum.name}」名单中的额度为 {amount:,} 万元，该馆填报的核定额度为 {museum.allocated:,} 万元。"
            )
    return tuple(found)


def propose_again(
    reader: ListReader, last: ListReader, *, opened: Collection[str], beside: Mapping[str, str]
) -> Proposal:
    """Return the rows of last year's list that are not on this year's yet.

    `opened` are names (as compared) of museums that have opened or were given up; `beside` remarks by such a name.
    """
    known = reader.by_name()
    offers = []
    for row in last.rows:
        name = last.name(row)
        key = same_name(name)
        if not key or key in opened or key in known:
            continue
        # Last year's lists are told under this year's names: a row comes over as it is.
        values = {
            cell.name: row.cells[cell.name] for cell in reader.table.cells if cell.typed and cell.name in row.cells
        }
        remark = (beside.get(key, ""),)
        offers.append(
            Offered(reader.free_id(f"y{row.id}"[:29]), name, adds=True, values=values, before={}, beside=remark)
        )
    return make_proposal(reader, offers, ("上年情况",))


def changes_of(proposal: Proposal, chosen: Collection[str]) -> dict[str, Change]:
    """Return the changes that take the chosen rows (by id), as one save: what the administrator sees and wants."""
    name = proposal.table.name
    taken = [offer for offer in proposal.offers if offer.row in chosen]
    added = [offer.row for offer in taken if offer.adds]
    changes: dict[str, Change] = {}
    if added:
        if proposal.none:
            changes[f"{name}.none"] = Change(seen=True, new=None)
        changes[f"{name}.rows"] = Change(seen=list(proposal.order), new=[*proposal.order, *added])
    for offer in taken:
        for column, value in offer.values.items():
            kind = proposal.table.by_name[column].type
            before = to_stored(kind, offer.before.get(column, BLANK))
            changes[f"{name}[{offer.row}].{column}"] = Change(seen=before, new=to_stored(kind, value))
    return changes
