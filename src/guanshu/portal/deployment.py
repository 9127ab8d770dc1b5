"""What settings.py reads from the environment, and what it refuses. Used by settings only."""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Keys:
    """The secret key (sessions, CSRF), the data keys (personal cells, newest first) and the page keys, always apart.

    page_keys: what signs the codes on printed pages, by name, newest first; paper lives long, none is ever dropped.
    """

    secret_key: str
    data_keys: tuple[str, ...]
    page_keys: Mapping[str, str]


def read_keys(environ: Mapping[str, str], var: Path, *, demo: bool) -> Keys:
    """Return the keys of the environment; in demo mode make and keep random ones under `var`.

    Raises ImproperlyConfigured outside demo mode when a key is missing or too short.
    """
    secret = environ.get("GUANSHU_SECRET_KEY", "")
    data = tuple(key for key in environ.get("GUANSHU_DATA_KEYS", "").split(",") if key)
    if demo:
        pages = _page_keys(environ) or {"A": _kept(var / "page.key")}
        return Keys(secret or _kept(var / "secret.key"), data or (_kept(var / "data.key"),), pages)
    if len(secret) < 50:
        raise ImproperlyConfigured("GUANSHU_SECRET_KEY must be set to at least 50 random characters")
    if not data:
        raise ImproperlyConfigured("GUANSHU_DATA_KEYS must hold at least one key (32 random bytes, urlsafe base64)")
    pages = _page_keys(environ)
    if not pages:
        raise ImproperlyConfigured("GUANSHU_PAGE_KEYS must hold at least one key (A:32 or more random characters)")
    return Keys(secret, data, pages)


def _page_keys(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the keys of `A:secret,B:secret`. Raises ImproperlyConfigured for a name or key that cannot be one."""
    keys: dict[str, str] = {}
    for part in filter(None, environ.get("GUANSHU_PAGE_KEYS", "").split(",")):
        name, _, key = part.partition(":")
        if not re.fullmatch(r"[0-9A-Z]{1,4}", name) or len(key) < 32:
            raise ImproperlyConfigured(
                "GUANSHU_PAGE_KEYS: NAME:KEY, a name of capitals, a key of 32 characters or more"
            )
        keys[name] = key
    return keys


def _kept(path: Path) -> str:
    """Return the random key kept in `path`, made on first use and readable by its owner only."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        key = base64.urlsafe_b64encode(secrets.token_bytes(48)).decode()
        path.touch(mode=0o600)
        path.write_text(key)
        return key


def database(parsed: dict[str, Any]) -> dict[str, Any]:
    """Return the database settings with the profile measured for each engine (design §3)."""
    if "sqlite" in parsed["ENGINE"]:
        # Kept open: the last connection to close writes a checkpoint, and that must not happen at every request.
        return {**parsed, "ENGINE": "guanshu.portal.sqlite", "ATOMIC_REQUESTS": False, "CONN_MAX_AGE": None}
    options = {
        "pool": {"min_size": 2, "max_size": 16, "timeout": 10},
        # Statements through access.prepared are planned once a connection; Django switches that off.
        "prepare_threshold": 5,
        "options": "-c statement_timeout=30000 -c lock_timeout=10000 -c synchronous_commit=on",
    }
    return {
        **parsed,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {**parsed.get("OPTIONS", {}), **options},
    }


def secure_cookies(environ: Mapping[str, str], *, demo: bool) -> bool:
    """Return whether cookies need HTTPS: always, except in demo mode and on a declared plain-HTTP test host."""
    return not demo and environ.get("GUANSHU_PLAIN_HTTP") != "1"


def password_profile(environ: Mapping[str, str]) -> tuple[str, int]:
    """Return the profile of passwords ("" or "dengbao") and after how many days it wants another one.

    Raises ImproperlyConfigured for another profile or no sensible number.
    """
    profile, days = environ.get("GUANSHU_PASSWORD_PROFILE", ""), environ.get("GUANSHU_PASSWORD_DAYS", "90")
    if profile not in {"", "dengbao"}:
        raise ImproperlyConfigured(f"GUANSHU_PASSWORD_PROFILE：没有名为「{profile}」的密码规则，可以是：dengbao")
    if not days.isascii() or not days.isdigit() or not 1 <= int(days) <= 3650:
        raise ImproperlyConfigured("GUANSHU_PASSWORD_DAYS：密码更换周期是 1 至 3650 的天数")
    return profile, int(days)


SMS_BACKENDS = {
    "console": "guanshu.portal.sms.console.ConsoleBackend",
    "outbox": "guanshu.portal.sms.outbox.OutboxBackend",
    "http": "guanshu.portal.sms.gateway.HttpBackend",
    "aliyun": "guanshu.portal.sms.aliyun.AliyunBackend",
    "tencent": "guanshu.portal.sms.tencent.TencentBackend",
}
_LONGEST_SIGN = 20


def sms_backend(environ: Mapping[str, str], *, demo: bool) -> str:
    """Return the name of the backend that text messages go through: the outbox in the demo, else the console.

    Raises ImproperlyConfigured for a name that is none.
    """
    name = environ.get("GUANSHU_SMS", "") or ("outbox" if demo else "console")
    if name not in SMS_BACKENDS:
        known = "、".join(SMS_BACKENDS)
        raise ImproperlyConfigured(f"GUANSHU_SMS：没有名为「{name}」的短信通道，可以是：{known}")
    return name


def sms_sign(environ: Mapping[str, str]) -> str:
    """Return the name in 【】 before every text message. Raises ImproperlyConfigured when it cannot be one."""
    sign = environ.get("GUANSHU_SMS_SIGN", "") or "科技馆数据采集"
    if len(sign) > _LONGEST_SIGN or not sign.isprintable() or set(sign) & set("【】"):
        raise ImproperlyConfigured(f"GUANSHU_SMS_SIGN：短信签名最多 {_LONGEST_SIGN} 个字，不带【】")
    return sign


def initial_password_days(environ: Mapping[str, str]) -> int:
    """Return for how many days an initial password opens. Raises ImproperlyConfigured for no number from 1 to 365."""
    text = environ.get("GUANSHU_INITIAL_PASSWORD_DAYS", "") or "30"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 365:
        raise ImproperlyConfigured("GUANSHU_INITIAL_PASSWORD_DAYS：初始密码的有效天数应为 1 到 365 的整数")
    return int(text)


def site_url(environ: Mapping[str, str]) -> str:
    """Return the address people log in at, "" when none is set. Raises ImproperlyConfigured for what is no address."""
    text = environ.get("GUANSHU_SITE_URL", "").strip()
    if text and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", text):
        raise ImproperlyConfigured("GUANSHU_SITE_URL：应为登录地址，例如 https://sjcj.example.cn/")
    return text


def build_id(static: Path, *locks: Path) -> str:
    """Return a short hash over the static sources and lock files; a changed file changes every address at once."""
    digest = hashlib.sha256()
    for lock in locks:
        digest.update(lock.read_bytes() if lock.exists() else b"")
    for path in sorted(static.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(static).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
