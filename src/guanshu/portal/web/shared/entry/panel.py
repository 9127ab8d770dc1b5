"""审核结果: findings with links to their cells and fields for explanations, and what is still missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from guanshu.portal.queries.opened import Opened
from guanshu.portal.web.shared.entry.frame import ClassCount, count_classes
from guanshu.portal.web.shared.entry.notes import CSS
from guanshu.portal.web.shared.entry.reading import Reading
from guanshu.survey.checks.findings import MIN_EXPLANATION, CheckClass, Finding
from guanshu.survey.definition.address import (
    Address,
    FormCell,
    RowCell,
    RowsNone,
    RowsOrder,
    UnknownAddress,
    cell_at,
)
from guanshu.survey.definition.model import Cell, Table, TableKind


class Link(NamedTuple):
    """A link to a cell: where it is on paper (「表2-1 · 08」, in its own table 「08」) and what it is called."""

    url: str
    place: str
    code: str
    label: str


class FindingView(NamedTuple):
    """One finding. `asks` says whether an explanation is wanted; `key` is its address."""

    key: str
    check: str
    css: str
    short: str
    message: str
    link: Link | None
    asks: bool
    open: bool
    explanation: str
    problem: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel beside a table: its own findings, those of other tables, what is missing in this table."""

    counts: tuple[ClassCount, ...]
    here: tuple[FindingView, ...]
    elsewhere: tuple[FindingView, ...]
    missing: tuple[Link, ...]
    more_missing: int
    editable: bool
    todo: int = 0
    least: int = MIN_EXPLANATION


@dataclass(frozen=True, slots=True)
class Section:
    """One table on the page of the whole check."""

    number: str
    number_label: str
    title: str
    url: str
    findings: tuple[FindingView, ...]
    missing: tuple[Link, ...]
    more_missing: int

    @property
    def count(self) -> int:
        """Return how many cells are missing."""
        return len(self.missing) + self.more_missing


# More links than this help nobody; the number of the others is told.
MOST_LINKS = 8
MOST_LINKS_A_TABLE = 24


class PanelMaker:
    """Makes findings and links for one page."""

    def __init__(self, reading: Reading[Opened], query: str = "") -> None:
        self.reading = reading
        self.query = query

    def panel(self, table: Table) -> Panel:
        """Return the panel beside one table."""
        findings = self.reading.evaluation.findings
        here: list[Finding] = []
        elsewhere: list[Finding] = []
        for finding in findings:
            (here if self._belongs(finding, table) else elsewhere).append(finding)
        missing, more = self.missing(table.number, MOST_LINKS)
        return Panel(
            counts=count_classes(findings),
            here=tuple(self.finding(finding) for finding in here),
            elsewhere=tuple(self.finding(finding) for finding in elsewhere if _pressing(finding)),
            missing=missing,
            more_missing=more,
            editable=self.reading.editable,
            todo=self.reading.todo,
        )

    def sections(self) -> tuple[Section, ...]:
        """Return every table that has findings or misses something, in the form's order."""
        found = (self._section(table) for table in self.reading.form.tables)
        return tuple(section for section in found if section.findings or section.missing)

    def missing(self, number: str, most: int) -> tuple[tuple[Link, ...], int]:
        """Return links to the first cells of a table that are still to be filled in, and how many more there are."""
        addresses = self.reading.state(number).missing
        return tuple(self.link(address) for address in addresses[:most]), max(0, len(addresses) - most)

    def finding(self, finding: Finding) -> FindingView:
        """Return the view of one finding."""
        draft = self.reading.draft
        typed = draft.texts.get(finding.key, finding.explanation)
        return FindingView(
            key=finding.key,
            check=finding.check,
            css=CSS[finding.cls],
            short=finding.cls.short,
            message=finding.message,
            link=self.link(finding.cells[0]) if finding.cells else None,
            asks=finding.cls is CheckClass.VERIFY,
            open=finding.open,
            explanation=str(typed),
            problem=draft.problems.get(finding.key, ""),
        )

    def link(self, address: str) -> Link:
        """Return the link to whatever stands at an address."""
        try:
            parsed = self.reading.opened.form.address(address)
        except UnknownAddress:
            return Link("", address, "", "")
        table = self.reading.form.by_number[parsed.table]
        code, label = self._name(table, parsed)
        place = f"{table.number_label} · {code}" if code else table.number_label
        return Link(f"{self.reading.pages.table_url(table.number)}{self.query}#c-{address}", place, code, label)

    def _name(self, table: Table, address: Address) -> tuple[str, str]:
        cell = cell_at(self.reading.form, address)
        if isinstance(address, RowCell) and cell is not None:
            ids = [row.id for row in self.reading.rows(table)]
            number = ids.index(address.row) + 1 if address.row in ids else 0
            return f"第 {number} 行", cell.label
        if isinstance(address, FormCell) and cell is not None:
            return _place(table, cell)
        rows = isinstance(address, RowsOrder | RowsNone)
        return "", f"至少填一行，或勾选「{table.none_label}」" if rows else table.title

    def _section(self, table: Table) -> Section:
        findings = [finding for finding in self.reading.evaluation.findings if finding.table == table.number]
        missing, more = self.missing(table.number, MOST_LINKS_A_TABLE)
        return Section(
            number=table.number,
            number_label=table.number_label,
            title=table.title,
            url=self.reading.pages.table_url(table.number) + self.query,
            findings=tuple(self.finding(finding) for finding in _gravest_first(findings)),
            missing=missing,
            more_missing=more,
        )

    def _belongs(self, finding: Finding, table: Table) -> bool:
        if finding.table == table.number:
            return True
        owner = self.reading.owner(finding.cells[0]) if finding.cells else None
        return owner is table


def _place(table: Table, cell: Cell) -> tuple[str, str]:
    """Return the code and the name of a form cell; in a matrix both are a row and a column."""
    if table.kind is not TableKind.MATRIX:
        return cell.code, cell.label
    row = next((line for line in table.rows if line.name == cell.row), None)
    column = next((line for line in table.columns if line.name == cell.column), None)
    names = [line.label for line in (row, column) if line is not None]
    return (row.code if row else ""), "，".join(names)


def _pressing(finding: Finding) -> bool:
    return finding.cls in {CheckClass.MANDATORY, CheckClass.QUASI} or finding.open


def _gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    order = list(CheckClass)
    return sorted(findings, key=lambda finding: order.index(finding.cls))
