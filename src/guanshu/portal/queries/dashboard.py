"""本省概况: how far the province is, what takes long, how museums are spread, what the checks find."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from guanshu.portal.models import Campaign, MuseumLevel, Province, Report
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.status import StatusRow
from guanshu.survey.workflow.states import State

# So many working days in one state are long.
LONG = 3
_DONE = (State.SUBMITTED, State.APPROVED)
_CLASSES = ("mandatory", "quasi", "verify", "hint")


@dataclass(frozen=True, slots=True)
class Ageing:
    """Reports in one state: how many, how long the longest has been there (working days), how many too long."""

    state: State
    count: int
    longest: StatusRow | None
    slow: int

    @property
    def label(self) -> str:
        """Return both labels, as the status page has them."""
        review = self.state.review_label
        return self.state.label if review == "–" else f"{self.state.label} · {review}"


@dataclass(frozen=True, slots=True)
class City:
    """One city's museums: those that have to report, of them submitted, approved and late."""

    name: str
    due: int
    done: int
    approved: int
    late: int


@dataclass(frozen=True, slots=True)
class Share:
    """One bar: museums of a kind and how many of them are free; widths in per cent of the longest bar."""

    label: str
    count: int
    free: int
    free_width: float
    width: float


@dataclass(frozen=True, slots=True)
class TableFindings:
    """What the checks find in one table of all reports together; `museums` have at least one finding in it."""

    number: str
    title: str
    museums: int
    mandatory: int = 0
    quasi: int = 0
    verify: int = 0
    hint: int = 0


@dataclass(frozen=True)
class Findings:
    """Findings by class and by table, tables with most that blocks first. `open`: explanations still to be written."""

    by_class: Mapping[str, int]
    open: int
    reports: int
    tables: Sequence[TableFindings] = field(default_factory=tuple)

    @property
    def total(self) -> int:
        """Return all findings."""
        return sum(self.by_class.values())


def ageing(rows: Iterable[StatusRow]) -> list[Ageing]:
    """Return the states in which somebody has to do something, in the order of the way, with their ageing."""
    by_state: dict[State, list[StatusRow]] = {}
    for row in rows:
        by_state.setdefault(row.museum.state, []).append(row)
    found = []
    for state in State:
        members = by_state.get(state, [])
        if not members or state in {State.APPROVED, State.EXEMPT}:
            continue
        timed = [row for row in members if row.waits is not None]
        longest = max(timed, key=lambda row: row.waits or 0, default=None)
        found.append(Ageing(state, len(members), longest, sum((row.waits or 0) > LONG for row in timed)))
    return found


def city_grid(rows: Iterable[StatusRow]) -> list[City]:
    """Return the cities in the order of the register; exempt museums are not due."""
    members: dict[str, list[StatusRow]] = {}
    for row in rows:
        if row.museum.state is not State.EXEMPT:
            members.setdefault(row.museum.city or "未注明", []).append(row)
    return [
        City(
            name=name,
            due=len(found),
            done=sum(row.museum.state in _DONE for row in found),
            approved=sum(row.museum.state is State.APPROVED for row in found),
            late=sum(row.late or row.overdue for row in found),
        )
        for name, found in members.items()
    ]


def level_shares(rows: Iterable[StatusRow]) -> list[Share]:
    """Return the levels of all museums that have to report."""
    due = [row.museum for row in rows if row.museum.state is not State.EXEMPT]
    counts = [
        (label, sum(m.level == label for m in due), sum(m.level == label and m.free for m in due))
        for label in MuseumLevel.labels
    ]
    return shares(counts)


def shares(counts: Iterable[tuple[str, int, int]]) -> list[Share]:
    """Return bars for counts of museums and the free ones among them, as long as they are many."""
    found = list(counts)
    most = max((count for _, count, _ in found), default=0)
    return [
        Share(label, count, free, round(100 * free / most, 1), round(100 * count / most, 1))
        if most
        else Share(label, count, free, 0.0, 0.0)
        for label, count, free in found
    ]


def findings(province: Province, campaign: Campaign) -> Findings:
    """Return what the checks find in the province's reports as they are now; one statement."""
    reports = Report.objects.filter(campaign=campaign, museum__province=province).exclude(state=State.EXEMPT.value)
    by_class: Counter[str] = Counter()
    tables: dict[str, Counter[str]] = {}
    told = 0
    for summary in reports.values_list("summary", flat=True):
        told += bool(summary)
        by_class.update(summary.get("findings", {}))
        for number, table in summary.get("by_table", {}).items():
            if any(table["findings"].get(name) for name in _CLASSES):
                tables.setdefault(number, Counter()).update({**table["findings"], "museums": 1})
    titles = _titles(campaign) if tables else {}
    rows = [
        TableFindings(number, titles.get(number, ""), counts["museums"], *(counts[name] for name in _CLASSES))
        for number, counts in tables.items()
    ]
    order = {number: place for place, number in enumerate(titles)}
    rows.sort(key=lambda row: (-(row.mandatory + row.quasi), -row.verify, order.get(row.number, 0)))
    return Findings({name: by_class[name] for name in _CLASSES}, by_class["open"], told, rows)


def _titles(campaign: Campaign) -> dict[str, str]:
    return {table.number: table.title for table in form(campaign.questionnaire_id).compiled.questionnaire.tables}
