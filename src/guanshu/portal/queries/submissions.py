"""各省上报: the state of all units in the order of 附件3, and one unit's submission as the nation reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q

from guanshu.portal.models import Campaign, Filing, Package, Report
from guanshu.portal.queries.filingstanding import stand_filing, submitted_late
from guanshu.survey.workflow.filing import FILED, FilingFacts
from guanshu.survey.workflow.filingstates import FilingState


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """One unit. `due` is its own day now; `late`: it came, or is, after its day; `submitted_at` of what is with us."""

    filing: Filing
    state: FilingState
    facts: FilingFacts
    submitted_at: datetime | None
    times: int
    late: bool
    museums: int
    approved: int

    @property
    def due(self) -> date | None:
        """Return the day it has to come by, None when it is there."""
        return None if self.state in FILED else self.facts.due

    @property
    def extended(self) -> bool:
        """Return whether the nation let it come later than the campaign's day."""
        return self.filing.extended_until is not None


def submission_rows(campaign: Campaign, today: date) -> list[SubmissionRow]:
    """Return all units of a year, in the order of 附件3. Three statements."""
    found = Filing.objects.filter(campaign=campaign).select_related("province", "campaign").order_by("province__order")
    handed_in = Package.objects.filter(filing__campaign=campaign, submitted_at__isnull=False).order_by()
    packages = {
        key: (last, times)
        for key, last, times in handed_in.values_list("filing").annotate(last=Max("submitted_at"), times=Count("pk"))
    }
    counted = Report.objects.filter(campaign=campaign).order_by().values_list("museum__province")
    due = ~Q(state="exempt")
    museums = {
        key: (total, approved)
        for key, total, approved in counted.annotate(
            total=Count("pk", filter=due), approved=Count("pk", filter=Q(state="approved"))
        )
    }
    return [_row(filing, today, packages, museums) for filing in found]


def _row(
    filing: Filing,
    today: date,
    packages: Mapping[int, tuple[datetime, int]],
    museums: Mapping[int, tuple[int, int]],
) -> SubmissionRow:
    standing = stand_filing(filing, today)
    last, times = packages.get(filing.pk, (None, 0))
    total, approved = museums.get(filing.province_id, (0, 0))
    state = standing.state
    late = submitted_late(filing) if state in FILED else standing.facts.late
    return SubmissionRow(filing, state, standing.facts, last if state in FILED else None, times, late, total, approved)


def submission_counts(rows: list[SubmissionRow]) -> Mapping[str, int]:
    """Return how many units are in which state, and how many are late."""
    counts = {state.value: sum(row.state is state for row in rows) for state in FilingState}
    waiting = sum(row.late and row.state not in FILED for row in rows)
    return {**counts, "total": len(rows), "overdue": waiting}
