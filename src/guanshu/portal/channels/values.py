"""Pieces that several settings are read with."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def wanted(environ: Mapping[str, str], name: str) -> str:
    """Return a setting that the chosen gateway cannot do without."""
    value = environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name}：所选短信通道需要此项设置")
    return value


def check_url(name: str, url: str, *, plain: bool = False) -> None:
    """Refuse what is no address of the web, and what would send numbers in the clear over a network."""
    try:
        parts = urlsplit(url)
        scheme, host = parts.scheme, parts.hostname
    except ValueError:
        scheme, host = "", None
    if scheme not in {"http", "https"} or not host:
        raise ImproperlyConfigured(f"{name}：应为 https:// 开头的网址")
    if scheme == "http" and host not in _LOOPBACK and not plain:
        raise ImproperlyConfigured(
            f"{name}：须用 https://；只在政务专网内且平台没有 https 时，另设 GUANSHU_SMS_HTTP_PLAIN=1"
        )


def json_object(name: str, text: str) -> dict[str, Any]:
    """Return a JSON object. Raises ImproperlyConfigured."""
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict) or not all(value):
        raise ImproperlyConfigured(f"{name}：应为一个 JSON 对象")
    return value
