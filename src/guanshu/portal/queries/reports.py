"""A report opened: its questionnaire, answers, last year, and what the checks say."""

from collections.abc import Mapping
from dataclasses import dataclass

from guanshu.portal.access import reports
from guanshu.portal.models import Report
from guanshu.portal.queries.forms import Form, compiled, form
from guanshu.portal.queries.last_year import last_answers, numbers
from guanshu.portal.queries.memory import Memory
from guanshu.portal.queries.prefills import with_register
from guanshu.portal.queries.stored import Stored, read_stored
from guanshu.survey.checks.compiled import Compiled, Context
from guanshu.survey.checks.findings import Evaluation
from guanshu.survey.definition.answers import Answers
from guanshu.survey.values.base import Value

__all__ = ["OpenReport", "compiled", "open_report", "opened_with"]


# The last evaluation of each report; the next one runs only the checks that read what changed (checks.again). It need
# not be of the present answers: it says itself what it was made from.
_evaluations: Memory[str, Evaluation] = Memory(300)


@dataclass(frozen=True, slots=True)
class OpenReport:
    """A report at one moment.

    answers: what was typed, with what the register fills; last: last year's values under this year's names, computed
    ones included; evaluation: everything computed. `stored` and `form` are for saving.
    """

    report: Report
    form: Form
    stored: Stored
    answers: Answers
    last: Answers | None
    context: Context
    evaluation: Evaluation

    @property
    def number(self) -> str:
        """Return the report's number."""
        return self.report.number

    @property
    def saves(self) -> int:
        """Return how many saves there were."""
        return self.report.saves

    @property
    def compiled(self) -> Compiled:
        """Return the compiled questionnaire."""
        return self.form.compiled

    @property
    def last_values(self) -> Mapping[str, Value]:
        """Return last year's form-level values, computed ones included; empty where there is no last year."""
        return self.last.cells if self.last is not None else {}


def open_report(report: Report) -> OpenReport:
    """Return the report with its answers and everything computed from them.

    `report` best comes from access.reports(), which fetches what is needed in one statement. Raises
    crypto.Undecipherable when a personal cell was altered in the database.
    """
    if not hasattr(report, "last_id"):
        report = reports().get(pk=report.pk)
    found = form(report.questionnaire_id)
    return opened_with(report, found, read_stored(report, found))


def opened_with(report: Report, found: Form, stored: Stored) -> OpenReport:
    """Return the report as it is with these answers (stored, or about to be); `report` is from access.reports()."""
    free = bool(getattr(report, "free_this_year", False))
    answers = with_register(stored.answers(), found, report.museum, free=free)
    last = last_answers(report, found)
    context = Context(report_year=report.campaign.year, params=numbers(report.campaign.params), last=last)
    evaluation = found.compiled.evaluate(answers, context, _evaluations.get(report.number))
    _evaluations.put(report.number, evaluation)
    return OpenReport(report, found, stored, answers, last, context, evaluation)
