"""An authenticator set up and used in the browser, and the log-in dialog of the entry page asking for its code."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from guanshu.portal.domain import factors
from guanshu.portal.models import Account, AccountSession, SecondFactor, TableAnswers
from tests.cast import Cast
from tests.e2e.conftest import PASSWORD, Open
from tests.e2e.hands import give, saved
from tests.portal.doors.conftest import code_at, give_factor


def with_password(account: Account) -> Account:
    account.set_password(PASSWORD)
    account.save()
    return account


def new_code(secret: str) -> str:
    """Return the code of now, which was not used before."""
    SecondFactor.objects.update(last_step=0)
    return code_at(secret, timezone.now())


def log_in(page: Page, username: str) -> None:
    page.goto("/login/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


@pytest.mark.short
def test_an_authenticator_is_set_up_and_asked_for(
    enter: Open, cast: Cast, browser: Browser, live_server: Any, settings: Any
) -> None:
    settings.GUANSHU_SECOND_FACTOR = True
    page = enter(with_password(cast.system), "/national/")
    expect(page).to_have_url(re.compile("/second-factor/$"))
    expect(page.locator("main")).to_contain_text("请先设置身份验证器")
    page.get_by_label("请再次输入登录密码").fill(PASSWORD)
    page.get_by_role("button", name="开始设置").click()
    expect(page.locator(".qr img")).to_be_visible()
    secret = re.sub(r"\s", "", page.locator("#key").inner_text())
    page.get_by_label("输入验证器当前显示的 6 位数字").fill("000000")
    page.get_by_role("button", name="确认启用").click()
    expect(page.get_by_role("alert")).to_contain_text("验证码不正确")
    page.get_by_label("输入验证器当前显示的 6 位数字").fill(code_at(secret, timezone.now()))
    page.get_by_role("button", name="确认启用").click()
    shown = page.locator(".recovery-codes li")
    expect(shown).to_have_count(factors.RECOVERY_CODES)
    codes = shown.all_inner_texts()
    assert len(set(codes)) == factors.RECOVERY_CODES
    page.get_by_role("link", name="已保存，继续").click()
    expect(page).to_have_url(re.compile("/national/$"))
    context = browser.new_context(base_url=live_server.url, locale="zh-CN")
    other = context.new_page()
    for code in (new_code(secret), codes[0]):
        log_in(other, "national")
        expect(other.get_by_role("heading", name="还差一步：动态验证码")).to_be_visible()
        other.get_by_role("textbox", name="验证码").fill(code)
        other.get_by_role("button", name="登录", exact=True).click()
        expect(other).to_have_url(re.compile("/national/$"))
        other.context.clear_cookies()
    context.close()


def test_the_entry_page_asks_for_the_code_in_place(enter: Open, cast: Cast) -> None:
    secret, _ = give_factor(with_password(cast.filler).username)
    page = enter(path="/museum/tables/2-1/")
    AccountSession.objects.update(ended="limit", session_data="")
    give(page, "land_area", "9100")
    dialog = page.locator("#login-dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("密码").fill(PASSWORD)
    dialog.get_by_role("button", name="登录并保存").click()
    code = dialog.get_by_label("动态验证码（身份验证器上的 6 位数字）")
    expect(code).to_be_visible()
    code.fill("000000")
    dialog.get_by_role("button", name="登录并保存").click()
    expect(dialog.get_by_role("alert")).to_contain_text("不正确")
    code.fill(new_code(secret))
    dialog.get_by_role("button", name="登录并保存").click()
    expect(dialog).to_be_hidden()
    saved(page)
    assert TableAnswers.objects.get(report=cast.report(), table="2-1").data["cells"] == {"land_area": "9100.00"}
