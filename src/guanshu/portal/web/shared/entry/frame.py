"""What surrounds every page of entry: state, progress, the list of tables."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.urls import reverse

from guanshu.portal.queries.opened import Opened
from guanshu.portal.web.shared.entry.notes import CSS
from guanshu.portal.web.shared.entry.reading import Reading
from guanshu.survey.checks.findings import CheckClass, Finding, TableState
from guanshu.survey.definition.model import Table

_BLOCKING = {CheckClass.MANDATORY, CheckClass.QUASI}


class NavItem(NamedTuple):
    """One table in the list: ✓ or n/m, badges for what blocks, what needs an answer, comments (`said`).

    A tuple, because every save makes all of them anew to see whether the list must be rendered again.
    """

    number: str
    label: str
    number_label: str
    title: str
    url: str
    current: bool
    applies: bool
    na: bool
    complete: bool
    given: int
    required: int
    blocking: int
    asking: int
    said: int

    @property
    def missing(self) -> int:
        """Return how many required cells are blank."""
        return self.required - self.given

    @property
    def finished(self) -> bool:
        """Return whether nothing is missing, to be changed, to be explained or to be answered."""
        return self.complete and not self.blocking and not self.asking and not self.said

    @property
    def optional(self) -> bool:
        """Return whether nothing in this table has to be answered."""
        return self.required == 0 and not self.blocking and not self.asking and not self.said


class NavGroup(NamedTuple):
    """One chapter."""

    title: str
    items: tuple[NavItem, ...]

    @property
    def complete(self) -> int:
        """Return how many tables of the chapter have nothing missing."""
        return sum(item.complete for item in self.items if item.applies)

    @property
    def asked(self) -> int:
        """Return how many tables of the chapter are to be filled in."""
        return sum(item.applies for item in self.items)


@dataclass(frozen=True, slots=True)
class ClassCount:
    """Findings of one class; `open` are those that still need an explanation (核实性 only)."""

    css: str
    short: str
    count: int
    open: int


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around the content of a page."""

    title: str
    year: int
    query: str
    number: str
    username: str
    respondent: str
    province: str
    state: str
    state_label: str
    editable: bool
    closed: bool
    groups: tuple[NavGroup, ...]
    complete: int
    asked: int
    missing: int
    counts: tuple[ClassCount, ...]
    refusal: str
    saves: int
    saved_at: datetime | None
    next_table: NavItem | None
    check_url: str
    verb: str

    @property
    def problems(self) -> int:
        """Return how many findings block or wait for an explanation."""
        return sum(item.blocking + item.asking for group in self.groups for item in group.items)


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks, when, and where: what a frame needs besides the report."""

    username: str
    role: str
    today: date
    query: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a frame says of whoever answers: a museum with its report, a province with its filing.

    `refusal` says why nothing can be typed, "" where it can; `verb` what is done with the answers in the end.
    """

    year: int
    respondent: str
    province: str
    state: str
    state_label: str
    closed: bool
    refusal: str
    saved_at: datetime | None
    verb: str = "提交"


def make_frame(reading: Reading[Opened], visit: Visit, facts: Facts) -> Frame:
    """Return the surroundings of a page."""
    groups = make_groups(reading, visit)
    items = asked_items(groups)
    return Frame(
        title=reading.form.title,
        year=facts.year,
        query=visit.query,
        number=reading.opened.number,
        username=visit.username,
        respondent=facts.respondent,
        province=facts.province,
        state=facts.state,
        state_label=facts.state_label,
        editable=reading.editable,
        closed=facts.closed,
        groups=groups,
        complete=sum(item.complete for item in items),
        asked=len(items),
        missing=sum(item.required - item.given for item in items),
        counts=count_classes(reading.evaluation.findings),
        refusal=facts.refusal,
        saves=reading.opened.saves,
        saved_at=facts.saved_at,
        next_table=next((item for item in items if not item.finished), None),
        check_url=reverse(reading.pages.check) + visit.query,
        verb=facts.verb,
    )


def asked_items(groups: Iterable[NavGroup]) -> list[NavItem]:
    """Return the tables that are to be filled in."""
    return [item for group in groups for item in group.items if item.applies]


def make_groups(reading: Reading[Opened], visit: Visit) -> tuple[NavGroup, ...]:
    """Return the tables by chapter, in the form's order."""
    blocking: Counter[str] = Counter()
    asking: Counter[str] = Counter()
    for finding in reading.evaluation.findings:
        blocking[finding.table] += finding.cls in _BLOCKING
        asking[finding.table] += finding.open
    said = Counter(comment_tables(reading))
    chapters: dict[str, list[NavItem]] = {}
    for table in reading.form.tables:
        state = reading.state(table.number)
        badges = (blocking[table.number], asking[table.number], said[table.number])
        url = reading.pages.table_url(table.number) + visit.query
        item = _item(table, state, url, badges, current=table.number == visit.table)
        chapters.setdefault(table.group, []).append(item)
    return tuple(NavGroup(title, tuple(items)) for title, items in chapters.items())


def comment_tables(reading: Reading[Opened]) -> list[str]:
    """Return the table of each comment that is still to settle, or still to be sent."""
    address_of = reading.opened.form.table_of
    return [address_of(comment.address) for comment in reading.comments if not comment.settled]


def _item(table: Table, state: TableState, url: str, badges: tuple[int, int, int], *, current: bool) -> NavItem:
    return NavItem(
        number=table.number,
        label=table.heading.get("number_label") or table.number,
        number_label=table.number_label,
        title=table.title,
        url=url,
        current=current,
        applies=state.applies,
        na=state.na,
        complete=state.complete,
        given=state.required - len(state.missing),
        required=state.required,
        blocking=badges[0],
        asking=badges[1],
        said=badges[2],
    )


def count_classes(findings: tuple[Finding, ...]) -> tuple[ClassCount, ...]:
    """Return the number of findings of each class that has any, the gravest first."""
    found = Counter(finding.cls for finding in findings)
    waiting = Counter(finding.cls for finding in findings if finding.open)
    return tuple(ClassCount(CSS[cls], cls.short, found[cls], waiting[cls]) for cls in CheckClass if found[cls])
