"""The museum's other years, for the links to closed ones."""

from guanshu.portal.models import Report


def other_years(report: Report) -> list[int]:
    """Return the years of the museum's other reports, newest first."""
    others = Report.objects.filter(museum=report.museum_id).exclude(pk=report.pk)
    return list(others.order_by("-campaign__year").values_list("campaign__year", flat=True))
