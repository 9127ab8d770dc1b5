"""The lists of all provinces of a year: what was submitted, or what is typed now; a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from guanshu.portal.access import filings
from guanshu.portal.models import Campaign, Filing, FilingAnswers, FilingVersion
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.frozen import plain_document
from guanshu.portal.queries.stored import decrypt_table
from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.definition.storage import Data, decode_answers
from guanshu.survey.workflow.filingstates import FilingState
from guanshu.survey.workflow.snapshot import read_answers

_SUBMITTED = frozenset({FilingState.SUBMITTED, FilingState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class FiledLists:
    """One province's lists: as submitted (the frozen version), or as they stand where nothing is submitted."""

    filing: Filing
    answers: Answers
    form: Questionnaire

    @property
    def state(self) -> FilingState:
        """Return where the filing stands."""
        return FilingState(self.filing.state)

    @property
    def submitted(self) -> bool:
        """Return whether the lists are handed in; returned ones are not."""
        return self.state in _SUBMITTED

    @property
    def submitted_at(self) -> datetime | None:
        """Return when the lists were handed in, as far as they are."""
        return self.filing.state_since if self.submitted else None


def filed_lists(campaign: Campaign) -> list[FiledLists]:
    """Return the lists of every province in the order of 附件3; three statements.

    Raises crypto.Undecipherable when a personal cell was altered.
    """
    found = list(filings().filter(campaign=campaign).order_by("province__order"))
    frozen = _versions(found)
    live = _live([filing for filing in found if filing.pk not in frozen])
    return [
        FiledLists(filing, _answers(filing, frozen, live), form(filing.questionnaire_id).compiled.questionnaire)
        for filing in found
    ]


def _versions(found: Sequence[Filing]) -> dict[int, FilingVersion]:
    submitted = [filing.pk for filing in found if FilingState(filing.state) in _SUBMITTED]
    versions = FilingVersion.objects.filter(filing__in=submitted, number=F("filing__version"))
    return {version.filing_id: version for version in versions}


def _live(found: Sequence[Filing]) -> dict[int, dict[str, Data]]:
    tables: dict[int, dict[str, Data]] = {}
    rows = FilingAnswers.objects.filter(filing__in=found).values_list("filing_id", "table", "data")
    for filing, table, data in rows:
        tables.setdefault(filing, {})[table] = data
    return tables


def _answers(filing: Filing, frozen: Mapping[int, FilingVersion], live: Mapping[int, Mapping[str, Data]]) -> Answers:
    own = form(filing.questionnaire_id)
    version = frozen.get(filing.pk)
    if version is not None:
        return read_answers(own.compiled.questionnaire, plain_document(version.snapshot, filing.number, own))
    tables = live.get(filing.pk, {})
    plain = {number: decrypt_table(data, number, filing.number, own) for number, data in tables.items()}
    return decode_answers(own.compiled.questionnaire, plain)
