"""Any gateway that takes one HTTP request a message (政务短信平台): all of it is settings (`channels.HttpGateway`)."""

import base64
import hashlib
import json
import re
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import datetime
from http.client import HTTPException
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.utils import timezone

from guanshu.portal.channels import Answer, HttpGateway
from guanshu.portal.sms.backend import Outgoing, SmsRefused, SmsTimeout, SmsUnreachable
from guanshu.portal.sms.vendor import channel, word

_MOST_BYTES = 65536
_TYPES = {
    "json": "application/json; charset=utf-8",
    "form": "application/x-www-form-urlencoded",
    "base64": "text/plain",
}
_BUSY_STATUS = frozenset({408, 425, 429})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry number and code to an address nobody configured."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """Follow none."""


class HttpBackend:
    """Fills in the configured request and reads the answer by the configured expressions."""

    label: ClassVar[str] = "短信网关"
    reaches_phones: ClassVar[bool] = True

    def send(self, message: Outgoing) -> str:
        """Send it and return what the gateway calls it. Raises SmsUnreachable, SmsRefused."""
        gateway = channel().http
        if gateway is None:
            raise SmsRefused("no gateway configured")
        text = _asked(gateway, _request(gateway, _places(gateway, message)))
        return _judged(gateway, text)


def _request(gateway: HttpGateway, places: Mapping[str, str]) -> urllib.request.Request:
    body = _filled(gateway.body, places)
    headers = {name: _fill(value, places) for name, value in gateway.headers.items()}
    if gateway.method == "GET":
        joint = "&" if "?" in gateway.url else "?"
        return urllib.request.Request(f"{gateway.url}{joint}{urlencode(body)}", headers=headers)  # noqa: S310 - checked at start
    data = urlencode(body) if gateway.format == "form" else json.dumps(body, ensure_ascii=False)
    encoded = base64.b64encode(data.encode()) if gateway.format == "base64" else data.encode()
    headers.setdefault("Content-Type", _TYPES[gateway.format])
    return urllib.request.Request(gateway.url, data=encoded, headers=headers, method="POST")  # noqa: S310 - as above


def _places(gateway: HttpGateway, message: Outgoing) -> dict[str, str]:
    """Return what each {place} stands for in the request for one message."""
    known = channel().templates.get(message.template)
    names = known.variables if known else tuple(sorted(message.variables))
    now = timezone.localtime()
    places = {
        "to": message.to,
        "text": message.text,
        "signed": f"【{message.sign}】{message.text}",
        "sign": message.sign,
        "template": known.id if known else message.template,
        "id": message.id,
        "values": "|".join(message.variables[name] for name in names),
        "params": json.dumps(dict(message.variables), ensure_ascii=False),
        **_times(now),
    }
    algorithm, text = gateway.digest
    if algorithm:
        places["digest"] = hashlib.new(algorithm, _fill(text, places).encode()).hexdigest()
    return places


def _times(now: datetime) -> dict[str, str]:
    seconds = now.timestamp()
    return {"time": f"{now:%Y%m%d%H%M%S}", "seconds": str(int(seconds)), "millis": str(int(seconds * 1000))}


def _fill(text: str, places: Mapping[str, str]) -> str:
    """Put in the places, once: what is put in is not read again."""
    return re.sub(r"\{([a-z]+)\}", lambda found: places.get(found[1], found[0]), text)


def _filled(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _fill(value, places)
    if isinstance(value, Mapping):
        return {key: _filled(each, places) for key, each in value.items()}
    return [_filled(each, places) for each in value] if isinstance(value, list) else value


def _asked(gateway: HttpGateway, request: urllib.request.Request) -> str:
    """Return the text of the answer. Only words leave this function when something fails."""
    context = ssl.create_default_context(cafile=gateway.ca or None)
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(request, timeout=channel().timeout) as answer:
            return str(answer.read(_MOST_BYTES).decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:
        error.close()
        again = error.code >= 500 or error.code in _BUSY_STATUS
        raise (SmsUnreachable if again else SmsRefused)(f"http {error.code}") from None
    except TimeoutError:
        # The connection was made: the request may have been read.
        raise SmsTimeout from None
    except urllib.error.URLError as error:
        raise SmsUnreachable(word(type(error.reason).__name__)) from None
    except (OSError, HTTPException, ValueError) as error:
        raise SmsUnreachable(word(type(error).__name__)) from None


def _judged(gateway: HttpGateway, text: str) -> str:
    """Return the gateway's number of a message that was taken. Raises SmsUnreachable, SmsRefused for others."""
    try:
        data: Any = json.loads(text)
    except ValueError:
        data = None
    if _fits(gateway.success, data, text):
        return str(_at(data, gateway.receipt) or "") if gateway.receipt else ""
    reason = word(f"code {_at(data, gateway.success.path)}") if gateway.success.path else "refused"
    if gateway.number is not None and _fits(gateway.number, data, text):
        raise SmsRefused(reason, number=True)
    if gateway.busy is not None and _fits(gateway.busy, data, text):
        raise SmsUnreachable(reason)
    if data is None and not gateway.success.pattern:
        raise SmsUnreachable("garbage")
    raise SmsRefused(reason)


def _fits(answer: Answer, data: Any, text: str) -> bool:
    if answer.pattern:
        return re.search(answer.pattern, text) is not None
    found = _at(data, answer.path)
    spelled = json.dumps(found) if isinstance(found, bool) else str(found)
    return found is not None and spelled in answer.values


def _at(data: Any, path: tuple[str, ...]) -> Any:
    """Return what lies at a path of keys and places in a list, None when nothing does."""
    for step in path:
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, list) and step.isdigit() and int(step) < len(data):
            data = data[int(step)]
        else:
            return None
    return data
