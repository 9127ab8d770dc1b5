"""A province's filing opened: its form, its lists as typed, last year's lists, and what the checks say."""

from collections.abc import Mapping
from dataclasses import dataclass

from guanshu.portal.models import Filing
from guanshu.portal.queries.forms import Form, form
from guanshu.portal.queries.last_year import numbers, told_under
from guanshu.portal.queries.memory import Memory
from guanshu.portal.queries.stored import Stored, read_stored
from guanshu.survey.checks.compiled import Compiled, Context
from guanshu.survey.checks.findings import Evaluation
from guanshu.survey.definition.answers import Answers
from guanshu.survey.values.base import Value

# The last evaluation of each filing: the next one runs only the checks that read what changed.
_evaluations: Memory[str, Evaluation] = Memory(64)


@dataclass(frozen=True, slots=True)
class OpenFiling:
    """A filing at one moment; the same parts as an OpenReport.

    answers: the lists as typed; last: last year's lists under this year's names, None where there are none;
    evaluation: everything computed. `stored` and `form` are for saving.
    """

    filing: Filing
    form: Form
    stored: Stored
    answers: Answers
    last: Answers | None
    context: Context
    evaluation: Evaluation

    @property
    def number(self) -> str:
        """Return the filing's number."""
        return self.filing.number

    @property
    def saves(self) -> int:
        """Return how many saves there were."""
        return self.filing.saves

    @property
    def compiled(self) -> Compiled:
        """Return the compiled form."""
        return self.form.compiled

    @property
    def last_values(self) -> Mapping[str, Value]:
        """Return last year's form-level values, computed ones included; empty where there is no last year."""
        return self.last.cells if self.last is not None else {}


def open_filing(filing: Filing) -> OpenFiling:
    """Return the filing with its lists and everything computed from them; best from access.access_filing."""
    found = form(filing.questionnaire_id)
    return filing_with(filing, found, read_stored(filing, found))


def filing_with(filing: Filing, found: Form, stored: Stored) -> OpenFiling:
    """Return the filing as it is with these lists (stored, or about to be)."""
    answers = stored.answers()
    last = _last_lists(filing, found)
    context = Context(report_year=filing.campaign.year, params=numbers(filing.campaign.params), last=last)
    evaluation = found.compiled.evaluate(answers, context, _evaluations.get(filing.number))
    _evaluations.put(filing.number, evaluation)
    return OpenFiling(filing, found, stored, answers, last, context, evaluation)


def last_filing(filing: Filing) -> Filing | None:
    """Return the same province's filing of the year before, None when there is none or nothing was ever filed in it."""
    found = Filing.objects.select_related("campaign", "province").filter(
        province=filing.province_id, campaign__year=filing.campaign.year - 1, saves__gt=0
    )
    return found.first()


def _last_lists(filing: Filing, this: Form) -> Answers | None:
    last = last_filing(filing)
    if last is None:
        return None
    own = form(last.questionnaire_id)
    return told_under(this, own, read_stored(last, own).answers(), last.campaign)
