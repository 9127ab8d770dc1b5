"""Working as in a spreadsheet: keys, blocks from Excel, rows added, moved, removed and brought back."""

from playwright.sync_api import Page, expect

from guanshu.portal.models import TableAnswers
from tests.cast import Cast
from tests.e2e.conftest import Open
from tests.e2e.hands import cell, field, give, note, saved


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name"))


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const options = { clipboardData: data, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        text,
    )


def rows(cast: Cast, table: str) -> list[dict[str, object]]:
    return [row["cells"] for row in TableAnswers.objects.get(report=cast.report(), table=table).data.get("rows", [])]


def test_keys_move_through_a_matrix(enter: Open) -> None:
    page = enter(path="/museum/tables/2-2/")
    field(page, "staff_establishment__n").focus()
    for key, expected in [
        ("Enter", "staff_contract__n"),
        ("ArrowDown", "staff_dispatched__n"),
        ("Shift+Enter", "staff_contract__n"),
        ("ArrowRight", "staff_contract__female"),
        ("ArrowLeft", "staff_contract__n"),
        ("ArrowUp", "staff_establishment__n"),
        # The line above is computed: nothing to go to.
        ("ArrowUp", "staff_establishment__n"),
        ("Tab", "staff_establishment__female"),
    ]:
        page.keyboard.press(key)
        assert focused(page) == expected, key


def test_left_and_right_move_only_at_the_edge_of_the_text(enter: Open) -> None:
    page = enter(path="/museum/tables/2-2/")
    field(page, "staff_contract__n").focus()
    page.keyboard.type("12")
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "staff_contract__n"
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    assert focused(page) == "staff_contract__female"


def test_escape_restores_what_stood_in_the_cell(enter: Open, cast: Cast) -> None:
    page = enter(path="/museum/tables/2-1/")
    give(page, "land_area", "9100")
    saved(page)
    field(page, "land_area").focus()
    page.keyboard.type("5")
    page.keyboard.press("Escape")
    expect(field(page, "land_area")).to_have_value("9,100.00")
    saved(page)
    data = TableAnswers.objects.get(report=cast.report(), table="2-1").data
    assert data["cells"] == {"land_area": "9100.00"}


def test_a_block_is_pasted_into_a_matrix_and_taken_back(enter: Open, cast: Cast) -> None:
    page = enter(path="/museum/tables/2-2/")
    field(page, "staff_establishment__n").focus()
    paste(page, "32\t17\r\n１４\t9\r\n")
    saved(page)
    expect(field(page, "staff_contract__n")).to_have_value("14")
    expect(page.locator("#toast")).to_contain_text("已粘贴 4 格")
    expect(cell(page, "staff_total__n")).to_contain_text("46")
    page.locator("#toast button").click()
    saved(page)
    expect(field(page, "staff_contract__n")).to_have_value("")
    assert TableAnswers.objects.get(report=cast.report(), table="2-2").data == {}


def test_a_doubtful_dash_is_asked_about_at_its_cell(enter: Open) -> None:
    page = enter(path="/museum/tables/2-2/")
    field(page, "staff_establishment__n").focus()
    paste(page, "32\t-\n")
    expect(note(page, "意思不清楚")).to_be_visible()


def test_a_pasted_block_makes_rows(enter: Open, cast: Cast) -> None:
    page = enter(path="/museum/tables/3-3/")
    page.get_by_role("button", name="添加一行").click()
    page.locator("tr[data-row] select").first.focus()
    paste(page, "球幕\t120\t6\t500\t30,000\n4D\t60\t4\t300\t9000\n未知\t1\t1\t1\t1")
    saved(page)
    expect(page.locator("#toast")).to_contain_text("新增 2 行")
    expect(page.locator("#toast")).to_contain_text("1 格的内容不在选项中")
    assert [row.get("seats") for row in rows(cast, "3-3")] == ["120", "60", "1"]
    expect(cell(page, "cinema_audience")).to_contain_text("39,001")
    page.locator("#toast button").click()
    saved(page)
    assert [row.get("seats") for row in rows(cast, "3-3")] == [None]


def test_rows_stop_at_the_limit(enter: Open, cast: Cast) -> None:
    page = enter(path="/museum/tables/3-3/")
    page.get_by_role("button", name="添加一行").click()
    page.locator("tr[data-row] select").first.focus()
    paste(page, "\n".join(["球幕\t1\t1\t1\t1"] * 25))
    saved(page)
    expect(page.locator("#toast")).to_contain_text("5 行超出本表")
    assert len(rows(cast, "3-3")) == 20


def add_award(page: Page, title: str) -> None:
    page.get_by_role("button", name="添加一行").click()
    page.keyboard.type(title)


def titles(page: Page) -> list[str]:
    return [box.input_value() for box in page.locator("tr[data-row] input[name^=awards][name$='.title']").all()]


