"""What happens every minute: reminders that are due, then the messages that wait."""

from datetime import datetime

from guanshu.portal.domain.jobs.ticking import every_minute
from guanshu.portal.domain.reminding.automatic import send_due_reminders
from guanshu.portal.sms import deliver_waiting


@every_minute
def remind(*, now: datetime) -> None:
    """Send the reminders that are due."""
    send_due_reminders(now=now)


@every_minute
def deliver_messages(*, now: datetime) -> None:
    """Hand the messages whose time has come to the backend."""
    deliver_waiting(now=now)
