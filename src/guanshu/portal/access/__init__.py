"""Who may open which report. The only way from an account or a number in an address to a Report."""

from guanshu.portal.access.reports import access_report, own_report, reports, visible_to

__all__ = ["access_report", "own_report", "reports", "visible_to"]
