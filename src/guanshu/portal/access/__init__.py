"""Who may open what. The only way from an account or a number in an address to a Report or a Filing."""

from guanshu.portal.access.accounts import access_account, access_museum, accounts_within
from guanshu.portal.access.filings import access_filing, filings, filings_visible_to, own_filing
from guanshu.portal.access.reports import access_report, own_report, reports, visible_to
from guanshu.portal.access.requests import access_application, access_correction, applications, corrections

__all__ = [
    "access_account",
    "access_application",
    "access_correction",
    "access_filing",
    "access_museum",
    "access_report",
    "accounts_within",
    "applications",
    "corrections",
    "filings",
    "filings_visible_to",
    "own_filing",
    "own_report",
    "reports",
    "visible_to",
]
