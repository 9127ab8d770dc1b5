"""Text messages, through a backend that can be exchanged like Django's for e-mail.

`send_sms` only writes a row, in the caller's transaction; `deliver_waiting` (a tick) or `deliver` (one at once) hands
rows to the backend, outside any transaction. A backend is a class with `send`; `deployment.SMS_BACKENDS` names them.
"""

from guanshu.portal.sms.backend import Backend, Outgoing, SmsRefused, SmsUnreachable, backend
from guanshu.portal.sms.delivering import Delivered, deliver, deliver_waiting
from guanshu.portal.sms.sending import compose_sms, send_all, send_sms
from guanshu.portal.sms.texts import LONGEST, rendered

__all__ = [
    "LONGEST",
    "Backend",
    "Delivered",
    "Outgoing",
    "SmsRefused",
    "SmsUnreachable",
    "backend",
    "compose_sms",
    "deliver",
    "deliver_waiting",
    "rendered",
    "send_all",
    "send_sms",
]