def test_rows_are_moved_removed_and_brought_back(enter: Open, cast: Cast) -> None:
    page = enter(path="/museum/tables/6-4/")
    for title in "甲乙丙":
        add_award(page, title)
    saved(page)
    page.locator("tr[data-row]").nth(2).get_by_label("上移该行").click()
    saved(page)
    assert titles(page) == ["甲", "丙", "乙"]
    assert [row["title"] for row in rows(cast, "6-4")] == ["甲", "丙", "乙"]
    page.locator("tr[data-row]").nth(1).get_by_label("删除该行").click()
    saved(page)
    assert [row["title"] for row in rows(cast, "6-4")] == ["甲", "乙"]
    page.locator("#toast button").click()
    saved(page)
    assert [row["title"] for row in rows(cast, "6-4")] == ["甲", "丙", "乙"]


def test_two_people_add_rows_and_both_stay(enter: Open, cast: Cast) -> None:
    first = enter(path="/museum/tables/6-4/")
    add_award(first, "甲")
    saved(first)
    one, two = enter(path="/museum/tables/6-4/"), enter(path="/museum/tables/6-4/")
    add_award(one, "乙")
    saved(one)
    add_award(two, "丙")
    saved(two)
    assert titles(two) == ["甲", "丙", "乙"]
    assert sorted(str(row["title"]) for row in rows(cast, "6-4")) == ["丙", "乙", "甲"]


def test_nothing_this_year_is_one_tick(enter: Open, cast: Cast) -> None:
    page = enter(path="/museum/tables/6-4/")
    page.get_by_label("本年度无").check()
    saved(page)
    assert TableAnswers.objects.get(report=cast.report(), table="6-4").data == {"none": True}
    expect(page.locator("#nav .current .m")).to_contain_text("✓")


def test_a_table_that_does_not_concern_the_museum_is_one_tick(enter: Open) -> None:
    page = enter(path="/museum/tables/3-4/")
    page.get_by_label("整表不适用").check()
    saved(page)
    expect(field(page, "mobile_sets")).to_be_hidden()
    expect(page.locator("#nav .current .m")).to_have_text("不适用")
    page.get_by_label("整表不适用").uncheck()
    saved(page)
    expect(field(page, "mobile_sets")).to_be_visible()


def test_not_applicable_is_a_button_where_it_is_allowed(enter: Open, cast: Cast) -> None:
    page = enter(path="/museum/tables/2-7/")
    cell(page, "daily_capacity").get_by_role("button", name="不适用").click()
    saved(page)
    assert TableAnswers.objects.get(report=cast.report(), table="2-7").data["cells"] == {"daily_capacity": {"na": True}}
    expect(cell(page, "open_days").get_by_role("button")).to_have_count(0)


def test_last_years_answers_are_offered(enter: Open, cast: Cast, last_year: Cast) -> None:
    before = last_year.report(year=2021)
    known = {"cells": {"address": "科苑路 18 号", "is_cast": True}}
    TableAnswers.objects.create(report=before, table="1-1", data=known)
    goal = {"indicator1": "产出指标", "actual": "268 天"}
    TableAnswers.objects.create(report=before, table="2-8", data={"rows": [{"id": "a", "cells": goal}]})
    page = enter(path="/museum/tables/1-1/")
    page.get_by_role("button", name="沿用上年内容（2 项）").click()
    saved(page)
    data = TableAnswers.objects.get(report=cast.report(), table="1-1").data
    assert data == known
    expect(page.locator("[data-take-offers]")).to_be_hidden()
    page.locator("#toast button").click()
    saved(page)
    assert TableAnswers.objects.get(report=cast.report(), table="1-1").data == {}
    page.goto("/museum/tables/2-8/")
    page.get_by_role("button", name="复制为本年的行").click()
    saved(page)
    # What was achieved is asked anew.
    assert rows(cast, "2-8") == [{"indicator1": "产出指标"}]


# What I started from, what I made of it, what is stored meanwhile, what comes of it.
ORDERS = [
    ("ab", "abc", "abd", "abcd"),
    ("abc", "ac", "abcd", "acd"),
    ("abc", "cab", "abcd", "cabd"),
    ("ab", "xab", "b", "xb"),
    ("ab", "ab", "ba", "ba"),
    ("", "x", "y", "xy"),
]


def test_orders_of_rows_are_merged(enter: Open) -> None:
    page = enter(path="/museum/tables/6-4/")
    source = str(page.locator('script[src$="entry/main.js"]').get_attribute("src")).replace("main.js", "order.js")
    merge = "async ([url, ...o]) => (await import(url)).rebase(...o.map((ids) => [...ids])).join('')"
    for base, mine, theirs, result in ORDERS:
        assert page.evaluate(merge, [source, base, mine, theirs]) == result, (base, mine, theirs)
