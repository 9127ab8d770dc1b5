"""What a backend is: it gets one message and says what the gateway answered, or raises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from guanshu.portal.deployment import SMS_BACKENDS


class _NotSent(Exception):  # noqa: N818 - names the case, as callers read it
    """`word` tells why, without number or text; `number`: the trouble is with this number only, not with the gateway.

    Nobody who asks for a code may learn of trouble with one number: it would tell that the account exists.
    """

    default: ClassVar[str]

    def __init__(self, word: str = "", *, number: bool = False) -> None:
        self.word = word or self.default
        self.number = number
        super().__init__(self.word)


class SmsUnreachable(_NotSent):
    """The gateway did not answer, or is busy: worth another try."""

    default = "unreachable"


class SmsTimeout(SmsUnreachable):
    """The gateway took the message and did not answer in time: it may have sent it."""

    default = "timeout"


class SmsRefused(_NotSent):
    """The gateway will never send this message."""

    default = "refused"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way out; its number, variables and text stay out of every log."""

    id: str
    template: str
    sign: str
    shown: str
    to: str = field(repr=False)
    variables: Mapping[str, str] = field(repr=False)
    text: str = field(repr=False)


class Backend(Protocol):
    """A way to send text messages. `reaches_phones` is False where they end on a screen."""

    label: ClassVar[str]
    reaches_phones: ClassVar[bool]

    def send(self, message: Outgoing) -> str:
        """Send it and return the gateway's number for it, "" when it has none. Raises SmsUnreachable, SmsRefused."""


def backend() -> Backend:
    """Return the backend that GUANSHU_SMS names."""
    made: Backend = import_string(SMS_BACKENDS[settings.GUANSHU_SMS])()
    return made


def warm_up() -> None:
    """Load what the first message would otherwise wait for: vendors' SDKs are imported when they are needed only."""
    load = getattr(backend(), "load", None)
    if load is not None:
        load()
