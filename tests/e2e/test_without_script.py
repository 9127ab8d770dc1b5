"""With JavaScript switched off the same page is an ordinary form."""

import pytest
from playwright.sync_api import expect

from guanshu.portal.models import TableAnswers
from tests.cast import Cast
from tests.e2e.conftest import Open
from tests.e2e.hands import field, give, note


def data(cast: Cast, table: str) -> dict[str, object]:
    found = TableAnswers.objects.filter(report=cast.report(), table=table).first()
    return found.data if found else {}


def test_a_table_is_saved_and_the_next_one_opened(enter: Open, cast: Cast) -> None:
    page = enter(path="/museum/tables/2-3/", java_script_enabled=False)
    give(page, "volunteers", "1,420")
    give(page, "volunteers_active", "２６０")
    page.get_by_role("button", name="保存并到下一表").click()
    expect(page.locator("#nav [aria-current]")).to_contain_text("2-4")
    assert data(cast, "2-3") == {"cells": {"volunteers": "1420", "volunteers_active": "260"}}


def test_what_is_wrong_is_shown_again_as_typed(enter: Open, cast: Cast) -> None:
    page = enter(path="/museum/tables/2-3/", java_script_enabled=False)
    give(page, "volunteers", "很多")
    give(page, "volunteers_active", "260")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(field(page, "volunteers")).to_have_value("很多")
    expect(note(page, "不是数字")).to_be_visible()
    assert data(cast, "2-3") == {"cells": {"volunteers_active": "260"}}


@pytest.mark.short
def test_rows_are_added_filled_moved_and_removed(enter: Open, cast: Cast) -> None:
    page = enter(path="/museum/tables/6-4/", java_script_enabled=False)
    for number, title in enumerate(["甲", "乙"]):
        page.get_by_role("button", name="添加一行").click()
        page.locator("tr[data-row]").nth(number).locator("input[name^=awards][name$='.title']").fill(title)
    page.locator("tr[data-row]").nth(1).get_by_label("上移该行").click()
    assert [row["cells"]["title"] for row in data(cast, "6-4")["rows"]] == ["乙", "甲"]
    page.locator("tr[data-row]").nth(0).get_by_label("删除该行").click()
    assert [row["cells"]["title"] for row in data(cast, "6-4")["rows"]] == ["甲"]


def test_somebody_elses_value_is_told(enter: Open, cast: Cast) -> None:
    one = enter(path="/museum/tables/2-3/", java_script_enabled=False)
    two = enter(path="/museum/tables/2-3/", java_script_enabled=False)
    for page, value in [(one, "100"), (two, "200")]:
        give(page, "volunteers", value)
        page.get_by_role("button", name="保存", exact=True).click()
    expect(note(two, "已将这一格改为「100」")).to_be_visible()
    expect(field(two, "volunteers")).to_have_value("200")
    two.get_by_role("button", name="保存", exact=True).click()
    assert data(cast, "2-3") == {"cells": {"volunteers": "200"}}
