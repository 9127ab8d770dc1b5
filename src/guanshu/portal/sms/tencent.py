"""Tencent Cloud 短信, through its SDK (extra `sms-tencent`), which is imported when the first message goes out."""

import importlib
import logging
from functools import cache
from typing import Any, ClassVar, NoReturn

from guanshu.portal.channels import TALKATIVE
from guanshu.portal.sms.backend import Outgoing, SmsRefused, SmsTimeout, SmsUnreachable
from guanshu.portal.sms.vendor import channel, cloud, endpoint, raise_for, template_of

_HOST = "sms.tencentcloudapi.com"
_BUSY = frozenset(
    {
        "InternalError",
        "InternalError.",
        "LimitExceeded.AppCountryOrRegionDailyLimit",
        "LimitExceeded.DeliveryFrequencyLimit",
        "RequestLimitExceeded",
        "RequestLimitExceeded.",
        "ServerNetworkError",
    }
)
# The vendor's own limits for a number (30 seconds, an hour, a day, the same text), and numbers it sends nothing.
_NUMBER = frozenset(
    {
        "FailedOperation.PhoneNumberInBlacklist",
        "InvalidParameterValue.IncorrectPhoneNumber",
        "LimitExceeded.PhoneNumberDailyLimit",
        "LimitExceeded.PhoneNumberOneHourLimit",
        "LimitExceeded.PhoneNumberSameContentDailyLimit",
        "LimitExceeded.PhoneNumberThirtySecondLimit",
    }
)


class TencentBackend:
    """Sends through SendSms of 2021-01-11."""

    label: ClassVar[str] = "腾讯云短信"
    reaches_phones: ClassVar[bool] = True

    def load(self) -> None:
        """Import the SDK."""
        _sdk()

    def send(self, message: Outgoing) -> str:
        """Send it and return the vendor's SerialNo. Raises SmsUnreachable, SmsRefused."""
        number, variables = template_of(message)
        sdk = _sdk()
        request = sdk["models"].SendSmsRequest()
        request.SmsSdkAppId = cloud().app
        request.SignName = message.sign
        request.TemplateId = number
        request.TemplateParamSet = [value for _, value in variables]
        request.PhoneNumberSet = [f"+86{message.to}"]
        request.SessionContext = message.id
        status = _asked(sdk, request)
        if status.Code != "Ok":
            _refuse(str(status.Code))
        return str(status.SerialNo or "")


def _asked(sdk: dict[str, Any], request: Any) -> Any:
    """Return what the vendor says of the one number. The SDK's own sentences go nowhere."""
    try:
        statuses = _client(sdk).SendSms(request).SendStatusSet
    except sdk["errors"].TencentCloudSDKException as error:
        raise _meaning(str(error.code or ""), str(error.message or "")) from None
    if not statuses:
        raise SmsUnreachable("garbage")
    return statuses[0]


def _meaning(code: str, sentence: str) -> Exception:
    """Return what an error of the SDK is: of the vendor, of the network, or of an answer that cannot be read."""
    if "Read timed out" in sentence:
        return SmsTimeout()
    if code == "ClientNetworkError":
        return SmsUnreachable("unreachable")
    if code.isalpha() and code.endswith(("Error", "Exception")) and code not in _BUSY and not code.startswith("Auth"):
        # The name of a Python error, from reading the answer.
        return SmsUnreachable("garbage")
    try:
        _refuse(code)
    except (SmsRefused, SmsUnreachable) as known:
        return known


def _refuse(code: str) -> NoReturn:
    raise_for(code, busy=_BUSY, number=_NUMBER)


@cache
def _sdk() -> dict[str, Any]:
    """Import the SDK. Raises SmsRefused when the extra is not installed."""
    try:
        loaded = {
            "client": importlib.import_module("tencentcloud.sms.v20210111.sms_client"),
            "models": importlib.import_module("tencentcloud.sms.v20210111.models"),
            "credential": importlib.import_module("tencentcloud.common.credential"),
            "profile": importlib.import_module("tencentcloud.common.profile.client_profile"),
            "http": importlib.import_module("tencentcloud.common.profile.http_profile"),
            "errors": importlib.import_module("tencentcloud.common.exception"),
        }
    except ImportError:
        raise SmsRefused("extra sms-tencent is not installed") from None
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return loaded


def _client(sdk: dict[str, Any]) -> Any:
    account, place = cloud(), endpoint(_HOST)
    http = sdk["http"].HttpProfile(protocol=place.protocol, endpoint=place.host)
    # The SDK hands it to its HTTP library as it is; fractions are fine.
    http.reqTimeout = channel().timeout
    profile = sdk["profile"].ClientProfile(httpProfile=http)
    # Otherwise it swallows errors of the network and goes to a host of its own choosing.
    profile.disable_region_breaker = True
    credential = sdk["credential"].Credential(account.key, account.secret)
    return sdk["client"].SmsClient(credential, account.region, profile)
