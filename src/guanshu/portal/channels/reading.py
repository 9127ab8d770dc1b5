"""A gateway's settings out of the environment, each checked at start."""

from collections.abc import Mapping
from importlib.util import find_spec

from django.core.exceptions import ImproperlyConfigured

from guanshu.portal.channels.httpgateway import read_gateway
from guanshu.portal.channels.kinds import LONGEST_TIMEOUT, Channel, Cloud
from guanshu.portal.channels.templates import read_templates
from guanshu.portal.channels.values import check_url, wanted


def read_channel(environ: Mapping[str, str], name: str) -> Channel:
    """Return the settings of the gateway called `name`. Raises ImproperlyConfigured with what is missing or wrong."""
    return Channel(
        templates=read_templates(environ, needed=name in {"aliyun", "tencent"}),
        timeout=_number(environ, "GUANSHU_SMS_TIMEOUT", LONGEST_TIMEOUT, 0.2, LONGEST_TIMEOUT),
        budget=int(_number(environ, "GUANSHU_SMS_BUDGET", 5000, 1, 10_000_000)),
        http=read_gateway(environ) if name == "http" else None,
        cloud=_CLOUDS[name](environ) if name in _CLOUDS else None,
    )


def _number(environ: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    text = environ.get(name, "") or str(default)
    try:
        number = float(text)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise ImproperlyConfigured(f"{name}：应为 {least:g} 到 {most:g} 之间的数")
    return number


def _installed(package: str, extra: str) -> None:
    """Refuse to start without the vendor's SDK; it is looked for, not imported."""
    if find_spec(package) is None:
        raise ImproperlyConfigured(f"GUANSHU_SMS：缺少 SDK，请安装 requirements/{extra}.txt（[{extra}]）")


def _aliyun(environ: Mapping[str, str]) -> Cloud:
    _installed("alibabacloud_dysmsapi20170525", "sms-aliyun")
    return Cloud(
        key=wanted(environ, "GUANSHU_SMS_ALIYUN_KEY_ID"),
        secret=wanted(environ, "GUANSHU_SMS_ALIYUN_KEY_SECRET"),
        endpoint=_endpoint(environ, "GUANSHU_SMS_ALIYUN_ENDPOINT"),
        region=environ.get("GUANSHU_SMS_ALIYUN_REGION", "") or "cn-hangzhou",
    )


def _tencent(environ: Mapping[str, str]) -> Cloud:
    _installed("tencentcloud", "sms-tencent")
    return Cloud(
        key=wanted(environ, "GUANSHU_SMS_TENCENT_SECRET_ID"),
        secret=wanted(environ, "GUANSHU_SMS_TENCENT_SECRET_KEY"),
        app=wanted(environ, "GUANSHU_SMS_TENCENT_APP_ID"),
        endpoint=_endpoint(environ, "GUANSHU_SMS_TENCENT_ENDPOINT"),
        region=environ.get("GUANSHU_SMS_TENCENT_REGION", "") or "ap-guangzhou",
    )


def _endpoint(environ: Mapping[str, str], name: str) -> str:
    """Return a host name, or for a stand-in on this machine an address with http://."""
    value = environ.get(name, "").strip()
    if "://" in value:
        check_url(name, value)
    return value


_CLOUDS = {"aliyun": _aliyun, "tencent": _tencent}
