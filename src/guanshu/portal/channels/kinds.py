"""What a gateway's settings are, once read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# A page that waits for a code answers within three seconds.
LONGEST_TIMEOUT = 2.5
# The loggers of vendors' SDKs and what they use: they write whole requests, with numbers and codes.
TALKATIVE = ("urllib3", "darabonba-core", "tencentcloud_sdk_common", "alibabacloud_credentials")


@dataclass(frozen=True, slots=True)
class VendorTemplate:
    """Where one of our texts is at the vendor's: its number there, and our variables in the order they stand in it."""

    id: str
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An expression over a gateway's answer: `path.in.json=value,value`, or `/regular expression/` over its text."""

    path: tuple[str, ...] = ()
    values: frozenset[str] = frozenset()
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """A gateway that takes one request a message. `body` is JSON with {places}, also for forms and query strings."""

    url: str
    method: str
    format: str
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(repr=False)
    digest: tuple[str, str] = field(repr=False)
    success: Answer
    busy: Answer | None
    number: Answer | None
    receipt: tuple[str, ...]
    ca: str


@dataclass(frozen=True, slots=True)
class Cloud:
    """An account at a cloud vendor. endpoint: "" for the vendor's own; `app` and `region` for those that want them."""

    key: str
    secret: str = field(repr=False)
    endpoint: str = ""
    region: str = ""
    app: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """Everything about the gateway that GUANSHU_SMS names; the console and the outbox need none of it."""

    templates: Mapping[str, VendorTemplate]
    timeout: float = LONGEST_TIMEOUT
    budget: int = 5000
    http: HttpGateway | None = None
    cloud: Cloud | None = None
