"""Pages for everybody: the home page and the two health checks."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guanshu.portal import audit, clock
from guanshu.portal.queries.campaigns import current_campaign
from guanshu.portal.queries.publishing import contacts, notice_of, notices


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what the system is and what is due, with notices, contacts and the log-in box."""
    campaign, today = current_campaign(), clock.today()
    waiting = campaign is not None and today < campaign.opens_on
    context = {"notices": notices(today), "contacts": contacts(campaign), "not_open": waiting}
    return render(request, "public/home.html", context)


@never_cache
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one notice."""
    found = notice_of(pk, clock.today())
    if found is None:
        raise Http404
    return render(request, "public/notice.html", {"notice": found})


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
