"""A filler who forgot the password: code, two slips, the right one from the demo's outbox, a new password, and in."""

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from guanshu.portal.domain.people import set_person
from guanshu.portal.domain.resetting import pace
from guanshu.portal.models import Account
from guanshu.portal.queries.people import Person
from tests.cast import NOW, Cast
from tests.e2e.conftest import Open

NEW = "our-museum-opens-at-nine"
PHONE = "13812345678"


@pytest.fixture
def visitor(enter: Open, cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that opens the home page as somebody who is not logged in, in the demo."""
    settings.DEMO, settings.GUANSHU_SMS = True, "outbox"
    monkeypatch.setattr(pace, "BEAT", 0)
    set_person(account=cast.filler, person=Person("张三丰", PHONE), actor="", source="test", now=NOW)

    def come(**options: Any) -> Page:
        page = enter(path="/login/", **options)
        page.context.clear_cookies()
        page.goto("/")
        page.get_by_role("link", name="忘记密码？点此重置").click()
        return page

    return come


def code_of(page: Page) -> str:
    """Return the code of the newest message, read in a window of its own."""
    other = page.context.new_page()
    other.goto("/outbox/")
    text = other.locator("tbody tr").first.inner_text()
    assert PHONE not in text
    other.close()
    found = re.search(r"验证码为(\d{6})", text)
    assert found, text
    return found[1]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def submit(page: Page, code: str, new: str = NEW) -> None:
    page.get_by_label("验证码", exact=True).fill(code)
    page.get_by_label("新密码", exact=True).fill(new)
    page.get_by_label("再次输入新密码").fill(new)
    page.get_by_role("button", name="重置密码").last.click()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.short
def test_the_whole_journey(script: bool, visitor: Any, cast: Cast) -> None:
    page = visitor(java_script_enabled=script)
    expect(page.get_by_role("heading", name="短信重置")).to_be_visible()
    page.get_by_label("新密码", exact=True).fill(NEW)
    page.get_by_label("账号").fill("b130600001")
    ask = page.locator("#ask")
    ask.click()
    expect(page.get_by_text("如果账号存在且登记了手机号，验证码已发送到该手机")).to_be_visible(timeout=15000)
    expect(page.get_by_label("账号")).to_have_value("b130600001")
    if script:
        expect(ask).to_have_text(re.compile(r"\d+ 秒后可再次获取"))
        expect(ask).to_be_disabled()
        expect(page.get_by_label("验证码", exact=True)).to_be_focused()
        # What was typed before stays.
        expect(page.get_by_label("新密码", exact=True)).to_have_value(NEW)
    code = code_of(page)
    for left in (4, 3):
        submit(page, wrong(code))
        expect(page.get_by_text(f"还可以再试 {left} 次")).to_be_visible()
        expect(page.get_by_label("账号")).to_have_value("b130600001")
    submit(page, code)
    expect(page).to_have_url(re.compile("/login/$"), timeout=15000)
    expect(page.get_by_text("密码已重置，请用新密码登录")).to_be_visible()
    page.get_by_label("账号").fill("b130600001")
    page.get_by_label("密码").fill(NEW)
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(re.compile("/museum/$"), timeout=15000)
    assert Account.objects.get(pk=cast.filler.pk).check_password(NEW)


def test_enter_in_the_account_asks_for_a_code(visitor: Any) -> None:
    page = visitor()
    page.get_by_label("账号").press("Enter")
    expect(page.get_by_text("请填写账号，再获取验证码。")).to_be_visible()
    page.get_by_label("账号").fill("B999999999")
    page.get_by_label("账号").press("Enter")
    expect(page.get_by_text("如果账号存在且登记了手机号")).to_be_visible()


def test_without_a_network_the_page_says_so(visitor: Any) -> None:
    page = visitor()
    page.get_by_label("账号").fill("B130600001")
    page.route("**/password-reset/", lambda route: route.abort())
    page.locator("#ask").click()
    expect(page.get_by_text("网络不通，或服务器没有响应")).to_be_visible()
    expect(page.locator("#ask")).to_be_enabled()


@pytest.mark.parametrize("width", [1440, 390])
def test_it_fits_and_everybody_can_use_it(width: int, visitor: Any, tmp_path: Path) -> None:
    page = visitor(viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert [each["id"] for each in found.response["violations"]] == []
    page.screenshot(path=tmp_path / "reset.png", full_page=True)
