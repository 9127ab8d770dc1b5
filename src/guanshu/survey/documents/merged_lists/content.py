"""What the merged workbook is made from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Questionnaire, Table

# The lists of the notice, by their role in the form, in its order.
MERGED = ("free", "planned", "construction", "conversion")


@dataclass(frozen=True, slots=True)
class UnitLists:
    """One unit's lists. `state` is what the badge says; `included` whether its rows are in the sheets."""

    unit: str
    state: str
    submitted: bool
    submitted_at: datetime | None
    included: bool
    answers: Answers = field(default_factory=Answers)

    def count(self, form: Questionnaire, table: Table) -> int | str:
        """Return how many rows a list has, or the word for why it has none."""
        rows = self.answers.rows.get(table.name, ())
        if rows:
            return len(rows)
        if table.name in self.answers.none:
            return table.heading.get("none_label", "") or "无"
        no_free = self.answers.cells.get(form.roles.get("has_free", "")) is False
        return "不适用" if no_free and table.applies is not True else "未填"


@dataclass(frozen=True, slots=True)
class MergedContent:
    """Everything the workbook says; `unsubmitted`: whether units that have not submitted are included as they are."""

    questionnaire: Questionnaire
    year: int
    at: datetime
    by: str
    units: Sequence[UnitLists]
    unsubmitted: bool

    @property
    def tables(self) -> Sequence[Table]:
        """Return the tables of the lists the form has."""
        known = self.questionnaire.lists
        return [self.questionnaire.by_name[known[role].table] for role in MERGED if role in known]

    @property
    def title(self) -> str:
        """Return the title, marked while a unit is missing or may still change."""
        final = all(unit.submitted for unit in self.units)
        return f"{self.year}年度省级科协报送名单汇总{'' if final else '（未报齐）'}"


def file_name(content: MergedContent) -> str:
    """Return the official name of the file."""
    return f"{content.title}.xlsx"
