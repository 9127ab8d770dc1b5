"""A province applies and the nation approves; a correction goes the whole way; 附件1 opens an account."""

from pathlib import Path

from playwright.sync_api import Page, expect

from guanshu.portal.domain.offices.administrators import enter_card
from guanshu.portal.models import Account, Museum
from guanshu.portal.queries.verification import verify_audit
from tests.cast import NOW, Cast
from tests.e2e.conftest import Open
from tests.e2e.test_every_screen import violations
from tests.portal.offices.conftest import APPLIED, CARD, apply, forwarded
from tests.survey.intake import makers


def fill_application(page: Page, folder: Path, **other: str) -> None:
    """Type an application as its administrator would."""
    typed = {**APPLIED, **other}
    for name in ("name", "city", "division", "supervisor", "opened_on"):
        page.locator(f"#a-{name}").fill(typed[name])
    page.locator("#a-level").select_option(typed["level"])
    page.locator(f'input[name="free"][value="{typed["free"]}"]').check()
    for name in ("filler_name", "filler_phone", "reviewer_name", "reviewer_phone"):
        page.locator(f"#a-{name}").fill(typed[name])
    evidence = folder / "批复.pdf"
    evidence.write_bytes(makers.pdf(1))
    page.locator("#a-file").set_input_files(evidence)


def test_a_province_applies_and_the_nation_approves(enter: Open, cast: Cast, tmp_path: Path) -> None:
    province = enter(cast.province, "/province/applications/")
    fill_application(province, tmp_path, name="保定科学中心")
    province.locator("#a-city").click()
    expect(province.locator("#alike")).to_contain_text("保定市科技馆")
    province.get_by_role("button", name="提交申请").click()
    expect(province.locator("#alike .field-error")).to_contain_text("确认不是同一座馆")
    expect(province.locator("#a-supervisor")).to_have_value(APPLIED["supervisor"])
    province.get_by_label("确认不是同一座馆").check()
    province.locator("#a-file").set_input_files(tmp_path / "批复.pdf")
    province.get_by_role("button", name="提交申请").click()
    expect(province.locator(".notice-success")).to_contain_text("等待全国审批")
    expect(province.locator("dl")).not_to_contain_text(APPLIED["filler_phone"])

    nation = enter(cast.system, "/national/applications/")
    expect(nation.locator(".topnav .nav-count").first).to_contain_text("1")
    nation.get_by_role("link", name="保定科学中心", exact=True).click()
    nation.get_by_role("button", name="显示姓名和号码").click()
    expect(nation.locator("dl.facts").first).to_contain_text(APPLIED["filler_phone"])
    nation.get_by_role("button", name="同意", exact=True).click()
    expect(nation.locator(".notice-success")).to_contain_text("130634001")
    assert set(Account.objects.filter(museum__code="130634001").values_list("username", flat=True)) == {
        "B130634001",
        "C130634001",
    }

    province.goto("/province/applications/")
    expect(province.locator(".notice-success")).to_contain_text("B130634001")
    province.get_by_role("button", name="知道了").click()
    expect(province.locator(".notice-success")).to_have_count(0)
    province.goto("/province/accounts/")
    expect(province.locator("#list")).to_contain_text("保定科学中心")
    province.goto("/province/status/")
    expect(province.locator("#content")).to_contain_text("保定科学中心")
    assert list(verify_audit()) == []


def test_a_correction_goes_the_whole_way(enter: Open, cast: Cast, tmp_path: Path) -> None:
    museum = enter(cast.filler, "/museum/corrections/")
    museum.get_by_role("radio", name="馆名").check()
    museum.get_by_label("正确的馆名").fill("保定市科学技术馆")
    museum.get_by_label("更正理由").fill("机构更名")
    evidence = tmp_path / "批复.pdf"
    evidence.write_bytes(makers.pdf(1))
    museum.locator("#c-file").set_input_files(evidence)
    museum.get_by_role("button", name="提交申请").click()
    expect(museum.locator(".request-list")).to_contain_text("待省级意见")

    province = enter(cast.province, "/province/corrections/")
    province.get_by_role("link", name="保定市科技馆", exact=True).click()
    province.get_by_role("button", name="同意转报").click()
    expect(province.locator(".notice-success")).to_contain_text("转报全国")

    nation = enter(cast.system, "/national/corrections/")
    nation.get_by_role("link", name="保定市科技馆", exact=True).click()
    nation.get_by_role("button", name="同意", exact=True).click()
    expect(nation.locator(".notice-success")).to_contain_text("已更正")
    museum.goto("/museum/corrections/")
    expect(museum.locator(".subbar")).to_contain_text("保定市科学技术馆")
    expect(museum.locator(".request-list")).to_contain_text("已同意")
    assert Museum.objects.get(code="130600001").name == "保定市科学技术馆"


def test_the_nation_enters_and_confirms_a_card(enter: Open, cast: Cast) -> None:
    cast.system.set_password("a-long-enough-password")
    cast.system.save()
    nation = enter(cast.system, "/national/administrators/")
    nation.get_by_role("link", name="河北省科协", exact=True).click()
    for name, value in CARD.items():
        control = nation.locator(f"#c-{name}")
        if name == "gender":
            control.select_option(value)
        else:
            control.fill(value)
    nation.get_by_role("button", name="保存").click()
    expect(nation.locator("dl.facts").first).not_to_contain_text(CARD["mobile"])
    nation.get_by_role("button", name="显示并修改").click()
    expect(nation.locator("#c-mobile")).to_have_value(CARD["mobile"])
    nation.get_by_role("button", name="已电话确认").click()
    expect(nation.locator(".pill-ok")).to_have_text("已确认")
    nation.get_by_label("请再次输入登录密码").fill("a-long-enough-password")
    nation.get_by_role("button", name="发放初始密码").click()
    initial = nation.locator("#initial").inner_text()
    assert Account.objects.get(pk=cast.province.pk).check_password(initial)
    nation.goto("/national/administrators/130000/")
    expect(nation.get_by_role("button", name="发放初始密码")).to_have_count(0)
    with nation.expect_download() as download:
        nation.get_by_role("button", name="导出 Word").click()
    assert download.value.suggested_filename.endswith("（河北）.docx")


SCREENS = (
    ("province", "/province/applications/"),
    ("province", "/province/applications/2022-130000-S1/"),
    ("province", "/province/corrections/"),
    ("province", "/province/corrections/2022-130600001-G1/"),
    ("province", "/province/materials/annex1/"),
    ("filler", "/museum/corrections/"),
    ("system", "/national/applications/"),
    ("system", "/national/applications/2022-130000-S1/"),
    ("system", "/national/corrections/2022-130600001-G1/"),
    ("system", "/national/administrators/"),
    ("system", "/national/administrators/130000/"),
    ("system", "/national/administrators/110000/"),
    ("system", "/national/administrators/export/"),
    ("system", "/national/museums/130600001/"),
    ("system", "/national/museums/130600001/change/free/"),
)


def test_the_pages_of_offices_fit_a_phone_and_speak_to_everybody(enter: Open, cast: Cast) -> None:
    apply(cast, name="保定科学中心", distinct=True)
    forwarded(cast, "free", "0")
    enter_card(province=cast.hebei, campaign=cast.campaign, actor=cast.system, typed=CARD, now=NOW)
    pages = {who: enter(getattr(cast, who), "/") for who in ("province", "filler", "system")}
    for who, address in SCREENS:
        page = pages[who]
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(address)
        assert violations(page) == [], address
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        assert violations(page) == [], address
