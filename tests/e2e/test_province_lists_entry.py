"""A province fills its lists: pastes, meets a condition of the notice, mends it, ticks 本省无, takes a proposal."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from guanshu.portal.domain.campaigns import create_filings
from guanshu.portal.domain.questionnaires import publish_questionnaire
from guanshu.portal.models import Filing, SaveRecord
from guanshu.portal.queries.filings import OpenFiling, open_filing
from guanshu.portal.queries.verification import verify_audit
from guanshu.survey.loading import read_folder
from tests.cast import NOW, Cast
from tests.e2e.conftest import Open
from tests.e2e.hands import field, give, note, saved
from tests.e2e.test_every_screen import violations
from tests.e2e.test_keyboard_and_paste import paste

FORM = Path(__file__).parents[2] / "questionnaires" / "province-2022"
ROOT = "/province/materials/"
ROWS = [
    ["雄安科技馆", "地/市级", "雄安新区科协", "", "26,000", "13500", "7200.5", "2023年9月", *["是"] * 6],
    ["涿州科技馆", "县级", "涿州市科协", "", "2300", "860", "310", "2023-11", *["是"] * 6],
    ["定州科技馆", "县级", "定州市科协", "2020-5", "4100", "1900", "960", "2023-6", *["是"] * 6],
]


@pytest.fixture
def lists(cast: Cast) -> Cast:
    """Let provinces file the real lists."""
    form = publish_questionnaire(files=read_folder(FORM), now=NOW)
    cast.campaign.province_form = form
    cast.campaign.save(update_fields=["province_form"])
    create_filings(campaign=cast.campaign)
    return cast


def opened(cast: Cast) -> OpenFiling:
    return open_filing(Filing.objects.select_related("campaign", "province").get(province=cast.hebei))


@pytest.mark.short
def test_a_province_fills_its_lists(enter: Open, lists: Cast) -> None:
    page = enter(lists.province, ROOT)
    page.get_by_role("link", name="开始填写").click()
    give(page, "has_free", "是")
    saved(page)

    page.get_by_role("link", name="附件5").first.click()
    page.get_by_role("button", name="添加一行").click()
    page.locator("tr[data-row] input[type=text], tr[data-row] input.in").first.focus()
    paste(page, "\n".join("\t".join(row) for row in ROWS))
    saved(page)
    expect(page.locator("#toast")).to_contain_text("新增 2 行")
    kept = opened(lists)
    rows = kept.answers.rows["planned_list"]
    assert [row.cells["museum"] for row in rows] == ["雄安科技馆", "涿州科技馆", "定州科技馆"]
    assert {finding.check for finding in kept.evaluation.findings} == {"5-02", "5-10"}

    expect(note(page, "涿州科技馆")).to_contain_text("不足 1,000")
    page.locator("#findings").get_by_role("link", name="第 2 行").click()
    hall = field(page, f"planned_list[{rows[1].id}].hall_area")
    expect(hall).to_be_focused()
    hall.fill("1060")
    saved(page)
    expect(note(page, "涿州科技馆")).to_have_count(0)

    page.get_by_role("link", name="附件7").first.click()
    page.get_by_label("本省无").check()
    saved(page)
    expect(page.locator("#nav .current .m")).to_contain_text("✓")

    page.get_by_role("link", name="附件4").first.click()
    page.get_by_role("link", name="按免费开放科技馆提出名单").click()
    expect(page.get_by_label(lists.baoding.name)).to_be_checked()
    expect(page.get_by_text(lists.haidian.name)).to_have_count(0)
    page.get_by_role("button", name="填入选中的行").click()
    expect(page.get_by_text("已将选中的 1 行填入名单")).to_be_visible()
    (row,) = opened(lists).answers.rows["free_list"]
    assert (row.cells["museum"], row.cells["is_new"]) == (lists.baoding.name, True)
    assert "conversion_list" in opened(lists).answers.none
    assert {record.actor for record in SaveRecord.objects.all()} == {lists.province.username}
    assert list(verify_audit()) == []


def test_the_pages_of_the_lists_on_a_phone_and_for_a_screen_reader(enter: Open, lists: Cast) -> None:
    page = enter(lists.province, ROOT)
    for path in ("", "tables/0/", "tables/5/", "tables/4/proposal/", "tables/5/import/", "continuity/", "check/"):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(ROOT + path)
        assert violations(page) == [], path
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert violations(page) == [], path


def test_a_list_is_filled_without_script(enter: Open, lists: Cast) -> None:
    page = enter(lists.province, f"{ROOT}tables/6/", java_script_enabled=False)
    page.get_by_role("button", name="添加一行").click()
    page.locator("tr[data-row] input.in").first.fill("某新馆")
    page.get_by_role("button", name="保存", exact=True).click()
    (row,) = opened(lists).answers.rows["construction_list"]
    assert row.cells["museum"] == "某新馆"
