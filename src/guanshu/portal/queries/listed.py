"""The lists of a filing read by what their columns mean; no program names a table or a column.

Rows are told apart by the name they carry; names are compared without spaces and in one spelling of brackets.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guanshu.portal.queries.filings import OpenFiling
from guanshu.survey.definition.answers import Row
from guanshu.survey.definition.model import Cell, ListRoles, Table
from guanshu.survey.values.base import Value
from guanshu.survey.values.missing import BLANK


def same_name(name: str) -> str:
    """Return a name as names are compared."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


@dataclass(frozen=True)
class ListReader:
    """One list: its table, what its columns mean, its rows; `none` says that it is ticked 本省无."""

    table: Table
    roles: ListRoles
    rows: Sequence[Row]
    none: bool = False

    def cell(self, role: str) -> Cell | None:
        """Return the column with a meaning, None where the form has no such column."""
        return self.table.by_name.get(self.roles.columns.get(role, ""))

    def value(self, row: Row, role: str) -> Value:
        """Return what a row holds in the column with a meaning."""
        return row.cells.get(self.roles.columns.get(role, ""), BLANK)

    def name(self, row: Row, role: str = "name") -> str:
        """Return the name a row carries, "" while it has none."""
        value = self.value(row, role)
        return value if isinstance(value, str) else ""

    def by_name(self, role: str = "name") -> dict[str, Row]:
        """Return the rows by the name they are compared by; the first of several that are called the same."""
        found: dict[str, Row] = {}
        for row in self.rows:
            name = same_name(self.name(row, role))
            if name:
                found.setdefault(name, row)
        return found

    def named(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Return values by meaning as values by column; those without a column or a value are left out."""
        found = {self.roles.columns.get(role, ""): value for role, value in values.items()}
        return {column: value for column, value in found.items() if column and value is not BLANK}

    def free_id(self, wanted: str) -> str:
        """Return an id no row has: a row once taken from a proposal may carry another name now."""
        taken = {row.id for row in self.rows}
        found, count = wanted, 1
        while found in taken:
            count += 1
            found = f"{wanted}-{count}"
        return found


def role_of_list(opened: OpenFiling, table: Table) -> str:
    """Return the role of a list by its table, "" when the system does not know it."""
    lists = opened.compiled.questionnaire.lists
    return next((role for role, known in lists.items() if known.table == table.name), "")


def reader_of(opened: OpenFiling, role: str, *, last: bool = False) -> ListReader | None:
    """Return the reader of a list of this year (or the last), None when there is no such list."""
    questionnaire = opened.compiled.questionnaire
    roles = questionnaire.lists.get(role)
    answers = opened.last if last else opened.answers
    if roles is None or answers is None:
        return None
    table = questionnaire.by_name[roles.table]
    return ListReader(table, roles, answers.rows.get(table.name, ()), table.name in answers.none)
