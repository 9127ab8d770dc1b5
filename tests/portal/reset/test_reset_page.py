"""「忘记密码？点此重置」 as its visitors see it: the whole way, and the same answer whoever is asked about."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanshu.portal import clock
from guanshu.portal.models import Account, AuditRecord, ResetCode, SmsChannel, SmsMessage
from guanshu.portal.sms import SmsRefused, SmsUnreachable, deliver_waiting
from tests.cast import Cast
from tests.portal.reset.conftest import NEW, OLD, PHONE, Browser, Gateway, give, last_code

pytestmark = pytest.mark.django_db
SENT = "如果账号存在且登记了手机号，验证码已发送到该手机"
DOWN = "短信通道暂时不可用"


def body(answer: Any) -> str:
    """Return a page without its token and the seconds of the countdown."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|data-wait="[0-9]+"', "", answer.content.decode())


def forget_the_pause() -> None:
    """Let a minute pass for everybody."""
    ResetCode.objects.update(made_at=clock.now() - timedelta(seconds=61))


def test_the_whole_way(filler: Account, gateway: type[Gateway]) -> None:
    Account.objects.filter(pk=filler.pk).update(must_change_password=True)
    elsewhere, browser = Client(), Browser()
    elsewhere.post("/login/", {"username": filler.username, "password": OLD})
    assert SENT in browser.ask("b130600001").content.decode()
    assert [(each.to, each.template) for each in gateway.sent] == [(PHONE, "reset_code")]
    code = last_code(gateway)
    assert re.fullmatch("[0-9]{6}", code)
    answer = browser.set("b130600001", code)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/")
    page = browser.get("/login/").content.decode()
    assert "密码已重置，请用新密码登录" in page
    assert elsewhere.get("/museum/").status_code == 302
    live = Account.objects.get(pk=filler.pk)
    assert (live.check_password(NEW), live.must_change_password, live.password_at is not None) == (True, False, True)
    deliver_waiting(now=clock.now())
    assert [(each.to, each.template) for each in gateway.sent[1:]] == [(PHONE, "reset_done")]
    assert "保定" not in gateway.sent[1].text
    records = AuditRecord.objects.filter(stream=f"account:{filler.username}", action="password_reset")
    assert [(each.actor, each.details) for each in records] == [(filler.username, {})]
    assert browser.post("/login/", {"username": filler.username, "password": NEW}).headers["Location"] == "/museum/"


def test_it_does_not_log_in(filler: Account, gateway: type[Gateway]) -> None:
    browser = Browser()
    browser.ask(filler.username)
    browser.set(filler.username, last_code(gateway))
    assert "_auth_user_id" not in browser.session
    assert browser.get("/museum/").status_code == 302


def test_who_was_locked_out_can_log_in_at_once(filler: Account, gateway: type[Gateway]) -> None:
    browser = Browser()
    for _ in range(6):
        browser.post("/login/", {"username": filler.username, "password": "wrong"})
    assert browser.post("/login/", {"username": filler.username, "password": OLD}).status_code == 429
    browser.ask(filler.username)
    browser.set(filler.username, last_code(gateway))
    assert browser.post("/login/", {"username": filler.username, "password": NEW}).status_code == 302


def test_who_is_logged_in_here_is_logged_out(filler: Account, gateway: type[Gateway]) -> None:
    browser = Browser()
    browser.post("/login/", {"username": filler.username, "password": OLD})
    browser.ask(filler.username)
    assert browser.set(filler.username, last_code(gateway)).status_code == 302
    assert "_auth_user_id" not in browser.session


def strangers(cast: Cast) -> list[str]:
    """Return accounts that get no code: unknown, without a number, closed."""
    give(cast.other_filler, "13700000000")
    Account.objects.filter(pk=cast.other_filler.pk).update(is_active=False)
    return ["B999999999", "C130600001", "B130100001", "somebody", "x" * 40]


def test_nobody_learns_whether_an_account_exists(cast: Cast, filler: Account, gateway: type[Gateway]) -> None:
    def asked(name: str) -> list[tuple[int, str, str | None, int]]:
        browser, found = Browser(), []
        with CaptureQueriesContext(connection) as queries:
            answer = browser.ask(name)
        found.append((answer.status_code, body(answer).replace(name, "?"), answer.headers.get("Set-Cookie"), 0))
        statements.append(len(queries))
        for _ in range(6):
            again = browser.set(name, "000000")
            found.append((again.status_code, body(again).replace(name, "?"), None, 0))
        return found

    statements: list[int] = []
    known = asked(filler.username)
    assert [each.template for each in gateway.sent] == ["reset_code"]
    for name in strangers(cast):
        assert asked(name) == known
    assert len(gateway.sent) == 1
    # The message itself is a handful of statements, milliseconds that the common beat of answers hides.
    assert max(statements) - min(statements) <= 16


