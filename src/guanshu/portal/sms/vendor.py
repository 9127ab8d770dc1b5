"""What the vendors' backends share: their account, their names for our texts, words instead of their sentences."""

import re
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

from django.conf import settings

from guanshu.portal.channels import Channel, Cloud
from guanshu.portal.sms.backend import Outgoing, SmsRefused, SmsUnreachable

_LONGEST = 50


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a vendor's service is: `host` with its port, over plain HTTP for a stand-in on this machine only."""

    host: str
    protocol: str


def channel() -> Channel:
    """Return the settings of the gateway."""
    found: Channel = settings.GUANSHU_SMS_CHANNEL
    return found


def cloud() -> Cloud:
    """Return the account at the vendor. Raises SmsRefused where settings have none."""
    found = channel().cloud
    if found is None:
        raise SmsRefused("no account configured")
    return found


def endpoint(default: str) -> Endpoint:
    """Return the vendor's service, or the one of the settings."""
    told = cloud().endpoint or default
    if "://" not in told:
        return Endpoint(told, "https")
    parts = urlsplit(told)
    return Endpoint(parts.netloc, parts.scheme)


def template_of(message: Outgoing) -> tuple[str, list[tuple[str, str]]]:
    """Return the vendor's number of a message's text, and its variables in the vendor's order.

    Raises SmsRefused for a text that the vendor does not have.
    """
    known = channel().templates.get(message.template)
    if known is None:
        raise SmsRefused("template not mapped")
    return known.id, [(name, message.variables[name]) for name in known.variables]


def word(code: object) -> str:
    """Return a vendor's error code as a word for logs: letters, digits and dots; anything like a number is left out."""
    text = re.sub(r"[^A-Za-z0-9._:-]+", " ", str(code)).strip()
    return re.sub(r"[0-9]{5,}", "#", text)[:_LONGEST] or "refused"


def raise_for(code: str, *, busy: frozenset[str], number: frozenset[str]) -> NoReturn:
    """Raise what an error code of a vendor means; each set holds codes, or beginnings of codes that end in a dot.

    busy: the gateway has too much to do, or is broken: later. number: this number has had enough, or gets nothing ever.
    """
    if _among(code, number):
        raise SmsRefused(word(code), number=True)
    if _among(code, busy):
        raise SmsUnreachable(word(code))
    raise SmsRefused(word(code))


def _among(code: str, codes: frozenset[str]) -> bool:
    return code in codes or any(each.endswith(".") and code.startswith(each) for each in codes)
