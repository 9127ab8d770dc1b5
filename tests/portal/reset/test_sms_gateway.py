"""The generic gateway: what a 政务短信平台 is sent and how its answers are read; all settings are checked at start."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from guanshu.portal.channels import approved_texts, read_channel, reading, variables_of
from guanshu.portal.sms import Outgoing, SmsRefused, SmsTimeout, SmsUnreachable
from guanshu.portal.sms.gateway import HttpBackend
from tests.portal.reset.standin import StandIn, standing_in

NUMBER = "13812345678"
# A quote, a brace and a backslash: what is put in must stay text, whatever the format.
MESSAGE = Outgoing("0f6b", "reset_code", "科协", "138****5678", NUMBER, {"code": "271828"}, '验证码"{to}"\\271828')


def environ_of(url: str, **more: str) -> dict[str, str]:
    return {
        "GUANSHU_SMS_HTTP_URL": url,
        "GUANSHU_SMS_HTTP_BODY": '{"mobile": "{to}", "content": "{signed}"}',
        "GUANSHU_SMS_HTTP_SUCCESS": "code=0",
        "GUANSHU_SMS_TIMEOUT": "0.5",
    } | {f"GUANSHU_SMS_HTTP_{name}": value for name, value in more.items()}


@pytest.fixture
def place() -> Iterator[StandIn]:
    with standing_in() as found:
        found.answer = {"code": 0}
        yield found


@pytest.fixture
def configure(place: StandIn, settings: Any) -> Callable[..., HttpBackend]:
    def made(path: str = "/send", **more: str) -> HttpBackend:
        settings.GUANSHU_SMS_CHANNEL = read_channel(environ_of(place.url + path, **more), "http")
        return HttpBackend()

    return made


def mapping(folder: Path, **changes: str) -> str:
    """Write a file that maps every template, `changes` are whole lines by code."""
    lines = {code: f"{code},T-{code},{'|'.join(sorted(variables_of(text)))}" for code, text in approved_texts().items()}
    path = folder / "templates.csv"
    path.write_text("\ufeffcode,id,variables\n" + "\n".join((lines | changes).values()) + "\n", encoding="utf-8")
    return str(path)


def test_json_is_sent_and_the_answer_read(place: StandIn, configure: Callable[..., HttpBackend]) -> None:
    place.answer = {"data": {"status": "200", "list": [{"id": 77}]}}
    backend = configure(
        HEADERS='{"Authorization": "Basic c2VjcmV0", "X-Id": "{id}"}',
        SUCCESS="data.status=0,200",
        RECEIPT="data.list.0.id",
    )
    assert backend.send(MESSAGE) == "77"
    [received] = place.received
    assert (received.method, received.path) == ("POST", "/send")
    assert received.headers["Content-Type"] == "application/json; charset=utf-8"
    assert (received.headers["Authorization"], received.headers["X-Id"]) == ("Basic c2VjcmV0", "0f6b")
    # What stands in a text is not filled in again.
    assert received.json == {"mobile": NUMBER, "content": '【科协】验证码"{to}"\\271828'}


def test_a_form_and_a_plain_answer(place: StandIn, configure: Callable[..., HttpBackend]) -> None:
    place.answer = b"0,20230204100000"
    assert configure(FORMAT="form", SUCCESS="/^0,/").send(MESSAGE) == ""
    assert place.received[0].form == {"mobile": NUMBER, "content": '【科协】验证码"{to}"\\271828'}
    place.answer = b"-5,0"
    with pytest.raises(SmsRefused):
        configure(FORMAT="form", SUCCESS="/^0,/").send(MESSAGE)


def test_an_address_with_parameters(place: StandIn, configure: Callable[..., HttpBackend]) -> None:
    configure("/send?user=guanshu", METHOD="get").send(MESSAGE)
    [received] = place.received
    assert (received.method, received.body) == ("GET", b"")
    assert received.values == {"user": "guanshu", "mobile": NUMBER, "content": '【科协】验证码"{to}"\\271828'}


def test_a_digest_over_the_message_as_older_platforms_want_it(
    place: StandIn, configure: Callable[..., HttpBackend]
) -> None:
    # 云MAS: JSON in base64, signed with MD5 over its own parts.
    body = '{"apId": "app", "mobiles": "{to}", "content": "{text}", "sign": "S1", "at": "{time}", "mac": "{digest}"}'
    place.answer = {"success": True}
    backend = configure(BODY=body, FORMAT="base64", DIGEST="md5:app{to}{text}S1{time}key", SUCCESS="success=true")
    backend.send(MESSAGE)
    sent = json.loads(base64.b64decode(place.received[0].body))
    told = f"app{NUMBER}{MESSAGE.text}S1{sent['at']}key"
    assert sent["mac"] == hashlib.md5(told.encode()).hexdigest()
    assert len(sent["at"]) == 14


def test_templates_by_the_platforms_number(place: StandIn, settings: Any, tmp_path: Path) -> None:
    body = '{"to": ["{to}"], "template": "{template}", "values": "{values}", "params": "{params}"}'
    environ = environ_of(place.url, BODY=body) | {"GUANSHU_SMS_TEMPLATES": mapping(tmp_path)}
    settings.GUANSHU_SMS_CHANNEL = read_channel(environ, "http")
    HttpBackend().send(MESSAGE)
    assert place.received[0].json == {
        "to": [NUMBER],
        "template": "T-reset_code",
        "values": "271828",
        "params": '{"code": "271828"}',
    }


@pytest.mark.parametrize(
    ("answer", "kind", "number", "word"),
    [
        ({"code": 7}, SmsRefused, False, "code 7"),
        ({"code": 21}, SmsUnreachable, False, "code 21"),
        ({"code": 31}, SmsRefused, True, "code 31"),
        ({"code": NUMBER}, SmsRefused, False, "code #"),
        ({"message": NUMBER}, SmsRefused, False, "code None"),
        ([], SmsRefused, False, "code None"),
        (b"<html>" + NUMBER.encode(), SmsUnreachable, False, "garbage"),
        (b"\xff\xfe", SmsUnreachable, False, "garbage"),
        (b"", SmsUnreachable, False, "garbage"),
    ],
)
def test_answers_are_sorted_by_the_expressions(
    answer: object,
    kind: type[SmsRefused],
    number: bool,
    word: str,
    place: StandIn,
    configure: Callable[..., HttpBackend],
) -> None:
    place.answer = answer
    with pytest.raises(kind) as raised:
        configure(BUSY="code=20,21", NUMBER="code=31").send(MESSAGE)
    assert (raised.value.word, raised.value.number) == (word, number)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(500, SmsUnreachable), (502, SmsUnreachable), (429, SmsUnreachable), (401, SmsRefused), (302, SmsRefused)],
)
def test_statuses_are_sorted(
    status: int, kind: type[Exception], place: StandIn, configure: Callable[..., HttpBackend]
) -> None:
    place.status, place.headers = status, {"Location": f"{place.url}/elsewhere"}
    with pytest.raises(kind, match=f"http {status}"):
        configure().send(MESSAGE)
    # No redirect is followed: the number would go along.
    assert len(place.received) == 1


def test_a_slow_gateway_is_not_waited_for(place: StandIn, configure: Callable[..., HttpBackend]) -> None:
    place.delay = 2
    with pytest.raises(SmsTimeout):
        configure().send(MESSAGE)


def test_a_gateway_that_is_not_there(configure: Callable[..., HttpBackend], settings: Any) -> None:
    settings.GUANSHU_SMS_CHANNEL = read_channel(environ_of("http://127.0.0.1:9/"), "http")
    with pytest.raises(SmsUnreachable, match="ConnectionRefusedError") as raised:
        HttpBackend().send(MESSAGE)
    assert not isinstance(raised.value, SmsTimeout)


def test_a_certificate_that_nobody_signed_is_not_believed(settings: Any, tmp_path: Path) -> None:
    import ssl
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    certificate = _certificate(tmp_path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"https://127.0.0.1:{server.server_port}/"
    settings.GUANSHU_SMS_CHANNEL = read_channel(environ_of(url), "http")
    with pytest.raises(SmsUnreachable, match="SSLCertVerificationError"):
        HttpBackend().send(MESSAGE)
    # With the platform's own authority it is; the server then knows no POST.
    settings.GUANSHU_SMS_CHANNEL = read_channel(environ_of(url, CA=str(certificate)), "http")
    with pytest.raises(SmsUnreachable, match="http 501"):
        HttpBackend().send(MESSAGE)
    server.shutdown()
    server.server_close()


def _certificate(folder: Path) -> Path:
    """Write a key and a certificate for 127.0.0.1 that its own key signed."""
    import ipaddress
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stand-in")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "stand-in.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


GOOD = environ_of("https://sms.example/send")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"URL": ""}, "GUANSHU_SMS_HTTP_URL：所选短信通道需要此项设置"),
        ({"URL": "ftp://sms.example/"}, "应为 https:// 开头的网址"),
        ({"URL": "https://[sms"}, "应为 https:// 开头的网址"),
        ({"URL": "http://sms.example/"}, "须用 https://"),
        ({"METHOD": "PUT"}, "GET 或 POST"),
        ({"FORMAT": "xml"}, "json、form、base64"),
        ({"BODY": "{"}, "应为一个 JSON 对象"),
        ({"BODY": "[]"}, "应为一个 JSON 对象"),
        ({"BODY": '{"to": "{to}"}'}, "须含 {to}，以及"),
        ({"BODY": '{"to": "{to}", "text": "{txt}"}'}, "没有 {txt}"),
        ({"BODY": '{"to": "{to}", "t": "{template}", "v": "{values}"}'}, "需要模板对照表"),
        ({"BODY": '{"to": "{to}", "t": "{text}", "d": "{digest}"}'}, "GUANSHU_SMS_HTTP_DIGEST"),
        ({"FORMAT": "form", "BODY": '{"to": ["{to}"], "text": "{text}"}'}, "都须为文字"),
        ({"HEADERS": '{"X A": "1"}'}, "请求头"),
        ({"HEADERS": '{"X": "a\\nb"}'}, "请求头"),
        ({"HEADERS": '{"X": 1}'}, "请求头"),
        ({"DIGEST": "rot13:{to}"}, "算法:内容"),
        ({"DIGEST": "md5:{who}"}, "没有 {who}"),
        ({"SUCCESS": ""}, "GUANSHU_SMS_HTTP_SUCCESS"),
        ({"SUCCESS": "code"}, "应为 code=0"),
        ({"SUCCESS": "/(/"}, "正则表达式"),
        ({"CA": "/no/such.pem"}, "没有这个证书文件"),
    ],
)
def test_settings_that_cannot_work_refuse_to_start(change: dict[str, str], sentence: str) -> None:
    environ = GOOD | {f"GUANSHU_SMS_HTTP_{name}": value for name, value in change.items()}
    with pytest.raises(ImproperlyConfigured) as refused:
        read_channel(environ, "http")
    assert sentence in str(refused.value)


def test_a_plain_gateway_of_an_inner_network_must_be_wanted() -> None:
    environ = environ_of("http://10.1.2.3/send", PLAIN="1")
    assert read_channel(environ, "http").http is not None


@pytest.mark.parametrize(("name", "value"), [("TIMEOUT", "3"), ("TIMEOUT", "x"), ("BUDGET", "0"), ("BUDGET", "nan")])
def test_numbers_have_bounds(name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"GUANSHU_SMS_{name}：应为"):
        read_channel({f"GUANSHU_SMS_{name}": value}, "console")


def test_clouds_want_their_account_and_every_template(tmp_path: Path) -> None:
    for name, account in (
        ("aliyun", {"GUANSHU_SMS_ALIYUN_KEY_ID": "id", "GUANSHU_SMS_ALIYUN_KEY_SECRET": "secret"}),
        (
            "tencent",
            {
                "GUANSHU_SMS_TENCENT_SECRET_ID": "id",
                "GUANSHU_SMS_TENCENT_SECRET_KEY": "secret",
                "GUANSHU_SMS_TENCENT_APP_ID": "14",
            },
        ),
    ):
        environ = account | {"GUANSHU_SMS_TEMPLATES": mapping(tmp_path)}
        channel = read_channel(environ, name)
        assert channel.templates["reset_code"].variables == ("code",)
        assert "secret" not in repr(channel)
        for missing in environ:
            with pytest.raises(ImproperlyConfigured, match=missing):
                read_channel({key: value for key, value in environ.items() if key != missing}, name)


def test_a_cloud_without_its_sdk_refuses_to_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reading, "find_spec", lambda _name: None)
    environ = {"GUANSHU_SMS_ALIYUN_KEY_ID": "id", "GUANSHU_SMS_ALIYUN_KEY_SECRET": "secret"}
    environ["GUANSHU_SMS_TEMPLATES"] = mapping(tmp_path)
    for name in ("aliyun", "tencent"):
        with pytest.raises(ImproperlyConfigured, match=f"sms-{name}"):
            read_channel(environ, name)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("nothing,T,", "code「nothing」不是本系统的模板"),
        ("reset_done,T,\nreset_done,T,", "或重复"),
        ("reset_done,,", "缺少短信平台的模板编号"),
        ("reset_done,T,code", "应恰好是 空"),
        ("", "缺少模板 reset_done"),
    ],
)
def test_a_mapping_that_does_not_fit_refuses_to_start(line: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read_channel({"GUANSHU_SMS_TEMPLATES": mapping(tmp_path, reset_done=line)}, "console")
    assert sentence in str(refused.value)


def test_a_mapping_that_cannot_be_read_refuses_to_start(tmp_path: Path) -> None:
    (tmp_path / "gbk.csv").write_bytes("代码".encode("gbk"))
    for path in (tmp_path / "gbk.csv", tmp_path / "none.csv", tmp_path):
        with pytest.raises(ImproperlyConfigured, match="不能读取"):
            read_channel({"GUANSHU_SMS_TEMPLATES": str(path)}, "console")
