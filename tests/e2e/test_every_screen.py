"""Narrow screens and everybody's screens: nothing runs off the page, nothing is hidden from a screen reader."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.conftest import Open
from tests.e2e.hands import field, give, saved

PAGES = {
    "overview": "/museum/",
    "list": "/museum/tables/2-1/",
    "texts": "/museum/tables/1-1/",
    "matrix": "/museum/tables/2-2/",
    "rows": "/museum/tables/3-2/",
    "check": "/museum/check/",
}


def unsettle(page: Page, name: str) -> None:
    """Bring findings, sentences and rows onto the page: an empty page proves little."""
    if name == "list":
        give(page, "building_area", "5237")
        give(page, "permanent_hall_area", "5000")
        give(page, "temporary_hall_area", "450")
        saved(page)
    elif name == "matrix":
        give(page, "staff_establishment__n", "3")
        give(page, "staff_establishment__female", "4")
        saved(page)
    elif name == "rows":
        page.get_by_role("button", name="添加一行").click()
        page.keyboard.type("冰雪中的科学")
        saved(page)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone_and_speaks_to_everybody(enter: Open, name: str) -> None:
    page = enter(path=PAGES[name])
    unsettle(page, name)
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """Return axe-core's serious findings with the first elements of each."""
    found = Axe().run(page).response["violations"]
    grave = [violation for violation in found if violation["impact"] in {"serious", "critical"}]
    return [(violation["id"], [str(node["target"]) for node in violation["nodes"]][:4]) for violation in grave]


def test_the_reviewer_sees_the_same_pages_and_cannot_type(enter: Open, cast: Cast) -> None:
    filler = enter(path=PAGES["list"])
    give(filler, "land_area", "9100")
    saved(filler)
    page = enter(cast.reviewer, PAGES["list"])
    expect(page.locator("[data-cell=land_area]")).to_contain_text("9,100.00")
    expect(page.locator("main input, main textarea, main select").locator("visible=true")).to_have_count(0)
    expect(page.locator(".sheet-notice")).to_contain_text("只有填报人")


def test_help_opens_in_place_from_the_keyboard(enter: Open) -> None:
    page = enter(path=PAGES["list"])
    field(page, "land_area").focus()
    page.keyboard.press("F1")
    expect(page.locator("tr[data-line=land_area] .help-box p")).to_be_visible()
    page.get_by_role("button", name="显示指标解释").press("Enter")
    expect(page.locator("tr[data-line=parking_spaces] .help-box p")).to_be_visible()
