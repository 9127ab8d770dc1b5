"""The save state is truthful, and nothing typed is lost."""

import pytest
from playwright.sync_api import Page, Route, expect

from guanshu.portal.models import SaveRecord, TableAnswers
from tests.cast import Cast
from tests.e2e.conftest import PASSWORD, Open
from tests.e2e.hands import cell, field, give, note, saved

SITE = "/museum/tables/2-1/"


def stored(cast: Cast, table: str = "2-1") -> dict[str, object]:
    found = TableAnswers.objects.filter(report=cast.report(), table=table).first()
    return found.data.get("cells", {}) if found else {}


def state(page: Page) -> str:
    return page.locator("#save-state").get_attribute("data-state") or ""


def test_typing_is_saved_after_a_pause_and_tidied_on_leaving(enter: Open, cast: Cast) -> None:
    page = enter(path=SITE)
    field(page, "land_area").type("９１００.5")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")
    expect(page.locator("#save-state")).to_contain_text("已保存")
    assert stored(cast) == {"land_area": "9100.50"}
    field(page, "building_area").focus()
    expect(field(page, "land_area")).to_have_value("9,100.50")


def test_a_year_is_shown_without_separators(enter: Open, cast: Cast) -> None:
    page = enter(path="/museum/tables/1-1/")
    give(page, "free_since", "2016")
    saved(page)
    expect(field(page, "free_since")).to_have_value("2016")
    page.reload()
    expect(field(page, "free_since")).to_have_value("2016")


@pytest.mark.short
def test_a_total_and_its_finding_come_back_at_once(enter: Open, cast: Cast) -> None:
    page = enter(path=SITE)
    give(page, "building_area", "5237")
    give(page, "permanent_hall_area", "5000")
    saved(page)
    expect(cell(page, "hall_area")).to_contain_text("5,000.00")
    expect(cell(page, "hall_area")).to_contain_text("未填全")
    give(page, "temporary_hall_area", "450")
    saved(page)
    expect(cell(page, "hall_area").locator(".partial")).to_be_hidden()
    expect(note(page, "多 213")).to_be_visible()
    expect(page.locator("#findings .cls-mandatory")).to_have_text("强制 1")
    expect(page.locator("#nav .current .dot-bad")).to_be_visible()
    give(page, "permanent_hall_area", "4000")
    saved(page)
    expect(page.locator(".notes")).to_have_count(0)


def test_what_cannot_be_kept_stays_typed_with_its_sentence_also_after_a_reload(enter: Open, cast: Cast) -> None:
    page = enter(path=SITE)
    give(page, "land_area", "很大")
    give(page, "building_area", "5237")
    field(page, "building_area").blur()
    expect(note(page, "不是数字")).to_be_visible()
    expect(page.locator("#save-state")).to_have_attribute("data-state", "held")
    assert stored(cast) == {"building_area": "5237.00"}
    page.reload()
    expect(field(page, "land_area")).to_have_value("很大")
    expect(note(page, "不是数字")).to_be_visible()
    expect(page.locator("#save-state")).to_have_attribute("data-state", "held")
    give(page, "land_area", "9100")
    saved(page)
    expect(note(page, "不是数字")).to_have_count(0)
    assert stored(cast)["land_area"] == "9100.00"


def test_a_server_that_is_away_costs_nothing(enter: Open, cast: Cast) -> None:
    page = enter(path=SITE)
    page.route("**/museum/tables/**", abort_posts)
    give(page, "land_area", "9100")
    field(page, "land_area").blur()
    expect(page.locator("#save-state")).to_contain_text("将自动重试")
    assert state(page) == "away"
    assert stored(cast) == {}
    page.reload()
    expect(field(page, "land_area")).to_have_value("9,100")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "away")
    page.unroute("**/museum/tables/**")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved", timeout=10000)
    assert stored(cast) == {"land_area": "9100.00"}


def test_rows_added_while_the_server_is_away_survive_a_reload(enter: Open, cast: Cast) -> None:
    page = enter(path="/museum/tables/6-4/")
    page.route("**/museum/tables/**", abort_posts)
    for title in "甲乙":
        page.get_by_role("button", name="添加一行").click()
        page.keyboard.type(title)
    expect(page.locator("#save-state")).to_have_attribute("data-state", "away")
    page.reload()
    expect(page.locator("tr[data-row]")).to_have_count(2)
    page.unroute("**/museum/tables/**")
    saved(page)
    rows = TableAnswers.objects.get(report=cast.report(), table="6-4").data["rows"]
    assert [row["cells"] for row in rows] == [{"title": "甲"}, {"title": "乙"}]


def test_a_pasted_book_is_refused_before_it_is_sent(enter: Open, cast: Cast) -> None:
    page = enter(path="/museum/tables/7-2/")
    field(page, "highlights").fill("长" * 100_000)
    expect(note(page, "100000 个字")).to_be_visible()
    expect(page.locator("#save-state")).to_have_attribute("data-state", "held")
    give(page, "highlights", "亮点")
    saved(page)
    assert stored(cast, "7-2") == {"highlights": "亮点"}


