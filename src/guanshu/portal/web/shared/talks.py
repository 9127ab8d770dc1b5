"""Tables with what people say about their cells: comments, drafts, the box one is writing in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guanshu.portal.models import CellComment, Waiver
from guanshu.portal.web.shared.sheets import ShownCell, ShownLine, ShownTable
from guanshu.survey.checks.findings import CheckClass, Finding


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding with the waiver in force for it, if any."""

    finding: Finding
    waiver: Waiver | None
    place: str

    @property
    def waivable(self) -> bool:
        """Return whether the level above may allow it."""
        return self.finding.cls is CheckClass.QUASI


@dataclass(frozen=True, slots=True)
class CommentView:
    """One comment with the name of its cell."""

    comment: CellComment
    label: str


@dataclass(frozen=True, slots=True)
class LineView:
    """One line with its comments; `writing` is the cell a comment is being written on."""

    line: ShownLine
    comments: tuple[CommentView, ...]
    writing: ShownCell | None = None
    draft: str = ""


@dataclass(frozen=True, slots=True)
class TableView:
    """One table with what is said about it."""

    table: ShownTable
    lines: tuple[LineView, ...]
    totals: tuple[LineView, ...]
    comments: tuple[CommentView, ...]

    @property
    def said(self) -> int:
        """Return how many comments there are on the table."""
        return len(self.comments)

    @property
    def marked(self) -> bool:
        """Return whether anything in the table asks for attention."""
        return bool(self.table.blocking or self.table.asking or self.table.changed or self.comments)


class Talk:
    """The comments of one report, put where they belong."""

    def __init__(self, comments: Iterable[CellComment], writing: str = "") -> None:
        self.by_address: dict[str, list[CellComment]] = {}
        for comment in comments:
            self.by_address.setdefault(comment.address, []).append(comment)
        self.writing = writing

    def view(self, table: ShownTable) -> TableView:
        """Return the table with its comments."""
        lines = tuple(self.line(line) for line in table.lines)
        totals = tuple(self.line(line) for line in table.totals)
        said = tuple(comment for line in (*lines, *totals) for comment in line.comments)
        return TableView(table, lines, totals, said)

    def line(self, line: ShownLine) -> LineView:
        """Return the line with its comments; the draft that is being changed is shown in its box only."""
        cells = [cell for cell in line.cells if cell is not None]
        writing = next((cell for cell in cells if cell.address == self.writing), None)
        found = [CommentView(each, cell.label) for cell in cells for each in self.by_address.get(cell.address, ())]
        draft = next((view.comment.text for view in found if writing and _is_draft_of(view, writing)), "")
        shown = tuple(view for view in found if not (writing and _is_draft_of(view, writing)))
        return LineView(line, shown, writing, draft)


def _is_draft_of(view: CommentView, cell: ShownCell) -> bool:
    return view.comment.draft and view.comment.address == cell.address


def find_line(tables: Sequence[ShownTable], address: str) -> ShownLine | None:
    """Return the line a cell stands in, None for what is no cell of the report."""
    lines = (line for table in tables for line in (*table.lines, *table.totals))
    return next((line for line in lines if address in line.addresses), None)
