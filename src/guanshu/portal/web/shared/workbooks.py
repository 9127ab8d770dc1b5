"""Handing out a workbook."""

from django.http import HttpResponse

from guanshu.portal.domain.exporting import Exported
from guanshu.portal.web.shared.handing import handed_out


def workbook_response(exported: Exported) -> HttpResponse:
    """Return the workbook as a download under its official name; it holds personal data, so nobody may keep a copy."""
    return handed_out(exported.data, exported.name)
