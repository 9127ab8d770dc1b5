"""A wide CSV file together with the files of its rows tables: `ANSWERS.csv`, `ANSWERS.<table>.csv`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from guanshu.survey.definition.answers import Row
from guanshu.survey.definition.model import Questionnaire, Table, TableKind
from guanshu.survey.interchange.mapping import NO_MAPPING, Mapped
from guanshu.survey.interchange.reading import Organisation, header_problems, read_organisations, read_rows
from guanshu.survey.interchange.sheet import ReadProblem, Sheet, SheetProblem, read_csv


@dataclass(frozen=True, slots=True)
class Bundle:
    """The main sheet, the rows by table and organisation, and what was wrong with columns and rows.

    A rows table that is a key of `rows` was given, also for organisations that have none.
    """

    sheet: Sheet
    rows: Mapping[str, Mapping[str, tuple[Row, ...]]]
    problems: tuple[ReadProblem, ...]

    def organisations(self, questionnaire: Questionnaire) -> Iterator[Organisation]:
        """Yield one organisation a line of the main sheet; may be called once only."""
        return read_organisations(questionnaire, self.sheet, self.rows)


def open_csv(questionnaire: Questionnaire, path: Path, mapping: Mapped = NO_MAPPING) -> Bundle:
    """Return what lies in a wide CSV file and in the files beside it. Raises SheetProblem."""
    sheet = read_csv(path, mapping.name_of)
    beside = {}
    for other in sorted(path.parent.glob(f"{_escape(path.stem)}.*.csv")):
        text = other.name[len(path.stem) + 1 : -len(other.suffix)]
        beside[mapping.table_of(text) or find_table(questionnaire, text)] = other
    rows = {table: read_csv(other, mapping.within(table)) for table, other in beside.items()}
    return bundle(questionnaire, sheet, rows)


def bundle(questionnaire: Questionnaire, sheet: Sheet, rows_sheets: Mapping[str, Sheet]) -> Bundle:
    """Return the main sheet with the rows sheets (by table name) read. Raises SheetProblem."""
    problems = header_problems(questionnaire, sheet)
    rows = {}
    for name, other in rows_sheets.items():
        table = questionnaire.by_name[name]
        problems += header_problems(questionnaire, other, table)
        rows[name], wrong = read_rows(table, other)
        problems += wrong
    return Bundle(sheet, rows, tuple(problems))


def find_table(questionnaire: Questionnaire, text: str) -> str:
    """Return the name of the rows table meant by its name or number. Raises SheetProblem."""
    table: Table | None = questionnaire.by_name.get(text) or questionnaire.by_number.get(text)
    if table is None or table.kind is not TableKind.ROWS:
        known = "、".join(table.name for table in questionnaire.tables if table.kind is TableKind.ROWS)
        raise SheetProblem(f"没有逐行填报的表「{text}」，可以是：{known or '（本调查表没有）'}")
    return table.name


def _escape(stem: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in stem)
