"""What a backend is: it gets one message and says what the gateway answered, or raises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from guanshu.portal.deployment import SMS_BACKENDS


class SmsUnreachable(Exception):  # noqa: N818 - names the case, as callers read it
    """The gateway did not answer, or is busy: worth another try. `word` tells why, without number or text."""

    def __init__(self, word: str = "unreachable") -> None:
        super().__init__(word)
        self.word = word


class SmsRefused(Exception):  # noqa: N818 - names the case, as callers read it
    """The gateway will never send this message. `word` tells why, without number or text."""

    def __init__(self, word: str = "refused") -> None:
        super().__init__(word)
        self.word = word


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
