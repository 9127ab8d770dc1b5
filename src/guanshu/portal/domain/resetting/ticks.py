"""What happens every minute: requests that no limit counts any more are removed."""

from datetime import datetime

from guanshu.portal.domain.jobs.ticking import every_minute
from guanshu.portal.domain.resetting.ledger import sweep_requests


@every_minute
def sweep(*, now: datetime) -> None:
    """Remove old requests for codes."""
    sweep_requests(now)
