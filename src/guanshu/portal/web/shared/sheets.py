"""A report's tables as reviewers read them: this year, last year, the change, what differs from an older version."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from guanshu.portal.queries.reports import OpenReport
from guanshu.survey.checks.findings import CheckClass, Finding
from guanshu.survey.definition.answers import Row
from guanshu.survey.definition.model import Cell, Line, Table, TableKind
from guanshu.survey.values.base import Kind, Value
from guanshu.survey.values.common import NA_TEXT
from guanshu.survey.values.missing import BLANK, NA

# A change of this many percent stands out; what counts as a finding is the questionnaire's business.
NOTABLE_CHANGE = 20


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One value. `was` is last year's, `before` what an older version had where that differs (None where not)."""

    address: str
    label: str
    text: str
    numeric: bool = False
    blank: bool = False
    calc: bool = False
    off: bool = False
    was: str = ""
    change: str = ""
    notable: bool = False
    before: str | None = None


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line: an indicator, a row of a matrix, or one of the respondent's rows; `key` is safe in an id."""

    key: str
    code: str
    label: str
    unit: str
    indent: int
    cells: tuple[ShownCell | None, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return the addresses of the line's cells."""
        return tuple(cell.address for cell in self.cells if cell is not None)


@dataclass(frozen=True, slots=True)
class ShownHead:
    """The head of one column."""

    label: str
    unit: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class ShownTable:
    """One table. `heads` are the columns of a matrix or rows table; `lines` of a list have one cell each."""

    number: str
    name: str
    title: str
    group: str
    kind: str
    remark: str
    heads: tuple[ShownHead, ...] = ()
    lines: tuple[ShownLine, ...] = ()
    totals: tuple[ShownLine, ...] = ()
    findings: tuple[Finding, ...] = ()
    counts: Mapping[CheckClass, int] = field(default_factory=dict)
    changed: int = 0

    @property
    def numbers(self) -> bool:
        """Return whether a list is mostly of numbers; a list of texts has no use for units and changes."""
        cells = [cell for line in self.lines for cell in line.cells if cell is not None]
        return 2 * sum(cell.numeric for cell in cells) >= len(cells)

    @property
    def blocking(self) -> int:
        """Return how many findings block."""
        return self.counts.get(CheckClass.MANDATORY, 0) + self.counts.get(CheckClass.QUASI, 0)

    @property
    def asking(self) -> int:
        """Return how many findings ask for an explanation, given or not."""
        return self.counts.get(CheckClass.VERIFY, 0)


@dataclass(frozen=True, slots=True)
class Look:
    """How a reviewer looks: what differs from the older version, and whether people's names and numbers are shown."""

    before: Mapping[str, str] = field(default_factory=dict)
    reveal: bool = False


def make_sheets(opened: OpenReport, look: Look) -> tuple[ShownTable, ...]:
    """Return every table of the report, in the order of the form."""
    return tuple(_Maker(opened, look, table).make() for table in opened.compiled.questionnaire.tables)


def masked(text: str) -> str:
    """Return a name or a telephone number with its middle hidden."""
    if sum(char.isdigit() for char in text) >= 7:
        return f"{text[:3]}****{text[-2:]}"
    return f"{text[:1]}＊＊" if text else ""


def change_of(now: Value, before: Value) -> tuple[str, bool]:
    """Return the change from last year as text and whether it is large; ("", False) where it makes no sense."""
    if not isinstance(now, Decimal) or not isinstance(before, Decimal) or before == 0:
        return "", False
    percent = (now - before) * 100 / abs(before)
    shown = percent.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    sign = "+" if shown > 0 else "−" if shown < 0 else ""
    return f"{sign}{abs(shown):,.1f} %", abs(percent) > NOTABLE_CHANGE


class _Maker:
    """Makes one table."""

    def __init__(self, opened: OpenReport, look: Look, table: Table) -> None:
        self.opened, self.look, self.table = opened, look, table
        self.evaluation = opened.evaluation
        self.last = opened.last_values
        self.findings = [finding for finding in self.evaluation.findings if finding.table == table.number]

    def make(self) -> ShownTable:
        """Return the table."""
        table, state = self.table, self.evaluation.states.get(self.table.number)
        remark = "本馆对本表选择了「不适用」。" if table.number in self.opened.answers.na else ""
        if state is not None and not state.applies:
            return self._finish("按本馆情况，本表不需填报。", ())
        if table.kind is TableKind.LIST:
            return self._finish(remark, self._list(table.cells))
        if table.kind is TableKind.MATRIX:
            heads = tuple(_head(line, table) for line in table.columns)
            return self._finish(remark, tuple(self._strip(row) for row in table.rows), heads)
        return self._rows(remark)

    def _finish(
        self,
        remark: str,
        lines: tuple[ShownLine, ...],
        heads: tuple[ShownHead, ...] = (),
        totals: tuple[ShownLine, ...] = (),
    ) -> ShownTable:
        table = self.table
        placed = {finding.key for line in (*lines, *totals) for finding in line.findings}
        cells = [cell for line in (*lines, *totals) for cell in line.cells if cell is not None]
        return ShownTable(
            number=table.number,
            name=table.name,
            title=table.title,
            group=table.group,
            kind=table.kind.value,
            remark=remark,
            heads=heads,
            lines=lines,
            totals=totals,
            findings=tuple(finding for finding in self.findings if finding.key not in placed),
            counts={cls: sum(finding.cls is cls for finding in self.findings) for cls in CheckClass},
            changed=sum(cell.before is not None for cell in cells),
        )

    def _list(self, cells: Iterable[Cell]) -> tuple[ShownLine, ...]:
        return tuple(
            self._line(Line(cell.name, cell.code, cell.label, cell.unit, cell.indent), (self._cell(cell, cell.label),))
            for cell in cells
            if cell.name not in self.evaluation.hidden and cell.type.kind is not Kind.FILE
        )

    def _strip(self, row: Line) -> ShownLine:
        found = [(self.table.at.get((row.name, column.name)), column) for column in self.table.columns]
        cells = tuple(self._cell(cell, f"{row.label}，{column.label}") if cell else None for cell, column in found)
        return self._line(replace(row, name=f"{self.table.name}_{row.name}"), cells)

    def _rows(self, remark: str) -> ShownTable:
        table = self.table
        columns = [cell for cell in table.cells if cell.type.kind is not Kind.FILE]
        rows = self.opened.answers.rows.get(table.name, ())
        lines = tuple(self._row(columns, row, number) for number, row in enumerate(rows, 1))
        if not rows:
            remark = remark or (f"{table.none_label}。" if table.name in self.opened.answers.none else "尚未填报。")
        heads = tuple(ShownHead(cell.label, cell.unit, cell.type.kind is Kind.NUMBER) for cell in columns)
        return self._finish(remark, lines, heads, self._list(table.totals))

    def _row(self, columns: Sequence[Cell], row: Row, number: int) -> ShownLine:
        cells = tuple(self._cell(cell, f"第 {number} 行，{cell.label}", row) for cell in columns)
        return self._line(Line(f"{self.table.name}_{row.id}", str(number), ""), cells)

    def _line(self, line: Line, cells: tuple[ShownCell | None, ...]) -> ShownLine:
        here = {cell.address for cell in cells if cell is not None}
        found = tuple(finding for finding in self.findings if finding.cells and finding.cells[0] in here)
        return ShownLine(line.name, line.code, line.label, line.unit, line.indent, cells, found)

    def _cell(self, cell: Cell, label: str, row: Row | None = None) -> ShownCell:
        address = f"{self.table.name}[{row.id}].{cell.name}" if row else cell.name
        stored = row.cells.get(cell.name, BLANK) if row else BLANK
        value = self.evaluation.values.get(address, stored)
        last = self.last.get(cell.name, BLANK) if row is None else BLANK
        change, notable = change_of(value, last)
        show = self._shower(cell)
        before = self.look.before.get(address)
        return ShownCell(
            address=address,
            label=label,
            text=show(value),
            numeric=cell.type.kind is Kind.NUMBER,
            blank=value is BLANK,
            calc=not cell.typed,
            off=address in self.evaluation.hidden,
            was=show(last) if last is not BLANK else "",
            change=change,
            notable=notable,
            before=masked(before) if before is not None and cell.personal and not self.look.reveal else before,
        )

    def _shower(self, cell: Cell) -> Callable[[Value], str]:
        def show(value: Value) -> str:
            if value is NA:
                return NA_TEXT
            text = cell.type.to_display(value)
            return masked(text) if cell.personal and not self.look.reveal else text

        return show


def _head(line: Line, table: Table) -> ShownHead:
    """Return the head of a matrix's column; a unit that all cells share is not repeated."""
    units = {cell.unit for cell in table.cells}
    return ShownHead(line.label, "" if len(units) == 1 else line.unit, numeric=True)
