"""登录设备 in the browser, and the page that says five minutes before that an unused session ends."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from guanshu.portal.models import AccountSession
from guanshu.portal.web.shared import sessions
from tests.cast import Cast
from tests.e2e.conftest import PASSWORD, Open


@pytest.mark.short
def test_another_device_is_sent_away_and_told_so(enter: Open, cast: Cast) -> None:
    here, there = enter(), enter()
    here.goto("/sessions/")
    expect(here.locator(".device")).to_have_count(2)
    here.get_by_role("button", name="退出该设备").click()
    expect(here.locator(".device")).to_have_count(1)
    there.goto("/museum/")
    expect(there.locator(".notice-warning")).to_contain_text("退出了本设备")
    expect(there).to_have_url(re.compile(r"/login/\?next=/museum/"))


def test_the_page_warns_and_goes_on_and_at_the_end_keeps_what_was_typed(
    enter: Open, cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.system.set_password(PASSWORD)
    cast.system.save()
    settings.GUANSHU_IDLE_MINUTES, settings.GUANSHU_IDLE_WARNING = 0.2, 0.15
    monkeypatch.setattr(sessions, "_TOUCH_AFTER", sessions._TOUCH_AFTER * 0)
    page = enter(cast.system, "/national/notices/")
    page.get_by_label("标题").first.fill("关于延长填报时间的通知")
    box = page.locator("#idle-warning")
    expect(box).to_be_visible()
    expect(box).to_contain_text("分钟后将自动退出登录")
    box.get_by_role("button", name="继续使用").click()
    expect(box).to_be_hidden()
    expect(box.get_by_role("link", name="在新窗口登录")).to_be_visible(timeout=25000)
    expect(box).to_contain_text("填写的内容都还在")
    with page.context.expect_page() as opened:
        box.get_by_role("link", name="在新窗口登录").click()
    login = opened.value
    login.get_by_label("账号").fill("national")
    login.get_by_label("密码").fill(PASSWORD)
    login.get_by_role("button", name="登录", exact=True).click()
    expect(login).to_have_url(re.compile("/national/$"))
    settings.GUANSHU_IDLE_MINUTES = 30
    expect(box).to_be_hidden(timeout=25000)
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    expect(page.get_by_label("标题").first).to_have_value("关于延长填报时间的通知")
    page.get_by_label("正文").first.fill("请各馆按期填报。")
    page.get_by_role("button", name="发布").first.click()
    expect(page.locator("main")).to_contain_text("关于延长填报时间的通知")
    assert token
    assert AccountSession.objects.filter(account=cast.system, ended="").exists()
