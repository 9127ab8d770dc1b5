"""Alibaba Cloud and Tencent Cloud through their SDKs, against a stand-in that recomputes their signatures."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from guanshu.portal.channels import TALKATIVE, Channel, Cloud, VendorTemplate
from guanshu.portal.sms import Backend, Outgoing, SmsRefused, SmsTimeout, SmsUnreachable
from guanshu.portal.sms.aliyun import AliyunBackend
from guanshu.portal.sms.tencent import TencentBackend
from tests.portal.reset.standin import StandIn, check_acs3, check_tc3, standing_in

NUMBER, CODE = "13812345678", "271828"
KEY, SECRET = "AKIDexample", "a secret of the test"
TEMPLATES = {
    "reset_code": VendorTemplate("SMS_154950909", ("code",)),
    "reset_done": VendorTemplate("SMS_154950910", ()),
    "remind_due": VendorTemplate("1110", ("museum", "year", "until", "days")),
}


def message(template: str = "reset_code", **variables: str) -> Outgoing:
    given = variables or {"code": CODE}
    return Outgoing("0f6b", template, "科技馆数据采集", "138****5678", NUMBER, given, "…")


@pytest.fixture
def place(settings: Any) -> Iterator[StandIn]:
    with standing_in() as found:
        cloud = Cloud(KEY, SECRET, endpoint=found.url, region="ap-guangzhou", app="1400006666")
        settings.GUANSHU_SMS_CHANNEL = Channel(TEMPLATES, timeout=0.5, cloud=cloud)
        yield found


def aliyun_said(code: str) -> dict[str, str]:
    return {"Code": code, "Message": f"about {NUMBER}", "RequestId": "D9CB3933", "BizId": "134523^4351232"}


def tencent_said(code: str) -> dict[str, Any]:
    status = {"SerialNo": "5000:1045710669157053657849499619", "PhoneNumber": f"+86{NUMBER}", "Fee": 1}
    return {"Response": {"SendStatusSet": [{**status, "Code": code, "Message": NUMBER}], "RequestId": "a0aabda6"}}


def tencent_error(code: str) -> dict[str, Any]:
    return {"Response": {"Error": {"Code": code, "Message": f"about {NUMBER}"}, "RequestId": "a0aabda6"}}


def test_aliyun_is_asked_with_a_signature(place: StandIn) -> None:
    place.answer = aliyun_said("OK")
    assert AliyunBackend().send(message()) == "134523^4351232"
    [received] = place.received
    check_acs3(received, KEY, SECRET)
    assert (received.headers["x-acs-action"], received.headers["x-acs-version"]) == ("SendSms", "2017-05-25")
    asked = received.values
    assert json.loads(asked.pop("TemplateParam")) == {"code": CODE}
    assert asked == {
        "PhoneNumbers": NUMBER,
        "SignName": "科技馆数据采集",
        "TemplateCode": "SMS_154950909",
        "OutId": "0f6b",
    }


def test_a_text_without_variables_has_no_parameters(place: StandIn) -> None:
    place.answer = aliyun_said("OK")
    AliyunBackend().send(Outgoing("1", "reset_done", "科技馆", "", NUMBER, {}, "…"))
    assert "TemplateParam" not in place.received[0].values


def test_tencent_is_asked_with_a_signature(place: StandIn) -> None:
    place.answer = tencent_said("Ok")
    words = {"year": "2022", "days": "2", "until": "2月10日", "museum": "保定市科技馆"}
    assert TencentBackend().send(message("remind_due", **words)).startswith("5000:")
    [received] = place.received
    check_tc3(received, KEY, SECRET)
    headers = received.headers
    assert (headers["X-TC-Action"], headers["X-TC-Version"], headers["X-TC-Region"]) == (
        "SendSms",
        "2021-01-11",
        "ap-guangzhou",
    )
    assert received.json == {
        "PhoneNumberSet": [f"+86{NUMBER}"],
        "SmsSdkAppId": "1400006666",
        "TemplateId": "1110",
        "SignName": "科技馆数据采集",
        # In the vendor's order, whatever ours is.
        "TemplateParamSet": ["保定市科技馆", "2022", "2月10日", "2"],
        "SessionContext": "0f6b",
    }


def test_a_wrong_secret_would_be_noticed(place: StandIn) -> None:
    place.answer = aliyun_said("OK")
    AliyunBackend().send(message())
    with pytest.raises(AssertionError):
        check_acs3(place.received[0], KEY, "another secret")
    place.answer = tencent_said("Ok")
    TencentBackend().send(message())
    with pytest.raises(AssertionError):
        check_tc3(place.received[1], KEY, "another secret")


ALIYUN, TENCENT = AliyunBackend(), TencentBackend()


@pytest.mark.parametrize(
    ("backend", "answer", "kind", "word", "number"),
    [
        (ALIYUN, aliyun_said("isv.BUSINESS_LIMIT_CONTROL"), SmsRefused, "isv.BUSINESS_LIMIT_CONTROL", True),
        (ALIYUN, aliyun_said("isv.MOBILE_NUMBER_ILLEGAL"), SmsRefused, "isv.MOBILE_NUMBER_ILLEGAL", True),
        (ALIYUN, aliyun_said("isv.AMOUNT_NOT_ENOUGH"), SmsRefused, "isv.AMOUNT_NOT_ENOUGH", False),
        (ALIYUN, aliyun_said("isv.SMS_TEMPLATE_ILLEGAL"), SmsRefused, "isv.SMS_TEMPLATE_ILLEGAL", False),
        (ALIYUN, aliyun_said("isp.SYSTEM_ERROR"), SmsUnreachable, "isp.SYSTEM_ERROR", False),
        (ALIYUN, {}, SmsUnreachable, "garbage", False),
        (TENCENT, tencent_said("LimitExceeded.PhoneNumberThirtySecondLimit"), SmsRefused, "LimitExceeded.Phone", True),
        (TENCENT, tencent_said("FailedOperation.PhoneNumberInBlacklist"), SmsRefused, "FailedOperation.Phone", True),
        (TENCENT, tencent_said("FailedOperation.InsufficientBalanceInSmsPackage"), SmsRefused, "FailedOper", False),
        (TENCENT, tencent_error("AuthFailure.SignatureFailure"), SmsRefused, "AuthFailure.SignatureFailure", False),
        (TENCENT, tencent_error("InternalError.Timeout"), SmsUnreachable, "InternalError.Timeout", False),
        (TENCENT, tencent_error("RequestLimitExceeded"), SmsUnreachable, "RequestLimitExceeded", False),
        (TENCENT, {"Response": {"SendStatusSet": [], "RequestId": ""}}, SmsUnreachable, "garbage", False),
        (TENCENT, {"answer": 42}, SmsUnreachable, "garbage", False),
    ],
)
def test_answers_are_sorted(
    backend: Backend, answer: object, kind: type[Exception], word: str, number: bool, place: StandIn
) -> None:
    place.answer = answer
    with pytest.raises(kind) as raised:
        backend.send(message())
    assert raised.value.word.startswith(word)
    assert raised.value.number is number
    assert NUMBER not in str(raised.value) + raised.value.word


@pytest.mark.parametrize("backend", [ALIYUN, TENCENT])
@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        ({"delay": 2.0}, SmsTimeout),
        ({"status": 500, "answer": b"broken"}, SmsUnreachable),
        ({"status": 503, "answer": {"Code": "ServiceUnavailable", "Message": NUMBER}}, SmsUnreachable),
        ({"answer": b"<html>login</html>"}, SmsUnreachable),
        ({"answer": b"", "headers": {}}, SmsUnreachable),
    ],
)
def test_a_gateway_in_trouble_is_tried_again(
    backend: Backend, trouble: dict[str, Any], kind: type[Exception], place: StandIn
) -> None:
    for name, value in trouble.items():
        setattr(place, name, value)
    with pytest.raises(kind) as raised:
        backend.send(message())
    assert NUMBER not in str(raised.value)
    assert len(place.received) == 1


@pytest.mark.parametrize("backend", [ALIYUN, TENCENT])
def test_a_gateway_that_is_not_there_is_tried_again(backend: Backend, settings: Any) -> None:
    cloud = Cloud(KEY, SECRET, endpoint="http://127.0.0.1:9", region="ap-guangzhou", app="1")
    settings.GUANSHU_SMS_CHANNEL = Channel(TEMPLATES, timeout=0.5, cloud=cloud)
    with pytest.raises(SmsUnreachable) as raised:
        backend.send(message())
    assert not isinstance(raised.value, SmsTimeout)


@pytest.mark.parametrize("backend", [ALIYUN, TENCENT])
def test_the_sdk_writes_no_number_into_a_log(
    backend: Backend,
    place: StandIn,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    # One SDK writes every request to standard error then, with its own handler.
    monkeypatch.setenv("DEBUG", "sdk")
    for answer in ({}, b"?"):
        place.answer = answer
        with pytest.raises(SmsUnreachable):
            backend.send(message())
    out, err = capfd.readouterr()
    assert [name for name in TALKATIVE if logging.getLogger(name).isEnabledFor(logging.ERROR)] == []
    for secret in (NUMBER, CODE, SECRET):
        assert secret not in caplog.text + out + err


def test_a_text_the_vendor_does_not_have_is_refused(place: StandIn) -> None:
    for backend in (ALIYUN, TENCENT):
        with pytest.raises(SmsRefused, match="template not mapped"):
            backend.send(message("remind_by_hand"))
    assert place.received == []


def test_the_web_imports_no_sdk_before_the_first_message(tmp_path: Path) -> None:
    script = (
        "import os, sys; os.environ.update(GUANSHU_DEMO='1', DJANGO_SETTINGS_MODULE='guanshu.portal.settings');"
        "import django; django.setup(); import guanshu.portal.urls; from guanshu.portal.sms import aliyun, tencent;"
        "aliyun.AliyunBackend(), tencent.TencentBackend();"
        "print([name for name in ('requests', 'aiohttp', 'Tea', 'darabonba', 'tencentcloud') if name in sys.modules])"
    )
    environ = {**os.environ, "GUANSHU_VAR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
