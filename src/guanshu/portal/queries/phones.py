"""The mobile numbers of a museum's filler and reviewer: the only place outside a report's own pages that reads them.

A number that came to the account in any way but last year's report (a submission, operations staff, a new person)
counts first: messages that name the museum must not go to a number that was given up. Else it is what the form says
(roles filler_mobile and reviewer_mobile): this year's answer, and while it is blank last year's report.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guanshu.portal import crypto
from guanshu.portal.models import Account, Campaign, Report, Role, TableAnswers
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.people import accounts_told, person_of
from guanshu.survey.values.contacts import is_mobile, mask_mobile
from guanshu.survey.workflow.actions import Actor

_ROLES = {Actor.FILLER: "filler_mobile", Actor.REVIEWER: "reviewer_mobile"}


@dataclass(frozen=True, slots=True)
class Phone:
    """One number: `shown` is what pages print of it, `year` the report it was found in."""

    number: str = field(repr=False)
    year: int

    @property
    def shown(self) -> str:
        """Return the number as everybody may see it."""
        return mask_mobile(self.number)


Phones = Mapping[Actor, Phone]
_PEOPLE = {Role.FILLER.value: Actor.FILLER, Role.REVIEWER.value: Actor.REVIEWER}


def phones_of(reports: Sequence[Report]) -> Mapping[int, Phones]:
    """Return the numbers on record for the museums of reports of one campaign, by the report's key; four statements.

    Who is on record for nobody is left out. The reports come with their campaign.
    """
    if not reports:
        return {}
    years = {report.campaign.year for report in reports}
    museums = {report.museum_id: report.pk for report in reports}
    last = Report.objects.filter(museum__in=museums, campaign__year__in=[year - 1 for year in years])
    before = list(last.select_related("campaign").only("museum", "questionnaire", "number", "campaign__year"))
    found: dict[int, dict[Actor, Phone]] = defaultdict(dict)
    # Last year's first, so that this year's take their place.
    for report, person, number in _numbers([*before, *reports]):
        found[museums[report.museum_id]][person] = Phone(number, report.campaign.year)
    for account in accounts_told(museums):
        number = person_of(account).phone
        if number and account.museum_id is not None:
            found[museums[account.museum_id]][Actor(account.role)] = Phone(number, max(years))
    return dict(found)


def last_years_number(account: Account, year: int) -> str:
    """Return the number that the report of the year before `year` gives for a museum's filler or reviewer, or ""."""
    person = _PEOPLE.get(account.role)
    if person is None:
        return ""
    last = Report.objects.filter(museum=account.museum_id, campaign__year=year - 1).select_related("campaign")
    found = {who: number for _, who, number in _numbers(list(last))}
    return found.get(person, "")


def know_forms(year: int) -> None:
    """Compile the form of the year before `year`, once a process, so that no number takes longer to find."""
    for version in Campaign.objects.filter(year=year - 1).values_list("questionnaire", flat=True):
        _cells(version)


def _numbers(reports: Sequence[Report]) -> Iterable[tuple[Report, Actor, str]]:
    """Yield who is on record where, in the order of the reports."""
    cells = {version: _cells(version) for version in {report.questionnaire_id for report in reports}}
    tables = {table for places in cells.values() for table, _ in places.values()}
    keys = [report.pk for report in reports]
    stored = TableAnswers.objects.filter(report__in=keys, table__in=tables).values_list("report", "table", "data")
    data = {(report, table): each for report, table, each in stored}
    for report in reports:
        for person, (table, name) in cells[report.questionnaire_id].items():
            number = _number(report, name, data.get((report.pk, table), {}))
            if number:
                yield report, person, number


def _cells(version: int) -> dict[Actor, tuple[str, str]]:
    """Return where a form asks for each person's mobile number: the table's number and the cell's name."""
    questionnaire = form(version).compiled.questionnaire
    named = {person: questionnaire.cells.get(questionnaire.roles.get(role, "")) for person, role in _ROLES.items()}
    return {person: (cell.table, cell.name) for person, cell in named.items() if cell is not None}


def _number(report: Report, name: str, data: Mapping[str, Any]) -> str:
    """Return the digits in a cell, "" for anything else: blank, 不适用, altered in the database."""
    value = data.get("cells", {}).get(name)
    if crypto.is_encrypted(value):
        try:
            value = crypto.decrypt(value, report=report.number, address=name)
        except crypto.Undecipherable:
            return ""
    return value if isinstance(value, str) and is_mobile(value) else ""
