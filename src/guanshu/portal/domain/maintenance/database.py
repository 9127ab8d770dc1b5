"""The database before the first request: schema, append-only triggers, static files, and whose data it holds."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from guanshu.portal import audit
from guanshu.portal.models import AuditRecord

# The event that a demo writes first; a database that has it is never served as a real one.
DEMO_EVENT = "demo_created"


def migrate() -> None:
    """Bring the schema up to date and arm the triggers again (a migration on SQLite may have dropped them)."""
    if connection.vendor == "sqlite":
        Path(str(connection.settings_dict["NAME"])).resolve().parent.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    audit.arm(connection)


def collect_static() -> bool:
    """Collect and compress the static files if they changed since the last time; return whether they had."""
    root = Path(str(settings.STATIC_ROOT))
    stamp = root.parent / f"{root.name}.build"
    if root.is_dir() and stamp.is_file() and stamp.read_text() == settings.STATIC_URL:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(settings.STATIC_URL)
    return True


def is_demo() -> bool:
    """Return whether this database was filled by `guanshu demo`."""
    return AuditRecord.objects.filter(stream="system", action=DEMO_EVENT).exists()
