"""Putting a message in the queue, and taking it out again."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django.conf import settings

from guanshu.portal import crypto
from guanshu.portal.models import SmsMessage
from guanshu.portal.sms.backend import Outgoing
from guanshu.portal.sms.texts import rendered
from guanshu.survey.values.contacts import is_mobile, mask_mobile

_PLACE = "sms"


def send_sms(
    *,
    to: str,
    template: str,
    variables: Mapping[str, str],
    purpose: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> SmsMessage:
    """Put a message in the queue, in the caller's transaction; a tick delivers it. `now` is real time.

    to: eleven digits; purpose: what it is counted under (reminder, reset …); expires_at: from when on it is useless.
    Raises ValueError for what cannot be sent; the number is in no message of an error.
    """
    if not is_mobile(to):
        raise ValueError("a text message needs the eleven digits of a mobile number")
    rendered(template, variables)
    key = uuid.uuid4()
    return SmsMessage.objects.create(
        id=key,
        template=template,
        purpose=purpose,
        sealed=crypto.encrypt({"to": to, "variables": dict(variables)}, report=_PLACE, address=str(key)),
        mark=crypto.lookup(to),
        shown=mask_mobile(to),
        made_at=now,
        next_at=now,
        expires_at=expires_at,
    )


def unsealed(message: SmsMessage) -> Outgoing:
    """Return a message in the clear, for the backend. Raises crypto.Undecipherable."""
    plain = cast("dict[str, Any]", crypto.decrypt(message.sealed, report=_PLACE, address=str(message.pk)))
    variables = dict(plain["variables"])
    return Outgoing(
        id=str(message.pk),
        template=message.template,
        sign=settings.GUANSHU_SMS_SIGN,
        shown=message.shown,
        to=plain["to"],
        variables=variables,
        text=rendered(message.template, variables),
    )
