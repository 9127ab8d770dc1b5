"""Alibaba Cloud 短信服务, through its SDK (extra `sms-aliyun`), which is imported when the first message goes out."""

import importlib
import json
import logging
from functools import cache
from typing import Any, ClassVar, NoReturn

from guanshu.portal.channels import TALKATIVE
from guanshu.portal.sms.backend import Outgoing, SmsRefused, SmsTimeout, SmsUnreachable
from guanshu.portal.sms.vendor import channel, cloud, endpoint, raise_for, template_of, word

_HOST = "dysmsapi.aliyuncs.com"
# Codes of the vendor's list; the rest is refused for good: wrong key, no money, template not approved.
_BUSY = frozenset({"isp.", "Throttling", "Throttling.", "ServiceUnavailable", "InternalError", "SignatureNonceUsed"})
# The first is the vendor's own limit: one a minute, five an hour, ten a day for each number.
_NUMBER = frozenset({"isv.BUSINESS_LIMIT_CONTROL", "isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT"})


class AliyunBackend:
    """Sends through SendSms of 短信服务."""

    label: ClassVar[str] = "阿里云短信"
    reaches_phones: ClassVar[bool] = True

    def load(self) -> None:
        """Import the SDK."""
        _sdk()

    def send(self, message: Outgoing) -> str:
        """Send it and return the vendor's BizId. Raises SmsUnreachable, SmsRefused."""
        number, variables = template_of(message)
        sdk = _sdk()
        request = sdk["models"].SendSmsRequest(
            phone_numbers=message.to,
            sign_name=message.sign,
            template_code=number,
            template_param=json.dumps(dict(variables), ensure_ascii=False) if variables else None,
            out_id=message.id,
        )
        answer = _asked(sdk, request)
        code = getattr(answer, "code", None)
        if code != "OK":
            _refuse(str(code or "garbage"))
        return str(getattr(answer, "biz_id", "") or "")


def _asked(sdk: dict[str, Any], request: Any) -> Any:
    """Return the body of the vendor's answer. The SDK's own sentences hold the request and go nowhere."""
    milliseconds = int(channel().timeout * 1000)
    runtime = sdk["runtime"].RuntimeOptions(
        connect_timeout=milliseconds, read_timeout=milliseconds, autoretry=False, max_attempts=1
    )
    try:
        return _client(sdk).send_sms_with_options(request, runtime).body
    except Exception as error:
        raise _meaning(error) from None


def _meaning(error: Exception) -> Exception:
    status, code = getattr(error, "status_code", None), str(getattr(error, "code", "") or "")
    cause = str(getattr(error, "inner_exception", None) or error)
    if isinstance(status, int) and (status >= 500 or not code):
        return SmsUnreachable(f"http {status}")
    if code and code != "None":
        try:
            _refuse(code)
        except (SmsRefused, SmsUnreachable) as known:
            return known
    return SmsTimeout() if "Read timed out" in cause else SmsUnreachable(word(type(error).__name__))


def _refuse(code: str) -> NoReturn:
    if code == "garbage":
        raise SmsUnreachable("garbage")
    raise_for(code, busy=_BUSY, number=_NUMBER)


@cache
def _sdk() -> dict[str, Any]:
    """Import the SDK. Raises SmsRefused when the extra is not installed."""
    try:
        loaded = {
            "client": importlib.import_module("alibabacloud_dysmsapi20170525.client"),
            "models": importlib.import_module("alibabacloud_dysmsapi20170525.models"),
            "config": importlib.import_module("alibabacloud_tea_openapi.utils_models"),
            "runtime": importlib.import_module("darabonba.runtime"),
        }
    except ImportError:
        raise SmsRefused("extra sms-aliyun is not installed") from None
    for name in TALKATIVE:
        # The SDK gives its logger a handler and every level when it is imported.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return loaded


def _client(sdk: dict[str, Any]) -> Any:
    account, place = cloud(), endpoint(_HOST)
    config = sdk["config"].Config(
        access_key_id=account.key,
        access_key_secret=account.secret,
        region_id=account.region,
        endpoint=place.host,
        protocol=place.protocol,
    )
    return sdk["client"].Client(config)
