"""Putting a message in the queue, and taking it out again."""

import uuid
from collections.abc import Mapping, Sequence
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
    once: bool = False,
) -> SmsMessage:
    """Put a message in the queue, in the caller's transaction; a tick delivers it. `now` is real time.

    to: eleven digits; purpose: what it is counted under (reminder, reset …); expires_at: from when on it is useless.
    once: the caller hands it over after its transaction (`hand_over`), no tick ever does.
    Raises ValueError for what cannot be sent; the number is in no message of an error.
    """
    message = compose_sms(
        to=to, template=template, variables=variables, purpose=purpose, now=now, expires_at=expires_at
    )
    message.once = once
    return send_all([message])[0]


def send_all(messages: Sequence[SmsMessage]) -> list[SmsMessage]:
    """Put many composed messages in the queue at once."""
    return SmsMessage.objects.bulk_create(messages)


def compose_sms(
    *,
    to: str,
    template: str,
    variables: Mapping[str, str],
    purpose: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> SmsMessage:
    """Return a message that is not in the queue yet. Raises ValueError like `send_sms`."""
    if not is_mobile(to):
        raise ValueError("a text message needs the eleven digits of a mobile number")
    rendered(template, variables)
    key = uuid.uuid4()
    return SmsMessage(
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


def resealed(message: SmsMessage) -> dict[str, str]:
    """Return what is kept of a code that went out, or will not: the number, and stars instead of what it said."""
    plain = cast("dict[str, Any]", crypto.decrypt(message.sealed, report=_PLACE, address=str(message.pk)))
    starred = {"to": plain["to"], "variables": dict.fromkeys(plain["variables"], "*")}
    return crypto.encrypt(starred, report=_PLACE, address=str(message.pk))
