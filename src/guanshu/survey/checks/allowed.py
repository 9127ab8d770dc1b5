"""Where the respondent may answer 不适用 just now, as far as that depends on a condition."""

from dataclasses import dataclass

from guanshu.survey.checks.calculate import State
from guanshu.survey.checks.evaluate import Compiler
from guanshu.survey.checks.formulas import Formulas
from guanshu.survey.checks.layout import Layout
from guanshu.survey.checks.runtime import Run


@dataclass(frozen=True)
class Allowed:
    """The conditions of tables (by `number.na`), form cells, and columns of rows tables (table, column)."""

    layout: Layout
    form: tuple[tuple[str, str, Run], ...]
    """(address, what must not be hidden, condition)."""
    columns: tuple[tuple[str, str, Run], ...]

    @classmethod
    def of(cls, layout: Layout, formulas: Formulas) -> "Allowed":
        """Return the conditions of a questionnaire. Raises nothing."""
        form: list[tuple[str, str, Run]] = []
        columns: list[tuple[str, str, Run]] = []
        make = Compiler(layout, strict=True)
        for (kind, name, column), node in formulas.na.items():
            if kind == "column":
                columns.append((name, column, make.run(node)))
            elif kind == "table":
                number = layout.questionnaire.by_name[name].number
                form.append((f"{number}.na", number, make.run(node)))
            else:
                form.append((name, name, make.run(node)))
        return cls(layout, tuple(form), tuple(columns))

    def now(self, state: State) -> frozenset[str]:
        """Return the addresses whose condition is true for a report. Raises nothing."""
        v = state.v
        found = {address for address, owner, run in self.form if owner not in state.hidden and run(v) is True}
        for table, column, run in self.columns:
            rows = self.layout.rows[table]
            for row_id, row in zip(state.row_ids[table], v[rows.rows] or (), strict=False):
                v[rows.at : rows.at + len(row)] = row
                address = f"{table}[{row_id}].{column}"
                if address not in state.hidden and run(v) is True:
                    found.add(address)
        return frozenset(found)
