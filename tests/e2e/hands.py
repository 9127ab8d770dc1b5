"""What a clerk does with the keyboard and the mouse, and what can be read off the page."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.survey.intake import makers


def cell(page: Page, address: str) -> Locator:
    """Return the box of a cell."""
    return page.locator(f'[data-cell="{address}"]')


def field(page: Page, address: str) -> Locator:
    """Return the input of a cell."""
    return page.locator(f'[name="{address}"]').first


def give(page: Page, address: str, value: str) -> None:
    """Answer one cell, whatever input it has; several choices are joined by |."""
    control = field(page, address)
    tag, kind = control.evaluate("(e) => [e.tagName, e.type]")
    if tag == "SELECT":
        control.select_option(BOOLS.get(value, value))
    elif kind in {"radio", "checkbox"}:
        for code in value.split("|"):
            page.locator(f'[name="{address}"][value="{BOOLS.get(code, code)}"]').check()
    else:
        control.fill(value)


BOOLS = {"是": "true", "否": "false"}


def saved(page: Page) -> None:
    """Wait until everything typed is saved, and the page says so."""
    page.evaluate("document.activeElement?.blur()")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved", timeout=10000)


def note(page: Page, text: str) -> Locator:
    """Return the sentence under a line that holds this text."""
    return page.locator(".notes .nb", has_text=text)


def upload_summaries(page: Page, folder: Path) -> None:
    """Upload the annual summary and the free-opening archive on the page that asks for them."""
    word, archive = folder / "总结.docx", folder / "材料.zip"
    word.write_bytes(makers.word())
    archive.write_bytes(makers.make_zip(makers.full()))
    for purpose, path in (("annual_summary", word), ("free_report", archive)):
        page.locator(f"#up-{purpose}").set_input_files(path)
        page.locator(f"button[form=f-{purpose}]").first.click()
        expect(page.locator(f"#c-{purpose} .file-now")).to_be_visible()
