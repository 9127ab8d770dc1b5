"""What the text-message gateways need from the environment, checked at start. Used by settings and `sms` only."""

from guanshu.portal.channels.kinds import TALKATIVE, Answer, Channel, Cloud, HttpGateway, VendorTemplate
from guanshu.portal.channels.reading import read_channel
from guanshu.portal.channels.templates import approved_texts, variables_of

__all__ = [
    "TALKATIVE",
    "Answer",
    "Channel",
    "Cloud",
    "HttpGateway",
    "VendorTemplate",
    "approved_texts",
    "read_channel",
    "variables_of",
]
