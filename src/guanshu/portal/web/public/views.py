"""Pages for everybody: the home page, notices, the demo's outbox and the two health checks."""

from django.conf import settings
from django.core.paginator import Paginator
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guanshu.portal import audit, clock
from guanshu.portal.domain.publications import FORMATS, GUIDE, guide_of, publication_file, publications
from guanshu.portal.domain.verifying import verify_page
from guanshu.portal.models import Campaign
from guanshu.portal.queries.campaigns import current_campaign
from guanshu.portal.queries.publishing import contacts, notice_of, notices
from guanshu.portal.sms.outbox import newest, shown
from guanshu.portal.web.shared.handing import handed_out

PAGE = 50


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what the system is and what is due, with notices, contacts and the log-in box."""
    campaign, today = current_campaign(), clock.today()
    waiting = campaign is not None and today < campaign.opens_on
    context = {
        "notices": notices(today),
        "contacts": contacts(campaign),
        "not_open": waiting,
        "publications": publications(campaign) if campaign is not None else [],
    }
    return render(request, "public/home.html", context)


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Show the guide to the running campaign's form."""
    campaign = _campaign()
    found = publications(campaign)
    official = next((each for one in found if one.kind == GUIDE for each in one.formats if each.official), None)
    context = {"guide": guide_of(campaign), "publications": found, "official": official}
    return render(request, "public/guide.html", context)


@require_safe
def publication(request: HttpRequest, kind: str, suffix: str) -> HttpResponse:  # noqa: ARG001
    """Hand out the blank form or the guide."""
    if suffix not in FORMATS.get(kind, ()):
        raise Http404
    try:
        name, data = publication_file(campaign=_campaign(), kind=kind, suffix=suffix)
    except FileNotFoundError as error:
        raise Http404 from error
    return handed_out(data, name)


@never_cache
@require_safe
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """Tell whoever holds a printed page what it is worth: genuine or not, current or superseded; no data."""
    typed = code or request.GET.get("code", "")
    found = verify_page(typed) if typed.strip() else None
    context = {"typed": typed[:200].replace("\x00", ""), "asked": bool(typed.strip()), "found": found}
    return render(request, "public/verify.html", context)


def _campaign() -> Campaign:
    found = current_campaign()
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one notice."""
    found = notice_of(pk, clock.today())
    if found is None:
        raise Http404
    return render(request, "public/notice.html", {"notice": found})


@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """Show the demo's text messages, newest first; there is no such page anywhere else."""
    if not settings.DEMO:
        raise Http404
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    page = Paginator(newest(), PAGE).get_page(request.GET.get("page"))
    return render(request, "public/outbox.html", {"page": page, "rows": [shown(message) for message in page]})


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say that the process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say whether work can be done: database reachable, migrations applied, audit triggers armed."""
    checks = {"database": False, "migrations": False, "triggers": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = True
        executor = MigrationExecutor(connection)
        checks["migrations"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        checks["triggers"] = checks["migrations"] and audit.armed(connection)
    except DatabaseError:
        pass
    ready = all(checks.values())
    return JsonResponse({"status": "ok" if ready else "not ready", **checks}, status=200 if ready else 503)