def test_an_answer_that_got_lost_is_asked_for_again_with_the_same_request(enter: Open, cast: Cast) -> None:
    page = enter(path=SITE)
    bodies: list[str] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        bodies.append(route.request.post_data or "")
        if len(bodies) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/museum/tables/**", lose_the_first)
    give(page, "land_area", "9100")
    saved(page)
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]
    assert SaveRecord.objects.count() == 1


def test_work_left_on_another_page_is_sent_from_the_next_one(enter: Open, cast: Cast) -> None:
    page = enter(path=SITE)
    page.route("**/museum/tables/**", abort_posts)
    give(page, "land_area", "9100")
    expect(page.locator("#save-state")).to_have_attribute("data-state", "away")
    page.unroute("**/museum/tables/**")
    page.goto("/museum/")
    expect(page.locator("#save-state")).to_contain_text("已保存")
    assert stored(cast) == {"land_area": "9100.00"}


def test_an_expired_session_is_renewed_in_place(enter: Open, cast: Cast) -> None:
    cast.filler.set_password(PASSWORD)
    cast.filler.save()
    page = enter(path=SITE)
    page.context.clear_cookies()
    give(page, "land_area", "9100")
    field(page, "land_area").blur()
    dialog = page.locator("#login-dialog")
    expect(dialog).to_be_visible()
    dialog.locator("[name=password]").fill("wrong")
    dialog.locator("[type=submit]").click()
    expect(dialog.locator("[role=alert]")).to_contain_text("不正确")
    dialog.locator("[name=password]").fill(PASSWORD)
    dialog.locator("[type=submit]").click()
    expect(dialog).to_be_hidden()
    saved(page)
    assert stored(cast) == {"land_area": "9100.00"}


@pytest.mark.short
def test_two_people_see_both_values_and_choose(enter: Open, cast: Cast) -> None:
    one, two = enter(path=SITE), enter(path=SITE)
    give(one, "land_area", "9100")
    give(one, "building_area", "5000")
    saved(one)
    give(two, "land_area", "9200")
    give(two, "building_area", "5200")
    give(two, "edu_area", "3000")
    field(two, "edu_area").blur()
    expect(note(two, "9,100.00")).to_be_visible()
    expect(note(two, "5,000.00")).to_be_visible()
    expect(two.locator("#save-state")).to_have_attribute("data-state", "held")
    assert stored(cast) == {"land_area": "9100.00", "building_area": "5000.00", "edu_area": "3000.00"}
    note(two, "9,100.00").get_by_role("button", name="用我的").click()
    note(two, "5,000.00").get_by_role("button", name="用对方的").click()
    saved(two)
    assert stored(cast) == {"land_area": "9200.00", "building_area": "5000.00", "edu_area": "3000.00"}
    expect(field(two, "building_area")).to_have_value("5,000.00")


def test_what_others_saved_meanwhile_is_shown(enter: Open, cast: Cast) -> None:
    one, two = enter(path=SITE), enter(path=SITE)
    give(one, "land_area", "9100")
    saved(one)
    give(two, "building_area", "5000")
    saved(two)
    expect(field(two, "land_area")).to_have_value("9,100.00")
    expect(two.locator("#toast")).to_contain_text("他人同时修改了本表")
    expect(note(two, "已改为")).to_have_count(0)


def test_two_tabs_of_one_browser_do_not_fight(enter: Open, cast: Cast) -> None:
    one = enter(path=SITE)
    two = one.context.new_page()
    two.goto(SITE)
    give(one, "land_area", "9100")
    saved(one)
    expect(field(two, "land_area")).to_have_value("9,100.00")
    give(two, "land_area", "9300")
    saved(two)
    give(one, "building_area", "5000")
    saved(one)
    assert stored(cast) == {"land_area": "9300.00", "building_area": "5000.00"}
    expect(note(two, "已改为")).to_have_count(0)


def unusual(page: Page) -> None:
    """Leave one 核实性 finding: more volunteers served than are registered."""
    for name, value in [("volunteers", "1"), ("volunteers_active", "5"), ("volunteer_hours", "9")]:
        give(page, name, value)


def test_explanations_are_saved_on_the_check_page_too(enter: Open, cast: Cast) -> None:
    page = enter(path="/museum/tables/2-3/")
    unusual(page)
    saved(page)
    page.get_by_role("link", name="全表审核").first.click()
    expect(page.locator(".verdict")).to_contain_text("1 个问题要修改或说明")
    page.locator(".explain textarea").fill("新登记的志愿者尚在审核")
    saved(page)
    expect(page.locator(".verdict")).not_to_contain_text("个问题")
    page.locator(".finding-verify a").click()
    expect(field(page, "volunteers_active")).to_be_focused()


def test_explanations_are_saved_without_script(enter: Open, cast: Cast) -> None:
    page = enter(path="/museum/tables/2-3/", java_script_enabled=False)
    unusual(page)
    page.get_by_role("button", name="保存", exact=True).click()
    page.goto("/museum/check/")
    page.locator(".explain textarea").fill("新登记的志愿者尚在审核")
    page.get_by_role("button", name="保存说明").click()
    expect(page.locator(".verdict")).not_to_contain_text("个问题")
    expect(page.locator(".explain textarea")).to_have_value("新登记的志愿者尚在审核")


def abort_posts(route: Route) -> None:
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()
