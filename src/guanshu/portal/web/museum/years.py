"""What the overview asks of the past: other years, and where the filler left off."""

from guanshu.portal.models import Report, SaveRecord
from guanshu.portal.queries.reports import OpenReport
from guanshu.portal.web.shared.entry.frame import Frame, NavItem
from guanshu.portal.web.shared.entry.reading import Reading
from guanshu.survey.definition.address import UnknownAddress, parse_address


def other_years(report: Report) -> list[int]:
    """Return the years of the museum's other reports, newest first."""
    others = Report.objects.filter(museum=report.museum_id).exclude(pk=report.pk)
    return list(others.order_by("-campaign__year").values_list("campaign__year", flat=True))


def go_on_with(reading: Reading[OpenReport], frame: Frame) -> NavItem | None:
    """Return the table to go on with; None at the end.

    The first with a comment to settle, else the one saved last or the next after it that is not finished.
    """
    items = [item for group in frame.groups for item in group.items if item.applies]
    asked = next((item for item in items if item.said), None)
    if asked is not None:
        return asked
    last = _last_table(reading)
    start = next((index for index, item in enumerate(items) if item.number == last), 0)
    return next((item for item in items[start:] + items[:start] if not item.finished), None)


def _last_table(reading: Reading[OpenReport]) -> str:
    """Return the number of the table that was saved last, "" when nothing was."""
    report = reading.opened.report
    record = SaveRecord.objects.filter(report=report.number).order_by("-seq").first() if report.saves else None
    if record is None or not record.changes:
        return ""
    try:
        return parse_address(reading.form, record.changes[0][0], reading.opened.form.check_tables).table
    except UnknownAddress:
        return ""
