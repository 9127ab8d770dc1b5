"""A questionnaire made ready: every check and formula typed and compiled, reports evaluated."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from functools import cached_property
from itertools import chain
from typing import Any

from guanshu.survey.checks.again import RowFinding, Since, Trace, readers, reads_of
from guanshu.survey.checks.allowed import Allowed
from guanshu.survey.checks.calculate import State, Step
from guanshu.survey.checks.findings import CheckClass, Evaluation, Finding
from guanshu.survey.checks.instances import Instance
from guanshu.survey.checks.layout import Layout, Rows
from guanshu.survey.checks.load import Loader, copy_slots
from guanshu.survey.checks.runtime import CONTEXT, Frame, Run
from guanshu.survey.checks.sentence import Sentence
from guanshu.survey.checks.states import TableNeeds, survey_tables
from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.definition.source import Problem, Source


@dataclass(frozen=True)
class Context:
    """What a report is evaluated against: the campaign's year and parameters, last year's answers (None: no report)."""

    report_year: int
    params: Mapping[str, Decimal | bool] = field(default_factory=dict)
    last: Answers | None = None


@dataclass(frozen=True)
class Bound:
    """One application of a check, compiled. `rows` is set where it applies to every row of a rows table."""

    instance: Instance
    run: Run
    sentence: Sentence
    rows: Rows | None = None


@dataclass(frozen=True)
class Check:
    """One check. `scope` is "", 每行, 每列 or 每项; `names` the rows, columns or cells it is applied to.

    `text` is the expression as written, `source` where it stands. Generated checks come from `of`.
    """

    id: str
    cls: CheckClass
    table: str
    scope: str
    names: tuple[str, ...]
    generated: bool
    text: str
    source: Source
    bound: tuple[Bound, ...]

    def sentence(self) -> str:
        """Return the check in words, without values, for guides. Raises nothing."""
        return self.bound[0].sentence.statement(self.scope, self.names)


@dataclass(frozen=True)
class Compiled:
    """A questionnaire with everything compiled. Not to be used when there were problems."""

    questionnaire: Questionnaire
    checks: tuple[Check, ...]
    layout: Layout
    steps: tuple[Step, ...] = ()
    last_steps: tuple[tuple[str, Step], ...] = ()
    needs: tuple[TableNeeds, ...] = ()
    allowed: Allowed | None = None

    @cached_property
    def check_by_id(self) -> Mapping[str, Check]:
        """Return checks by id."""
        return {check.id: check for check in self.checks}

    @cached_property
    def _loader(self) -> Loader:
        return Loader.of(self.layout)

    @cached_property
    def form_runs(self) -> tuple[tuple[int, Bound, Run], ...]:
        """Return (index of the check, application, closure) of everything that is not applied to rows."""
        return tuple(
            (index, bound, bound.run)
            for index, check in enumerate(self.checks)
            for bound in check.bound
            if bound.rows is None
        )

    @cached_property
    def row_runs(self) -> tuple[tuple[Rows, tuple[tuple[int, Bound, Run], ...]], ...]:
        """Return the same for every rows table that has checks of its rows."""
        found: dict[str, list[tuple[int, Bound, Run]]] = {}
        for index, check in enumerate(self.checks):
            for bound in check.bound:
                if bound.rows is not None:
                    found.setdefault(bound.rows.table.name, []).append((index, bound, bound.run))
        return tuple((self.layout.rows[name], tuple(runs)) for name, runs in found.items())

    @cached_property
    def _last_pairs(self) -> tuple[tuple[int, int], ...]:
        return tuple((self.layout.form[name], slot) for name, slot in self.layout.last.items())

    @cached_property
    def _readers(self) -> Mapping[int, tuple[int, ...]]:
        return readers(self.layout, (bound for _, bound, _ in self.form_runs))

    @cached_property
    def _row_readers(self) -> Mapping[str, frozenset[int]]:
        """Return the slots that the checks of each rows table's rows read."""
        return {
            rows.table.name: frozenset(
                {rows.rows, *(slot for _, bound, _ in runs for slot in reads_of(self.layout, bound))}
            )
            for rows, runs in self.row_runs
        }

    def evaluate(self, answers: Answers, context: Context, before: Evaluation | None = None) -> Evaluation:
        """Return everything computed from one report: values, what is missing, findings. Raises nothing.

        `before`: an earlier evaluation, best of the same report; what did not change is taken over from it.
        """
        with localcontext(CONTEXT):
            trace = before.trace if before is not None and before.trace is not None else None
            trace = trace if trace is not None and trace.compiled is self else None
            state = self.work_out(answers, context, trace)
            since = Since.of(trace, state) if trace is not None else None
            surveyed = survey_tables(self.needs, state, since)
            false = self._false(state.v, answers, since)
            row_false = self._row_findings(state, answers, since)
            found = [(self.form_runs[place][0], place, finding) for place, finding in false.items()]
            found.extend(chain.from_iterable(row_false.values()))
            found.sort(key=lambda item: item[:2])
            partial = {self._loader.names[slot]: value for slot, value in state.partial.items()}
            values = self._loader.values(state, since)
            return Evaluation(
                values=values,
                partial=partial | state.row_partial,
                hidden=frozenset(state.hidden),
                required=frozenset[str]().union(*(names for _, names in surveyed.values())),
                states={number: table for number, (table, _) in surveyed.items()},
                findings=tuple(finding for _, _, finding in found),
                na_allowed=self.allowed.now(state) if self.allowed is not None else frozenset(),
                trace=Trace(
                    self, state, values, surveyed, false, row_false, context.last, context.report_year, context.params
                ),
            )

    def _false(self, v: Frame, answers: Answers, since: Since | None) -> dict[int, Finding]:
        """Return the findings of the checks that are not applied to rows, by their place in `form_runs`."""
        runs = self.form_runs
        if since is None:
            return {
                place: self._finding(index, bound, v, answers)
                for place, (index, bound, run) in enumerate(runs)
                if run(v) is False
            }
        changed = {place for slot in since.changed for place in self._readers.get(slot, ())}
        false = {
            place: _explained(finding, answers) for place, finding in since.trace.false.items() if place not in changed
        }
        for place in changed:
            index, bound, run = runs[place]
            if run(v) is False:
                false[place] = self._finding(index, bound, v, answers)
        return false

    def coverage(self, answers: Answers, context: Context) -> Mapping[str, tuple[int, int, int]]:
        """Return per check id over how many of its scopes it is true, false and unknown. Raises nothing."""
        counts = {check.id: [0, 0, 0] for check in self.checks}
        with localcontext(CONTEXT):
            v = self.work_out(answers, context).v
            for index, _, run in self.form_runs:
                counts[self.checks[index].id][_column(run(v))] += 1
            for rows, runs in self.row_runs:
                for row in v[rows.rows] or ():
                    v[rows.at : rows.at + len(row)] = row
                    for index, _, run in runs:
                        counts[self.checks[index].id][_column(run(v))] += 1
        return {name: (true, false, unknown) for name, (true, false, unknown) in counts.items()}

    def work_out(self, answers: Answers, context: Context, trace: Trace | None = None) -> State:
        """Return a report with applicability, 不适用 and calculated cells settled. Raises nothing.

        This function will only be right inside `localcontext(CONTEXT)`, as `evaluate` calls it.
        """
        state = self._loader.load(answers)
        v = state.v
        self._settings(v, context, context.report_year)
        if context.last is not None and self._last_pairs:
            if trace is not None and _same_last_year(trace, context):
                copy_slots(trace.state.v, v, self._last_slots)
            else:
                copy_slots(self._last_frame(context.last, context), v, self._last_pairs)
        for step in self.steps:
            step(state)
        return state

    @cached_property
    def _last_slots(self) -> tuple[tuple[int, int], ...]:
        return tuple((slot, slot) for slot in self.layout.last.values())

    def _settings(self, v: Frame, context: Context, year: int) -> None:
        v[self.layout.year] = Decimal(year)
        for name, value in context.params.items():
            slot = self.layout.params.get(name)
            if slot is not None:
                v[slot] = value

    def _last_frame(self, last: Answers, context: Context) -> Frame:
        """Work out what checks read of last year. Calculated cells that were kept are taken as they were."""
        state = self._loader.load(last)
        self._settings(state.v, context, context.report_year - 1)
        self._loader.tick(state, last.na)
        for name, step in self.last_steps:
            if name not in last.cells:
                step(state)
        return state.v

    def _row_findings(self, state: State, answers: Answers, since: Since | None) -> dict[str, list[RowFinding]]:
        """Return the findings of the rows of every rows table that has checks of its rows."""
        v = state.v
        tables: dict[str, list[RowFinding]] = {}
        for rows, runs in self.row_runs:
            name = rows.table.name
            if since is not None and since.keeps(self._row_readers[name]):
                known = since.trace.row_false[name]
                tables[name] = [(index, number, _explained(finding, answers)) for index, number, finding in known]
                continue
            found = tables[name] = []
            for number, row in enumerate(v[rows.rows] or ()):
                v[rows.at : rows.at + len(row)] = row
                for index, bound, run in runs:
                    if run(v) is False:
                        row_id = state.row_ids[name][number]
                        finding = self._finding(index, bound, v, answers, row_id=row_id, number=number + 1)
                        found.append((index, number, finding))
        return tables

    def _finding(
        self, index: int, bound: Bound, v: Frame, answers: Answers, *, row_id: str = "", number: int = 0
    ) -> Finding:
        check = self.checks[index]
        scope = row_id or bound.instance.key
        key = f"{check.id}[{scope}]" if scope else check.id
        return Finding(
            check=check.id,
            cls=check.cls,
            table=check.table,
            scope=scope,
            cells=bound.sentence.addresses(row_id),
            message=bound.sentence.message(v, number),
            explanation=answers.explanations.get(key, ""),
        )


def _explained(finding: Finding, answers: Answers) -> Finding:
    """Return the finding with its explanation as it is now."""
    text = answers.explanations.get(finding.key, "")
    return finding if text == finding.explanation else replace(finding, explanation=text)


def _same_last_year(trace: Trace, context: Context) -> bool:
    return trace.last is context.last and trace.year == context.report_year and trace.params == context.params


def _column(verdict: Any) -> int:
    return 2 if verdict is None else 0 if verdict else 1


def compile_questionnaire(
    questionnaire: Questionnaire, rules_files: Mapping[str, str]
) -> tuple[Compiled, list[Problem]]:
    """Return the compiled questionnaire and every problem in its formulas and checks.

    `rules_files` maps "checks/2-2.rules" to its text. This function will not raise; with problems the result must
    not be used.
    """
    from guanshu.survey.checks.compiling import compile_all

    return compile_all(questionnaire, rules_files)
