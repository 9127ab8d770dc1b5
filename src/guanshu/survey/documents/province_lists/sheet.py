"""One list as it stands on paper: every text settled, nothing about a file format."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Cell, Questionnaire, Table
from guanshu.survey.documents.report_pdf.text import ems
from guanshu.survey.values.base import Kind, Value
from guanshu.survey.values.missing import BLANK, Missing

Align = Literal["left", "center", "right"]
INTERNAL = "internal"
SERIAL, NOTHING = "序号", "无"
# More columns than these do not fit on a standing sheet.
_STANDING = 6
# Where the day is written by hand: blanks before 年, 月 and 日 at the end of the head line.
_DAY = re.compile(r"\s*年\s*月\s*日\s*$")
_MONEY = "元"
# Widths in ems of the text: of the serial number, and the least and most a column may take.
_SERIAL_EMS, _LEAST, _MOST = 3.2, 5.0, 17.0
_HEAD_LINES = 3


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its label exactly as the notice has it, how values stand in it, its share of the width."""

    label: str
    align: Align
    share: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list ready to be set. `rows` have the serial number first; an empty `opinion` means there is no such row."""

    number: str
    title: tuple[str, ...]
    head: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    nothing: bool
    opinion_label: str
    opinion: str
    sign: tuple[str, ...]
    note: str

    @property
    def lying(self) -> bool:
        """Return whether the sheet lies on its side."""
        return len(self.columns) > _STANDING

    @property
    def heads(self) -> tuple[str, ...]:
        """Return the labels of all columns."""
        return tuple(column.label for column in self.columns)


def list_table(questionnaire: Questionnaire, name: str) -> Table:
    """Return the table of a list by its role or by its own name. Raises KeyError."""
    known = questionnaire.lists.get(name)
    return questionnaire.by_name[known.table if known else name]


def list_sheet(
    questionnaire: Questionnaire, name: str, answers: Answers, *, unit: str, filled_on: date | None = None
) -> Sheet:
    """Return a list as it is printed for a unit (河北省). Raises KeyError for a name that is no list's.

    A list declared to be empty has the one row 无; one that nobody has filled in yet has an empty row.
    """
    table = list_table(questionnaire, name)
    heading = {key: text.replace("{unit}", unit) for key, text in table.heading.items()}
    printed = [cell for cell in table.cells if INTERNAL not in cell.tags]
    rows = _rows(table, printed, answers)
    head = heading.get("paper_head", "")
    return Sheet(
        number=heading.get("number_label") or table.number,
        title=tuple((heading.get("paper_title") or table.title).split("|")),
        head=_dated(head, filled_on),
        columns=_columns(printed, rows),
        rows=rows,
        nothing=not rows and table.name in answers.none,
        # The notice calls the opinion in the table what it calls it in the head line.
        opinion_label=head.partition("（")[0],
        opinion=heading.get("paper_opinion", ""),
        sign=tuple(part for part in heading.get("paper_sign", "").split("|") if part),
        note=heading.get("paper_note", ""),
    )


def _rows(table: Table, cells: Sequence[Cell], answers: Answers) -> tuple[tuple[str, ...], ...]:
    found = answers.rows.get(table.name, ())
    return tuple(
        (str(place), *(value_text(cell, row.cells.get(cell.name, BLANK)) for cell in cells))
        for place, row in enumerate(found, 1)
    )


def value_text(cell: Cell, value: Value) -> str:
    """Return a value as the lists have it: 2023年5月, 12000.00, 是; money without the zeros nobody typed."""
    if isinstance(value, Missing):
        return cell.type.to_text(value)
    if isinstance(value, Decimal):
        text = cell.type.to_text(value)
        return text.rstrip("0").rstrip(".") if _MONEY in cell.unit and "." in text else text
    return cell.type.to_display(value)


def _dated(head: str, day: date | None) -> str:
    return head if day is None else _DAY.sub(f"{day.year}年{day.month}月{day.day}日", head)


def _columns(cells: Sequence[Cell], rows: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    found = [Column(SERIAL, "center", _SERIAL_EMS)]
    for place, cell in enumerate(cells, 1):
        widest = max((ems(row[place]) for row in rows), default=0.0)
        share = min(max(widest, ems(cell.label) / _HEAD_LINES, _LEAST), _MOST) + 1
        found.append(Column(cell.label, _align(cell), share))
    return tuple(found)


def _align(cell: Cell) -> Align:
    return "left" if cell.type.kind is Kind.TEXT else "center"
