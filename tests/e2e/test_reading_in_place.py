"""A museum looks at a Word file it has uploaded, and its province too: in place, by keyboard, and back."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from guanshu.portal.models import Campaign, Report
from tests.cast import Cast
from tests.e2e.conftest import Open
from tests.e2e.test_every_screen import violations
from tests.portal.files.test_previews import stand_in
from tests.survey.intake import makers

SCREENS = {"wide": {"width": 1440, "height": 900}, "narrow": {"width": 390, "height": 844}}


def look_and_close(page: Page, name: str, folder: Path) -> None:
    """Open the first 「查看」 with Enter, see a drawn page, and come back with Escape."""
    link = page.locator("a[data-look]").first
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog.look-dialog")
    picture = dialog.locator("img").first
    expect(picture).to_be_visible(timeout=70_000)
    picture.evaluate("img => img.decode()")
    assert picture.evaluate("img => img.naturalWidth") > 100
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    page.screenshot(path=folder / f"{name}.png")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_word_file_is_read_in_place(
    enter: Open, cast: Cast, tmp_path: Path, screen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path / "bin", monkeypatch)
    word = tmp_path / "总结.docx"
    word.write_bytes(makers.word("工作总结：全年开放三百天。" * 30))
    page = enter(cast.filler, "/museum/", viewport=SCREENS[screen])
    form = Report.objects.get(museum=cast.baoding, campaign=Campaign.objects.get(year=2022))
    page.goto("/museum/tables/7-3/")
    page.locator("#up-annual_summary").set_input_files(word)
    page.locator("button[form=f-annual_summary]").first.click()
    expect(page.locator("#c-annual_summary .file-now")).to_be_visible()
    look_and_close(page, f"museum-{screen}", tmp_path)
    page = enter(cast.province, f"/province/review/{form.number}/", viewport=SCREENS[screen])
    look_and_close(page, f"province-{screen}", tmp_path)
    # Without the dialog it is a page of its own.
    page.goto(str(page.locator("a[data-look]").first.get_attribute("href")))
    expect(page.locator(".look-page img").first).to_be_visible()
    page.screenshot(path=tmp_path / f"page-{screen}.png")
