"""A province gives a slip, the clerk logs in with it, must choose a password, and works; operations change a number."""

from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, Page, expect
from python_calamine import CalamineWorkbook

from guanshu.portal.domain.people import set_person
from guanshu.portal.models import Account
from guanshu.portal.queries.people import Person
from tests.cast import NOW, Cast
from tests.e2e.conftest import Open

PASSWORD, OWN = "Correct-horse-22", "my-own-long-password-7"
OLD, NEW = "13800001234", "13900005678"


@pytest.fixture
def known(cast: Cast) -> Cast:
    encoded = make_password(PASSWORD)
    for account in (cast.province, cast.operations):
        account.password = encoded
        account.save()
    set_person(account=cast.filler, person=Person("张三丰", OLD), actor="", source="import", now=NOW)
    return cast


def password_of(path: Path, account: str) -> str:
    """Return what a clerk reads off the slip of the account."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return next(str(row[4]) for row in rows if row[3] == account)


def give(page: Page, kind: str, folder: Path) -> Path:
    """Fill in the form of the slips and return the file that comes."""
    page.get_by_label("发放给").fill("保定市科技馆王主任")
    page.locator(f"input[name=kind][value={kind}]").check()
    if page.locator("#e-password").count():
        page.locator("#e-password").fill(PASSWORD)
    with page.expect_download(timeout=30000) as download:
        page.get_by_role("button", name="生成并下载").click()
    path = folder / f"slips.{kind}"
    download.value.save_as(path)
    return path


def test_a_slip_brings_a_clerk_to_work(
    known: Cast, enter: Open, browser: Browser, live_server: object, tmp_path: Path
) -> None:
    office = enter(known.province, "/province/accounts/")
    office.get_by_label(f"选择账号 {known.filler.username}").check()
    office.get_by_role("button", name="为所选账号发放").click()
    path = give(office, "xlsx", tmp_path)
    # The page has stayed; the same click again gives out nothing.
    office.get_by_role("button", name="生成并下载").click()
    expect(office.locator("body")).to_contain_text("本次没有发放")
    office.goto("/province/accounts/")
    expect(office.locator("tr", has_text=known.baoding.code)).to_contain_text("发放给 保定市科技馆王主任")

    context = browser.new_context(base_url=live_server.url)  # type: ignore[attr-defined]
    clerk = context.new_page()
    clerk.goto("/login/")
    clerk.get_by_label("账号").fill(known.filler.username)
    clerk.get_by_label("密码", exact=True).fill(password_of(path, known.filler.username))
    clerk.get_by_role("button", name="登录").click()
    expect(clerk.get_by_role("heading", name="修改密码")).to_be_visible()
    clerk.goto("/museum/")
    expect(clerk.get_by_role("heading", name="修改密码")).to_be_visible()
    clerk.get_by_label("原密码").fill(password_of(path, known.filler.username))
    clerk.get_by_label("新密码", exact=True).fill(OWN)
    clerk.get_by_label("再次输入新密码").fill(OWN)
    clerk.get_by_role("button", name="保存新密码").click()
    clerk.wait_for_url("**/museum/**")
    expect(clerk.locator("body")).to_contain_text("密码已修改")
    context.close()

    office.goto("/province/accounts/")
    expect(office.locator("tr", has_text=known.baoding.code)).to_contain_text("已首次登录")
    # A slip as PDF of an account that nobody was given yet, straight from the museum's page.
    office.goto(f"/province/accounts/{known.baoding.code}/")
    office.get_by_role("button", name="发放账号通知单", exact=True).click()
    assert give(office, "pdf", tmp_path).read_bytes().startswith(b"%PDF-")


def test_operations_change_a_number_and_take_it_back(known: Cast, enter: Open) -> None:
    page = enter(known.operations, "/operations/")
    page.get_by_label("账号、馆名、省级单位或完整的手机号码").fill(OLD)
    page.get_by_role("button", name="查询").click()
    assert OLD not in page.url
    row = page.locator("tr", has_text=known.filler.username)
    expect(row).to_contain_text("138****1234")
    row.get_by_role("button", name="手机号码").click()
    expect(row).to_contain_text(OLD)
    row.get_by_role("link", name=known.filler.username).click()
    page.get_by_label("新手机号码").fill("12345")
    page.get_by_label("申请原因").fill("来电，已核实")
    page.locator("#e-password").fill(PASSWORD)
    page.get_by_role("button", name="变更", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("应为 11 位数字")
    expect(page.get_by_label("申请原因")).to_have_value("来电，已核实")
    page.get_by_label("新手机号码").fill(NEW)
    page.locator("#e-password").fill(PASSWORD)
    page.get_by_role("button", name="变更", exact=True).click()
    expect(page.locator("body")).to_contain_text("24 小时内可以撤回")
    assert Account.objects.get(pk=known.filler.pk).phone_shown == "139****5678"
    page.get_by_role("button", name="撤回").click()
    expect(page.locator("body")).to_contain_text("恢复原来的号码")
    assert Account.objects.get(pk=known.filler.pk).phone_shown == "138****1234"