def test_the_limits_tell_nothing_either(cast: Cast, filler: Account, gateway: type[Gateway]) -> None:
    def asked(name: str) -> list[tuple[int, str]]:
        found = []
        for _ in range(7):
            answer = Browser(REMOTE_ADDR=f"192.0.2.{len(found)}").ask(name)
            found.append((answer.status_code, body(answer).replace(name, "?")))
            forget_the_pause()
        return found

    known = asked(filler.username)
    assert [status for status, _ in known] == [200] * 5 + [429] * 2
    for name in strangers(cast):
        assert asked(name) == known
    assert len(gateway.sent) == 5


def test_a_number_that_the_gateway_refuses_looks_like_any_other(filler: Account, gateway: type[Gateway]) -> None:
    gateway.trouble.append(SmsRefused("black_list", number=True))
    known, unknown = Browser().ask(filler.username), Browser().ask("B999999999")
    assert (known.status_code, body(known).replace(filler.username, "?")) == (
        unknown.status_code,
        body(unknown).replace("B999999999", "?"),
    )


@pytest.mark.parametrize("trouble", [SmsUnreachable("busy"), SmsRefused("no money"), ValueError(PHONE)])
def test_a_gateway_that_fails_is_told_and_costs_nothing(
    trouble: Exception, filler: Account, gateway: type[Gateway], caplog: pytest.LogCaptureFixture
) -> None:
    gateway.trouble.append(trouble)
    answer = Browser().ask(filler.username)
    assert (answer.status_code, DOWN in body(answer)) == (503, True)
    assert PHONE not in caplog.text
    # What is known of the gateway is told of every account.
    for name in ("B999999999", filler.username):
        other = Browser().ask(name)
        assert body(other).replace(name, "?") == body(answer).replace(filler.username, "?")
    assert gateway.sent == []
    SmsChannel.objects.update(failing_at=clock.now() - timedelta(seconds=31))
    tried, unknown = Browser().ask(filler.username), Browser().ask("B999999999")
    # The first try after a failure works, and that is not told before everybody can be told.
    assert "短信通道刚才不可用" in body(tried)
    assert len(gateway.sent) == 1
    assert SENT in body(unknown)
    browser = Browser()
    forget_the_pause()
    assert SENT in body(browser.ask(filler.username))
    assert browser.set(filler.username, last_code(gateway)).status_code == 302


def test_after_a_failure_known_and_unknown_are_tried_alike(filler: Account, gateway: type[Gateway]) -> None:
    gateway.trouble.extend([SmsUnreachable(), SmsUnreachable()])
    Browser().ask(filler.username)
    pages = []
    for name in (filler.username, "B999999999"):
        SmsChannel.objects.update(failing_at=clock.now() - timedelta(seconds=31))
        pages.append(body(Browser().ask(name)).replace(name, "?"))
    assert pages[0] == pages[1]


def test_a_second_code_within_a_minute_waits(filler: Account, gateway: type[Gateway]) -> None:
    browser = Browser()
    browser.ask(filler.username)
    answer = browser.ask(filler.username, code="12")
    assert answer.status_code == 429
    assert re.search("请 (5[0-9]|60) 秒后再获取", body(answer))
    assert 'value="12"' in body(answer)
    assert f'value="{filler.username}"' in body(answer)
    assert len(gateway.sent) == 1


def test_a_script_is_answered_in_json(filler: Account, gateway: type[Gateway]) -> None:
    browser = Browser(headers={"Accept": "application/json"})
    assert browser.ask("").status_code == 422
    answer = browser.ask(filler.username)
    assert (answer.status_code, answer.json()["wait"], SENT in answer.json()["message"]) == (200, 60, True)
    assert browser.ask(filler.username).status_code == 429


