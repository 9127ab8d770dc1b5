"""What is thrown away every minute: sessions that have run out, failed log-ins that count no more."""

from datetime import datetime

from guanshu.portal.domain.jobs.ticking import every_minute
from guanshu.portal.domain.sessions import remove_old_sessions
from guanshu.portal.domain.throttling import forget_failures


@every_minute
def tidy_doors(*, now: datetime) -> None:
    """Remove what has run out."""
    remove_old_sessions(now=now)
    forget_failures(now=now)
