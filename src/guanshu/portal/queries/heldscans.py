"""Uploads of stamped scans on their way: which one is being checked, which one is still to be told of."""

from dataclasses import dataclass
from datetime import datetime

from guanshu.portal.models import HeldScan, HeldState, JobState, Report, ReportVersion, StampedScan
from guanshu.portal.queries.people import museum_names, name_at
from guanshu.survey.intake.scancheck import spoken
from guanshu.survey.workflow.states import State

_OVER = frozenset({State.SUBMITTED.value, State.APPROVED.value, State.EXEMPT.value})


def is_checking(report: Report) -> bool:
    """Return whether a scan of the report is being checked (one whose check failed is not)."""
    found = HeldScan.objects.filter(report=report, state=HeldState.CHECKING.value)
    return found.exclude(job__state=JobState.FAILED.value).exists()


def told_upload(report: Report) -> HeldScan | None:
    """Return the newest upload as long as there is something to say of it: it is being checked, or was not taken.

    What was said of an earlier version is over with the next one, and with the submission.
    """
    if report.state in _OVER:
        return None
    found = HeldScan.objects.filter(report=report).select_related("job", "version__report", "replaces")
    newest = found.prefetch_related("files", "replaces__files").order_by("-uploaded_at").first()
    if newest is None or newest.state not in {HeldState.CHECKING.value, HeldState.REFUSED.value}:
        return None
    if newest.state == HeldState.REFUSED.value and newest.version.number != report.version:
        made = ReportVersion.objects.values_list("made_at", flat=True).get(report=report, number=report.version)
        if newest.ended_at is not None and newest.ended_at < made:
            return None
    return newest


def name_of(held: HeldScan) -> str:
    """Return what the person called an upload."""
    names = [file.name for file in sorted(held.files.all(), key=lambda file: file.place)]
    return names[0] if len(names) == 1 else f"{names[0]} 等 {len(names)} 个文件"


@dataclass(frozen=True, slots=True)
class EyeCheck:
    """Who compared by eye, and when, the sheets whose code did not tell; `sheets`: 2、5—7. `name` may be unknown."""

    username: str
    name: str
    at: datetime
    sheets: str


def eye_check(report: Report, scan: StampedScan | None) -> EyeCheck | None:
    """Return what was confirmed by eye about a scan of the report; None when nothing was."""
    if scan is None or scan.confirmed_at is None:
        return None
    name = name_at(museum_names(report.museum_id), scan.confirmed_by, scan.confirmed_at)
    sheets = spoken(each["page"] for each in scan.pages if each["problem"])
    return EyeCheck(scan.confirmed_by, name, scan.confirmed_at, sheets)