def test_a_session_that_ended_while_typing_says_what_to_do(filler: Account, gateway: type[Gateway]) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.get("/password-reset/")
    token = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    assert browser.ask(filler.username, **token).status_code == 200
    del browser.cookies[settings.SESSION_COOKIE_NAME]
    data = {"username": filler.username, "code": last_code(gateway), "new": NEW, "again": NEW, **token}
    answer = browser.post("/password-reset/", data)
    assert (answer.status_code, "请先点击「获取验证码」" in body(answer)) == (422, True)
    del data["csrfmiddlewaretoken"]
    refused = browser.post("/password-reset/", data)
    assert (refused.status_code, "页面已过期" in body(refused)) == (403, True)


NUL, LONG = "B1306\x0000001", "x" * 5000
GOOD = {"username": "B130600001", "code": "123456", "new": NEW, "again": NEW}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"username": ""}, "请填写账号"),
        ({"username": NUL}, "账号"),
        ({"username": LONG}, "40"),
        ({"code": ""}, "请填写短信中的 6 位验证码"),
        ({"code": "12345"}, "验证码是 6 位数字"),
        ({"code": "12345a"}, "验证码是 6 位数字"),
        ({"code": "\u0661\u0662\u0663\u0664\u0665\u0666"}, "验证码是 6 位数字"),
        ({"code": LONG}, "20"),
        ({"code": "12\x003456"}, "验证码"),
        ({"new": "", "again": ""}, "请填写新密码"),
        ({"new": "short", "again": "short"}, "密码太短"),
        ({"new": "B130600001-ok", "again": "B130600001-ok"}, "不能包含账号"),
        ({"new": LONG, "again": LONG}, "256"),
        ({"new": NEW + "\x00", "again": NEW + "\x00"}, "重置密码"),
        ({"again": "another-password-1"}, "两次输入的新密码不一致"),
        ({}, "请先点击「获取验证码」"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    change: dict[str, str], sentence: str, filler: Account, gateway: type[Gateway]
) -> None:
    answer = Browser().post("/password-reset/", GOOD | change)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert NEW not in answer.content.decode()
    assert Account.objects.get(pk=filler.pk).check_password(OLD)


@pytest.mark.parametrize("name", ["", "\x00", LONG, "😀" * 41])
def test_strange_names_are_asked_about_without_harm(name: str, filler: Account, gateway: type[Gateway]) -> None:
    assert Browser().ask(name).status_code == 422
    assert Browser().post("/password-reset/", {"ask": "1"}).status_code == 422
    assert ResetCode.objects.count() == 0
    assert Browser().ask("😀").status_code == 200


def test_other_methods_are_not_there(filler: Account) -> None:
    assert Client().put("/password-reset/").status_code == 405


def test_a_password_too_short_for_the_role_costs_no_try(cast: Cast, filler: Account, gateway: type[Gateway]) -> None:
    give(cast.system)
    browser = Browser()
    browser.ask("national")
    wrong = browser.set("national", "000000", "fourteen-chars")
    # Before the code is right nothing tells that this account wants 15.
    assert "15 个字符，现在" not in body(wrong)
    assert "还可以再试 4 次" in body(wrong)
    right = browser.set("national", last_code(gateway), "fourteen-chars")
    assert (right.status_code, "至少需要 15 个字符，现在是 14 个" in body(right)) == (422, True)
    assert browser.set("national", last_code(gateway), NEW).status_code == 302


def test_nothing_secret_is_kept_or_logged(
    filler: Account, gateway: type[Gateway], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(1)
    browser = Browser(REMOTE_ADDR="192.0.2.77")
    browser.ask(filler.username)
    code = last_code(gateway)
    browser.set(filler.username, "000000")
    browser.set(filler.username, code)
    kept = [list(model.objects.values()) for model in (ResetCode, SmsMessage, AuditRecord)]
    out, err = capsys.readouterr()
    for text in (repr(kept), caplog.text, out, err):
        for secret in (PHONE, NEW, OLD, "192.0.2.77", f"'{code}'", f" {code}"):
            assert secret not in text
    message = SmsMessage.objects.get(template="reset_code")
    from guanshu.portal.sms.sending import unsealed

    assert unsealed(message).variables == {"code": "*"}


def test_the_page_says_whom_to_ask(filler: Account, settings: Any) -> None:
    page = Client().get("/password-reset/").content.decode()
    for words in ("短信重置", "获取验证码", "上一年度本馆填报人、审核人所填写的手机号码", "等待填报人完成填报"):
        assert words in page
    assert "短信发件箱" not in page
    settings.DEMO = True
    assert "短信发件箱" in Client().get("/password-reset/").content.decode()
