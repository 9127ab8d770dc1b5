"""Which reports an export holds, opened one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from guanshu.portal.access import reports
from guanshu.portal.models import Campaign, Province, Report
from guanshu.portal.problems import Unusable
from guanshu.portal.queries.frozen import FrozenReport, current_versions, frozen
from guanshu.portal.queries.reports import OpenReport, open_report
from guanshu.survey.workflow.states import State

# Snapshots held in memory at a time.
_CHUNK = 50


def find_province(digits: str) -> Province:
    """Return the unit whose account begins with these two digits (兵团: 66). Raises Unusable."""
    found = Province.objects.filter(code__startswith=digits) if digits.isdecimal() and len(digits) == 2 else None
    province = found.first() if found is not None else None
    if province is None:
        raise Unusable(f"没有代码为「{digits}」的省级单位，应为省级账号的前两位数字，如 13。")
    return province


def find_campaign(year: int) -> Campaign:
    """Return the campaign of a year. Raises Unusable."""
    campaign = Campaign.objects.filter(year=year).first()
    if campaign is None:
        raise Unusable(f"系统中没有 {year} 年度的数据。")
    return campaign


_SUBMITTED = (State.SUBMITTED.value, State.APPROVED.value)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an export is about: a year, one province or all, all museums or the free-opening ones."""

    campaign: Campaign
    province: Province | None
    free: bool

    def reports(self) -> QuerySet[Report]:
        """Return every report of the scope, in the order of 附件3 and of museum codes."""
        found = reports().filter(campaign=self.campaign).order_by("museum__province__order", "museum__code")
        if self.province is not None:
            found = found.filter(museum__province=self.province)
        return found.filter(museum__free_years__year=self.campaign.year) if self.free else found


@dataclass(frozen=True, slots=True)
class Standing:
    """How many reports of a scope are approved, wait for the province, were not submitted, are 免报.

    recorded: how many of those not submitted the province has put on record as 逾期未报 or 未按期完成.
    """

    approved: int
    waiting: int
    unsubmitted: int
    exempt: int
    recorded: int = 0

    @property
    def submitted(self) -> int:
        """Return those that are exported without asking for more."""
        return self.approved + self.waiting

    @property
    def final(self) -> bool:
        """Return whether nothing is awaited any more: everything due is approved, or on record as not having come."""
        return bool(self.approved) and not self.waiting and not self.awaited

    @property
    def awaited(self) -> int:
        """Return how many still have to hand their reports in."""
        return self.unsubmitted - self.recorded


def standing(scope: Scope) -> Standing:
    """Return the counts of a scope, in one statement."""
    told = Count("pk", filter=~Q(overdue_reason=""))
    counted = scope.reports().order_by().values_list("state").annotate(n=Count("pk"), told=told)
    by_state = {str(state): (int(number), int(recorded)) for state, number, recorded in counted}
    approved, waiting, exempt = (by_state.pop(state, (0, 0))[0] for state in ("approved", "submitted", "exempt"))
    others = by_state.values()
    return Standing(approved, waiting, sum(n for n, _ in others), exempt, sum(recorded for _, recorded in others))


def exported_reports(scope: Scope, *, unsubmitted: bool) -> list[Report]:
    """Return the reports an export holds: the submitted ones, or with `unsubmitted` every one."""
    found = scope.reports()
    return list(found if unsubmitted else found.filter(state__in=_SUBMITTED))


def is_submitted(report: Report) -> bool:
    """Return whether a report stands with the province or has passed it."""
    return report.state in _SUBMITTED


def read_each(found: Sequence[Report]) -> Iterator[OpenReport | FrozenReport]:
    """Yield the reports without keeping them: a submitted one as its version has it, any other as it is now.

    Reports imported for closed years were never frozen; they are read as they are.
    """
    for start in range(0, len(found), _CHUNK):
        chunk = found[start : start + _CHUNK]
        versions = current_versions([report for report in chunk if is_submitted(report)])
        for report in chunk:
            version = versions.get(report.pk)
            yield open_report(report) if version is None else frozen(report, version)
