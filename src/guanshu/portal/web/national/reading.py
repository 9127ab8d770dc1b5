"""/national/reports/<number>/: one report as a whole, to read."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from guanshu.portal.queries.remarks import remarks_of
from guanshu.portal.web.shared.reading_page import read_page, readable


@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Show the report; what is to be done about it is on the museum's page."""
    found = readable(request, number)
    back = reverse("national:museum", args=[found.museum.code])
    return read_page(request, found, back, more={"remarks": remarks_of(found), "may_comment": False})
