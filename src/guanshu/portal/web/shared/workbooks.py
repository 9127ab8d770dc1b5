"""Handing out a workbook."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from guanshu.portal.domain.exporting import Exported

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_response(exported: Exported) -> HttpResponse:
    """Return the workbook as a download under its official name; it holds personal data, so nobody may keep a copy."""
    response = HttpResponse(exported.data, content_type=_XLSX)
    response["Content-Disposition"] = content_disposition_header(True, exported.name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response
