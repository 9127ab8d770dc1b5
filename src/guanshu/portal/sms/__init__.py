"""Text messages, through a backend that can be exchanged like Django's for e-mail.

`send_sms` only writes a row, in the caller's transaction; `deliver_waiting` (a tick), `deliver` (one) or `hand_over` (a
code somebody waits for) hands rows to the backend, outside any transaction. A backend is a class with `send`;
`deployment.SMS_BACKENDS` names them, `channels` reads their settings.
"""

from guanshu.portal.sms.backend import Backend, Outgoing, SmsRefused, SmsTimeout, SmsUnreachable, backend, warm_up
from guanshu.portal.sms.delivering import Delivered, deliver, deliver_waiting
from guanshu.portal.sms.handing import Outcome, hand_over
from guanshu.portal.sms.health import Health, health, usual_seconds
from guanshu.portal.sms.sending import compose_sms, send_all, send_sms
from guanshu.portal.sms.texts import LONGEST, rendered

__all__ = [
    "LONGEST",
    "Backend",
    "Delivered",
    "Health",
    "Outcome",
    "Outgoing",
    "SmsRefused",
    "SmsTimeout",
    "SmsUnreachable",
    "backend",
    "compose_sms",
    "deliver",
    "deliver_waiting",
    "hand_over",
    "health",
    "rendered",
    "send_all",
    "send_sms",
    "usual_seconds",
    "warm_up",
]
