"""/museum/history/: who did what when, every version with its PDF, the receipts; and a receipt to print."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from guanshu.portal.models import Report, ReportVersion, StampedScan
from guanshu.portal.queries.reports import open_report
from guanshu.portal.queries.seals import newest_seal
from guanshu.portal.queries.workflow import Receipt, history, receipts
from guanshu.portal.web.museum.pages import page, read_report, report_of, surroundings
from guanshu.survey.workflow.snapshot import report_code

# As many digits of the content hash as the code on each page carries.
_SHORT = 16


@dataclass(frozen=True, slots=True)
class VersionView:
    """One frozen version, with the scans that were uploaded for it."""

    number: int
    code: str
    made_at: datetime
    made_by: str
    hash: str
    scans: tuple[StampedScan, ...]


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """One submission. `place` counts from the first; `content` is the hash of what was submitted."""

    place: int
    code: str
    receipt: Receipt
    content: str


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Show the record of the report."""
    report = report_of(request)
    around = surroundings(request, read_report(request, open_report(report)))
    context = {
        **around,
        "events": history(report),
        "versions": version_views(report),
        "receipts": receipt_views(report),
    }
    return page(request, "museum/history.html", context)


@require_safe
def receipt(request: HttpRequest, place: int) -> HttpResponse:
    """Show one receipt, to print."""
    report = report_of(request)
    found = next((each for each in receipt_views(report) if each.place == place), None)
    if found is None:
        raise Http404
    around = surroundings(request, read_report(request, open_report(report)))
    return page(request, "museum/receipt.html", {**around, "found": found, "report": report, "seal": newest_seal()})


def version_views(report: Report) -> tuple[VersionView, ...]:
    """Return the frozen versions, newest first."""
    scans: dict[int, list[StampedScan]] = {}
    for scan in StampedScan.objects.filter(version__report=report).select_related("file").order_by("-pk"):
        scans.setdefault(scan.version_id, []).append(scan)
    versions = ReportVersion.objects.filter(report=report).defer("snapshot").order_by("-number")
    return tuple(
        VersionView(
            number=version.number,
            code=report_code(report.number, version.number),
            made_at=version.made_at,
            made_by=version.made_by,
            hash=version.content_hash[:_SHORT].upper(),
            scans=tuple(scans.get(version.pk, ())),
        )
        for version in versions
    )


def receipt_views(report: Report) -> tuple[ReceiptView, ...]:
    """Return the receipts, newest first."""
    hashes = dict(ReportVersion.objects.filter(report=report).values_list("number", "content_hash"))
    found = receipts(report)
    return tuple(
        ReceiptView(
            place=len(found) - index,
            code=report_code(report.number, each.version),
            receipt=each,
            content=hashes.get(each.version, "")[:_SHORT].upper(),
        )
        for index, each in enumerate(found)
    )
