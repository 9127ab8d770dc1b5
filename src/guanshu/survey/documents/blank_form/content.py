"""The blank form as sheets of grids: the layout of the printed report, with room to write instead of values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from guanshu.survey.definition.answers import Answers, Row
from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind
from guanshu.survey.documents.report_pdf.content import Cover
from guanshu.survey.documents.report_pdf.document import TableMaker
from guanshu.survey.documents.report_pdf.grid import Box, Grid, value_box
from guanshu.survey.values.base import Kind, Value
from guanshu.survey.values.choices import ChoiceType, MultiType
from guanshu.survey.values.missing import BLANK
from guanshu.survey.workflow.submission import FindingLike, StateLike

# Rows to write on in tables of rows; who needs more copies the page.
EMPTY_ROWS = 8
_HEADING = (("issuer", "制定机关"), ("approval", "批准或备案文号"), ("valid_until", "有效期至"))
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class BlankSheet:
    """One table: `lines` stand above it at the right, `across` says that it lies across the sheet."""

    table: Table
    lines: tuple[str, ...]
    grids: tuple[Grid, ...]
    across: bool


@dataclass(frozen=True)
class Unfilled:
    """An evaluation of nothing: every table applies, no value is there."""

    values: Mapping[str, Value]
    hidden: frozenset[str] = frozenset()
    states: Mapping[str, StateLike] = field(default_factory=dict)
    findings: Sequence[FindingLike] = ()


class BlankMaker(TableMaker):
    """Lays out tables with room to write: choices as boxes to tick, empty rows."""

    def __init__(self, questionnaire: Questionnaire, year: int) -> None:
        answers, values = _empty_rows(questionnaire)
        super().__init__(questionnaire, answers, Unfilled(values), blank_cover(year))

    def show(self, cell: Cell, value: Value) -> Box:
        """Return the box to write in."""
        text = hint(cell)
        return Box(text) if text else value_box(cell, value)


def blank_cover(year: int) -> Cover:
    """Return a cover on which everything is written by hand."""
    return Cover(name="", year=year, report_code="", made_at=_NO_TIME)


def sheets(questionnaire: Questionnaire, year: int) -> Iterator[BlankSheet]:
    """Yield every table of the form, in order."""
    maker = BlankMaker(questionnaire, year)
    for table in questionnaire.tables:
        grids, across = maker.grids(table)
        yield BlankSheet(table, lines(questionnaire, table), tuple(grids), across)


def lines(questionnaire: Questionnaire, table: Table) -> tuple[str, ...]:
    """Return what stands above a table: its number, and what of the heading is given."""
    heading = {**questionnaire.heading, **table.heading}
    return (
        f"表号：{table.number_label}",
        *(f"{label}：{heading[key]}" for key, label in _HEADING if heading.get(key)),
    )


def notes(year: int) -> tuple[str, ...]:
    """Return what the cover explains."""
    return (
        f"按注明的计量单位填报。时期为「年度」的填 {year} 年全年发生数，为「年末」的填 12 月 31 日数。",
        "没有发生的填 0，不适用的填「—」，深灰色格不填；标「△」和浅灰色底的由系统计算，可不填。",
        "选择项在选定的「□」内打「√」；行数不够时另加附页。",
        "本表供收集资料、核对数据用。正式报表须登录系统填报，由系统打印后盖章上传。",
    )


def hint(cell: Cell) -> str:
    """Return what stands in a box before anybody writes in it: choices, or that nothing is to be written."""
    if cell.prefill is not None and cell.prefill.source == "register":
        return "（由系统带入）"
    if cell.type.kind is Kind.FILE:
        return "（在系统中上传）"
    if cell.type.kind is Kind.BOOL:
        return "□ 是　□ 否"
    if isinstance(cell.type, ChoiceType | MultiType):
        return "　".join(f"□ {option.label}" for option in cell.type.options)
    return ""


def _empty_rows(questionnaire: Questionnaire) -> tuple[Answers, dict[str, Value]]:
    rows: dict[str, tuple[Row, ...]] = {}
    values: dict[str, Value] = {}
    for table in questionnaire.tables:
        if table.kind is not TableKind.ROWS:
            continue
        rows[table.name] = tuple(Row(id=f"r{number}", cells={}) for number in range(min(EMPTY_ROWS, table.limit)))
        for row in rows[table.name]:
            values |= {f"{table.name}[{row.id}].{cell.name}": BLANK for cell in table.cells}
    return Answers(rows=rows), values
