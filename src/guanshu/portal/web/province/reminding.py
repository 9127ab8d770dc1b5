"""催报 of the province: the log, and reminding museums by hand."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from guanshu.portal.web.province.views import own_province
from guanshu.portal.web.shared.reminding import Desk, log_page, prepare_page, send_page


def _desk(request: HttpRequest) -> Desk:
    return Desk(
        own_province(request),
        log="province:reminders",
        prepare="province:remind",
        send="province:remind_send",
        back="province:status",
    )


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """催报记录."""
    return log_page(request, _desk(request))


@require_POST
def prepare(request: HttpRequest) -> HttpResponse:
    """Who would get what; nothing is sent yet."""
    return prepare_page(request, _desk(request))


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Send it, or leave it for the next allowed moment."""
    return send_page(request, _desk(request))
