"""One museum of the register with its reports, versions and what was decided about them."""

from django.db.models import F, QuerySet

from guanshu.portal.access import reports
from guanshu.portal.models import Campaign, Exemption, Museum, Report, ReportVersion


def museum_of(code: str) -> Museum | None:
    """Return the museum with this code."""
    return Museum.objects.select_related("province").filter(code=code).first()


def report_of(museum: Museum, campaign: Campaign) -> Report | None:
    """Return the museum's report of a year."""
    return reports().filter(museum=museum, campaign=campaign).first()


def years_of(museum: Museum) -> list[int]:
    """Return the years the museum has reports of, newest first."""
    found = Report.objects.filter(museum=museum).order_by("-campaign__year")
    return list(found.values_list("campaign__year", flat=True))


def versions_of(report: Report) -> list[ReportVersion]:
    """Return a report's versions without their content, newest first, each with its scans."""
    found = ReportVersion.objects.filter(report=report).defer("snapshot").order_by("-number")
    return list(found.prefetch_related("scans__file"))


def exemptions(campaign: Campaign) -> QuerySet[Exemption]:
    """Return what provinces declared exempt in a campaign, those in force first."""
    found = Exemption.objects.filter(report__campaign=campaign).select_related("report__museum__province", "file")
    in_force_first = F("ended_at").asc(nulls_first=True)
    return found.order_by(in_force_first, "report__museum__province__order", "report__museum__code")
