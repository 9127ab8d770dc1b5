"""The settings of the generic gateway: one request, filled in; one answer, read by expressions."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from guanshu.portal.channels.kinds import Answer, HttpGateway
from guanshu.portal.channels.values import check_url, json_object, wanted

FORMATS = ("json", "form", "base64")
# What a body may name, besides the variables of templates that {values} and {params} hold.
PLACES = frozenset(
    {"to", "text", "signed", "sign", "template", "id", "values", "params", "time", "seconds", "millis", "digest"}
)


def read_gateway(environ: Mapping[str, str]) -> HttpGateway:
    """Return the gateway of GUANSHU_SMS_HTTP_*. Raises ImproperlyConfigured."""
    url = wanted(environ, "GUANSHU_SMS_HTTP_URL")
    check_url("GUANSHU_SMS_HTTP_URL", url, plain=environ.get("GUANSHU_SMS_HTTP_PLAIN") == "1")
    method = (environ.get("GUANSHU_SMS_HTTP_METHOD", "") or "POST").upper()
    form = environ.get("GUANSHU_SMS_HTTP_FORMAT", "") or "json"
    if method not in {"GET", "POST"} or form not in FORMATS:
        raise ImproperlyConfigured(
            f"GUANSHU_SMS_HTTP_METHOD 为 GET 或 POST，GUANSHU_SMS_HTTP_FORMAT 为 {'、'.join(FORMATS)} 之一"
        )
    digest = _digest(environ)
    ca = environ.get("GUANSHU_SMS_HTTP_CA", "").strip()
    if ca and not Path(ca).is_file():
        raise ImproperlyConfigured("GUANSHU_SMS_HTTP_CA：没有这个证书文件")
    return HttpGateway(
        url=url,
        method=method,
        format=form,
        body=_body(environ, flat=form == "form" or method == "GET", digest=bool(digest[0])),
        headers=_headers(environ),
        digest=digest,
        success=_answer("GUANSHU_SMS_HTTP_SUCCESS", wanted(environ, "GUANSHU_SMS_HTTP_SUCCESS")),
        busy=_maybe(environ, "GUANSHU_SMS_HTTP_BUSY"),
        number=_maybe(environ, "GUANSHU_SMS_HTTP_NUMBER"),
        receipt=tuple(filter(None, environ.get("GUANSHU_SMS_HTTP_RECEIPT", "").strip().split("."))),
        ca=ca,
    )


def _headers(environ: Mapping[str, str]) -> Mapping[str, str]:
    name = "GUANSHU_SMS_HTTP_HEADERS"
    headers = json_object(name, environ.get(name, "") or "{}")
    for key, value in headers.items():
        if not re.fullmatch(r"[A-Za-z0-9-]+", key) or not isinstance(value, str) or not value.isprintable():
            raise ImproperlyConfigured(f"{name}：请求头的名称和内容须为一行普通文字")
    return headers


def _body(environ: Mapping[str, str], *, flat: bool, digest: bool) -> Mapping[str, Any]:
    name = "GUANSHU_SMS_HTTP_BODY"
    body = json_object(name, wanted(environ, name))
    if flat and not all(isinstance(value, str) for value in body.values()):
        raise ImproperlyConfigured(f"{name}：表单或网址参数的各项都须为文字")
    places = set[str]().union(*(places_of(name, text) for text in _texts(body)))
    if "to" not in places or not places & {"text", "signed", "values", "params"}:
        raise ImproperlyConfigured(f"{name}：须含 {{to}}，以及 {{text}}、{{signed}}、{{values}} 或 {{params}}")
    if ("template" in places or "values" in places) and not environ.get("GUANSHU_SMS_TEMPLATES", "").strip():
        raise ImproperlyConfigured("GUANSHU_SMS_TEMPLATES：请求中用了 {template} 或 {values}，需要模板对照表")
    if "digest" in places and not digest:
        raise ImproperlyConfigured("GUANSHU_SMS_HTTP_DIGEST：请求中用了 {digest}，需要此项设置")
    return body


def _texts(value: object) -> list[str]:
    """Return the strings inside a JSON value."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in _texts(each)]


def places_of(name: str, text: str) -> set[str]:
    """Return the {places} in a text. Raises ImproperlyConfigured for one that there is not."""
    found = set(re.findall(r"\{([^{}]*)\}", text))
    if found - PLACES:
        raise ImproperlyConfigured(f"{name}：没有 {{{min(found - PLACES)}}}，可以用：{'、'.join(sorted(PLACES))}")
    return found


def _digest(environ: Mapping[str, str]) -> tuple[str, str]:
    """Return algorithm and text of `md5:user{to}{text}secret`: the signature older platforms ask for."""
    name = "GUANSHU_SMS_HTTP_DIGEST"
    algorithm, _, text = environ.get(name, "").partition(":")
    if not algorithm:
        return "", ""
    if algorithm not in hashlib.algorithms_available or "{digest}" in text or not text:
        raise ImproperlyConfigured(f"{name}：应为 算法:内容，例如 md5:{{to}}{{text}}密钥")
    places_of(name, text)
    return algorithm, text


def _maybe(environ: Mapping[str, str], name: str) -> Answer | None:
    text = environ.get(name, "").strip()
    return _answer(name, text) if text else None


def _answer(name: str, text: str) -> Answer:
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        try:
            re.compile(text[1:-1])
        except re.error:
            raise ImproperlyConfigured(f"{name}：正则表达式写得不对") from None
        return Answer(pattern=text[1:-1])
    path, equals, values = text.partition("=")
    if not path.strip() or not equals or not values.strip():
        raise ImproperlyConfigured(f"{name}：应为 code=0、data.status=0,200 或 /正则表达式/")
    return Answer(tuple(path.strip().split(".")), frozenset(each.strip() for each in values.split(",")))
