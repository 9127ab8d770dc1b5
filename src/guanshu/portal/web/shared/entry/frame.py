"""What surrounds every page of a museum: state, deadline, progress, the list of tables."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from django.urls import reverse

from guanshu.portal.models import Campaign, Role
from guanshu.portal.web.shared.entry.notes import CSS
from guanshu.portal.web.shared.entry.reading import Reading
from guanshu.survey.checks.findings import CheckClass, Finding, TableState
from guanshu.survey.definition.model import Table
from guanshu.survey.workflow.states import EDITABLE, State

_REVIEWED = {State.IN_REVIEW, State.AWAITING_STAMP}
_BLOCKING = {CheckClass.MANDATORY, CheckClass.QUASI}


class NavItem(NamedTuple):
    """One table in the list: ✓ or n/m, badges for what blocks, what needs an answer, comments (`said`).

    A tuple, because every save makes all of them anew to see whether the list must be rendered again.
    """

    number: str
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
    museum: str
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


def make_frame(reading: Reading, visit: Visit) -> Frame:
    """Return the surroundings of a page."""
    report = reading.opened.report
    groups = make_groups(reading, visit)
    items = asked_items(groups)
    state = State(report.state)
    return Frame(
        title=reading.form.title,
        year=report.campaign.year,
        query=visit.query,
        number=report.number,
        username=visit.username,
        museum=report.museum.name,
        province=report.museum.province.name,
        state=state.value,
        state_label=pill(reading),
        editable=reading.editable,
        closed=report.campaign.closed,
        groups=groups,
        complete=sum(item.complete for item in items),
        asked=len(items),
        missing=sum(item.required - item.given for item in items),
        counts=count_classes(reading.evaluation.findings),
        refusal="" if reading.editable else why_not(visit, state, report.campaign),
        saves=report.saves,
        saved_at=report.saved_at,
        next_table=next((item for item in items if not item.finished), None),
    )


def asked_items(groups: Iterable[NavGroup]) -> list[NavItem]:
    """Return the tables that are to be filled in."""
    return [item for group in groups for item in group.items if item.applies]


def pill(reading: Reading) -> str:
    """Return 报表状态, with the comments still to settle while they can be."""
    state = State(reading.opened.report.state)
    return f"{state.label} · {reading.todo} 条待处理" if reading.todo and state in EDITABLE else state.label


def may_edit(role: str, state: State, *, closed: bool) -> bool:
    """Return whether pages offer inputs; the save operation decides again, under the lock."""
    return role == Role.FILLER.value and state in EDITABLE and not closed


def may_comment(role: str, state: State, *, closed: bool) -> bool:
    """Return whether pages offer a comment on each cell; the operation decides again, under the lock."""
    return role == Role.REVIEWER.value and state in _REVIEWED and not closed


def opens_later(campaign: Campaign) -> str:
    """Return what to say before the first day."""
    return f"{campaign.year} 年度的填报将于 {campaign.opens_on:%Y年%-m月%-d日} 开始，现在可以查看各表和指标解释。"


def why_not(visit: Visit, state: State, campaign: Campaign) -> str:
    """Return the sentence that says why nothing can be typed."""
    if campaign.closed:
        return f"{campaign.year} 年度已经结束，只能查看。"
    if visit.today < campaign.opens_on:
        return opens_later(campaign)
    if may_comment(visit.role, state, closed=False):
        return "只有填报人可以修改数据。发现问题的，点数据旁的「意见」写明，退回填报人时一并发出。"
    if visit.role != Role.FILLER.value:
        return "只有填报人可以填写和修改，您可以查看全部内容。"
    return f"报表状态为「{state.label}」，现在不能修改。"


def make_groups(reading: Reading, visit: Visit) -> tuple[NavGroup, ...]:
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
        item = _item(table, state, visit, (blocking[table.number], asking[table.number], said[table.number]))
        chapters.setdefault(table.group, []).append(item)
    return tuple(NavGroup(title, tuple(items)) for title, items in chapters.items())


def comment_tables(reading: Reading) -> list[str]:
    """Return the table of each comment that is still to settle, or still to be sent."""
    address_of = reading.opened.form.table_of
    return [address_of(comment.address) for comment in reading.comments if not comment.settled]


def _item(table: Table, state: TableState, visit: Visit, badges: tuple[int, int, int]) -> NavItem:
    return NavItem(
        number=table.number,
        title=table.title,
        url=table_url(table.number) + visit.query,
        current=table.number == visit.table,
        applies=state.applies,
        na=state.na,
        complete=state.complete,
        given=state.required - len(state.missing),
        required=state.required,
        blocking=badges[0],
        asking=badges[1],
        said=badges[2],
    )


@cache
def table_url(number: str) -> str:
    """Return the address of a table's page."""
    return reverse("museum:table", args=[number])


def count_classes(findings: tuple[Finding, ...]) -> tuple[ClassCount, ...]:
    """Return the number of findings of each class that has any, the gravest first."""
    found = Counter(finding.cls for finding in findings)
    waiting = Counter(finding.cls for finding in findings if finding.open)
    return tuple(ClassCount(CSS[cls], cls.short, found[cls], waiting[cls]) for cls in CheckClass if found[cls])
