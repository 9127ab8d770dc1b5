"""Reads the data of the consistent free-opening museum and the small changes that make its checks false."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from guanshu.survey.definition.answers import Answers, Row
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.values.base import Kind, Value

TESTS = Path(__file__).resolve().parents[1]
FOLDER = TESTS.parent / "questionnaires" / "museum-2022"
DATA = TESTS / "e2e" / "data"


@dataclass
class Draft:
    """Answers as text, before they are parsed: cells, and for each rows table its rows (column -> text)."""

    cells: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    none: set[str] = field(default_factory=set)

    def answers(self, q: Questionnaire) -> Answers:
        """Return the parsed answers, as a respondent's input would be parsed. Raises ValueProblem."""
        rows = {name: self._rows(q, name, found) for name, found in self.rows.items() if name not in self.none}
        cells: dict[str, Value] = {name: q.cells[name].type.parse(text) for name, text in self.cells.items()}
        return Answers(cells=cells, rows=rows, none=frozenset(self.none))

    def _rows(self, q: Questionnaire, name: str, found: list[dict[str, str]]) -> tuple[Row, ...]:
        types = {cell.name: cell.type for cell in q.by_name[name].cells}
        return tuple(
            Row(f"r{number}", {column: types[column].parse(text) for column, text in row.items()})
            for number, row in enumerate(found, 1)
        )


@dataclass(frozen=True)
class Case:
    """A change of the consistent answers and the ids of the findings it must give; the first is the one meant."""

    expected: tuple[str, ...]
    change: str

    def __str__(self) -> str:
        return f"{self.expected[0]} {self.change[:40]}"


def consistent() -> Draft:
    """Return the answers in tests/e2e/data, with a name for each of the two files."""
    draft = Draft()
    with (DATA / "free_museum.csv").open(encoding="utf-8", newline="") as file:
        draft.cells = {line["cell"]: line["value"] for line in csv.DictReader(file)}
    draft.cells |= {"annual_summary": "年度工作总结.docx", "free_report": "免费工作报告.zip"}
    with (DATA / "free_museum.rows.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            rows = draft.rows.setdefault(line["table"], [])
            rows.extend({} for _ in range(int(line["row"]) - len(rows)))
            rows[int(line["row"]) - 1][line["cell"]] = line["value"]
    return draft


def cases() -> list[Case]:
    """Return the changes in museum_2022_changes.csv."""
    with Path(__file__).with_name("museum_2022_changes.csv").open(encoding="utf-8", newline="") as file:
        return [Case(tuple(line["expected"].split()), line["change"]) for line in csv.DictReader(file)]


def changed(q: Questionnaire, case: Case) -> tuple[Answers, Answers | None]:
    """Return this year's and last year's answers of a case.

    A change is several of: `cell=value`, `table[2].column=value` (`*`: all rows), `table=5` (so many rows, the first
    one repeated), `table.none=是`, `zero=6-1` (0 in every number of the table); with `last.` in front a cell of last
    year's, which is empty but for these (calculated cells may be named there).
    """
    now, last = consistent(), Draft()
    for step in case.change.split("; "):
        target, _, value = step.partition("=")
        if target == "zero":
            cells = q.by_number[value].form_cells
            now.cells |= {cell.name: "0" for cell in cells if cell.typed and cell.type.kind is Kind.NUMBER}
        elif target.startswith("last."):
            last.cells[target.removeprefix("last.")] = value
        else:
            _set(q, now, target, value)
    return now.answers(q), last.answers(q) if last != Draft() else None


def _set(q: Questionnaire, draft: Draft, target: str, value: str) -> None:
    name, _, rest = target.partition("[")
    if rest:
        number, _, column = rest.partition("].")
        rows = draft.rows[name]
        for row in rows if number == "*" else [rows[int(number) - 1]]:
            row[column] = value
    elif target.endswith(".none"):
        draft.none.add(target.removesuffix(".none"))
    elif target in q.by_name and target not in q.cells:
        first = draft.rows[target][0]
        draft.rows[target] = [dict(first) for _ in range(int(value))]
    else:
        draft.cells[target] = value
