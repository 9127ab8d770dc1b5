"""Looking at hidden names and telephone numbers: allowed where work needs it, and recorded."""

from datetime import datetime
from typing import Any

from guanshu.portal import audit
from guanshu.portal.models import Account, AuditRecord, Report, StoredFile


def record_reveal(*, report: Report, actor: Account, now: datetime) -> AuditRecord:
    """Record that somebody looked at the personal cells of a report; what they hold is in no record."""
    return audit.record(
        stream=f"account:{actor.username}",
        actor=actor.username,
        action="reveal_personal",
        object=report.number,
        details={"role": actor.role},
        now=now,
    )


def record_download(
    *,
    action: str,
    object: str,  # noqa: A002 - the trail's word
    actor: Account,
    now: datetime,
    **details: Any,
) -> None:
    """Note that somebody took a file out of the system; action: download_file, download_pdf or download_paper."""
    audit.record(
        stream=f"account:{actor.username}",
        actor=actor.username,
        action=action,
        object=object,
        details={"role": actor.role, **details},
        now=now,
    )


def record_package_download(*, file: StoredFile, actor: Account, now: datetime) -> None:
    """Note in the filing's stream that somebody took its package, which holds all fields, people's names included."""
    audit.record(
        stream=f"filing:{file.owner}",
        actor=actor.username,
        action="download_package",
        object=file.owner,
        details={"role": actor.role, "about": file.official_name, "sha256": file.sha256},
        now=now,
    )
