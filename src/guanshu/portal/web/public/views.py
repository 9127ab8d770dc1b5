"""Pages for everybody: the home page and the two health checks."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guanshu.portal import audit


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what the system is and what is due, with the log-in box."""
    return render(request, "public/home.html")


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
