"""Looking at hidden names and telephone numbers: allowed where work needs it, and recorded."""

from datetime import datetime

from guanshu.portal import audit
from guanshu.portal.models import Account, AuditRecord, Report


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
