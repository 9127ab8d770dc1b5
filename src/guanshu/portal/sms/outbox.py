"""Messages that stay in the database, to be read on the demo's page /outbox/."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db.models import QuerySet

from guanshu.portal.models import SmsMessage
from guanshu.portal.sms.backend import Outgoing
from guanshu.portal.sms.sending import unsealed


class OutboxBackend:
    """Leaves them where they are: every message has its row."""

    label: ClassVar[str] = "演示发件箱"
    reaches_phones: ClassVar[bool] = False

    def send(self, message: Outgoing) -> str:  # noqa: ARG002 - the row itself is the outbox
        """Do nothing more."""
        return ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the page shows it."""

    at: datetime
    to: str
    text: str
    state: str
    label: str


def newest() -> QuerySet[SmsMessage]:
    """Return all messages, newest first."""
    return SmsMessage.objects.order_by("-made_at", "-pk")


def shown(message: SmsMessage) -> Shown:
    """Return a message with its text. Raises crypto.Undecipherable."""
    text = f"【{settings.GUANSHU_SMS_SIGN}】{unsealed(message).text}"
    return Shown(message.made_at, message.shown, text, message.state, message.get_state_display())
