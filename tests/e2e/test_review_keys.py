"""A province reviews by keyboard, and approves two clean reports at once, in a real browser."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from guanshu.portal import clock
from guanshu.portal.domain.reporting import perform
from guanshu.portal.models import Account, CellComment, FreeStatus, Museum, Report, Role, StampedScan
from guanshu.portal.queries.reports import open_report
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.cast import NOW, Cast
from tests.e2e.conftest import Open
from tests.e2e.filling import fill_by_saving
from tests.e2e.test_every_screen import violations
from tests.portal.conftest import save_as
from tests.portal.workflow.conftest import keep

QUEUE = "/province/review/"


@pytest.fixture
def waiting(cast: Cast) -> list[str]:
    """Two reports that wait for the province: numbers."""
    other = Museum.objects.create(code="130200001", name="唐山科技馆", province=cast.hebei, level="city", city="唐山市")
    FreeStatus.objects.create(museum=other, year=2022)
    Report.objects.create(number="2022-130200001", museum=other, campaign=cast.campaign, questionnaire=cast.form)
    people = {cast.baoding: (cast.filler, cast.reviewer)}
    people[other] = tuple(  # type: ignore[assignment]
        Account.objects.create(username=f"{letter}130200001", role=role, museum=other, must_change_password=False)
        for letter, role in (("B", Role.FILLER), ("C", Role.REVIEWER))
    )
    for minute, (museum, (filler, reviewer)) in enumerate(people.items()):
        hand_in(cast.report(museum), filler, reviewer)
        since = NOW + timedelta(minutes=minute)
        Report.objects.filter(museum=museum).update(state_since=since)
    return [cast.report(museum).number for museum in people]


def hand_in(report: Report, filler: Account, reviewer: Account) -> None:
    fill_by_saving(report, filler, clock.now())
    opened = open_report(report)
    asked = {
        finding.key: ("", "本年度新增展厅并延长开放，按实际发生数填报。" + finding.key)
        for finding in opened.evaluation.findings
    }
    save_as(filler, report, {key: change for key, change in asked.items() if key})
    for purpose in ("annual_summary", "free_report"):
        keep(report, purpose, clock.now())
    perform(report=report, actor=filler, action=Action.SUBMIT_IN_HOUSE, now=clock.now())
    done = perform(report=report, actor=reviewer, action=Action.PASS_IN_HOUSE, now=clock.now())
    version = done.versions.get()
    StampedScan.objects.create(version=version, file=keep(report, "stamp", clock.now()))
    perform(report=report, actor=reviewer, action=Action.SUBMIT, now=clock.now())


def at(page: Page, part: str) -> None:
    expect(page.locator(f".at{part}")).to_be_focused()


@pytest.mark.short
def test_review_by_keyboard(enter: Open, cast: Cast, waiting: list[str]) -> None:
    page = enter(cast.province, f"{QUEUE}?sort=wait")
    page.locator("a.museum-name").first.click()
    # Loaded, too: the keys are there then.
    page.wait_for_url(f"**{QUEUE}{waiting[0]}/?in=sort%3Dwait")
    # The list of keys, and back.
    page.keyboard.press("?")
    expect(page.locator("#keys .keys-list")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#keys .keys-list")).to_be_hidden()
    # A draft made with the mouse is a stop as well.
    link = page.locator('[data-say="land_area"]')
    link.click()
    page.locator("textarea[name=text]").fill("njar?")
    page.get_by_role("button", name="保存意见").click()
    expect(page.locator(".said-draft")).to_contain_text("njar?")
    assert waiting[0] in page.url
    page.keyboard.press("j")
    at(page, "")
    page.keyboard.press("k")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    at(page, "[data-address=land_area]")
    page.keyboard.press("c")
    box = page.locator("textarea[name=text]")
    expect(box).to_be_focused()
    box.fill("请核对占地面积")
    page.locator("select[name=phrase]").select_option(index=1)
    page.get_by_role("button", name="保存意见").click()
    expect(page.locator(".said-draft .words")).to_contain_text("请核对占地面积\n请核对计量单位")
    # Return with the draft, then approve the next one.
    page.keyboard.press("r")
    page.wait_for_url("**/act/return/**")
    expect(page.locator(".draft-list")).to_contain_text("请核对占地面积")
    page.get_by_label("错报").check()
    page.locator("select[name=phrase]").select_option(index=2)
    page.get_by_role("button", name="退回").click()
    page.wait_for_url(f"**{QUEUE}{waiting[0]}/?in=sort%3Dwait")
    page.keyboard.press("p")
    page.wait_for_url(f"**{QUEUE}{waiting[1]}/**")
    page.keyboard.press("a")
    page.wait_for_url("**/act/approve/**")
    page.get_by_role("button", name="省级审核通过").click()
    expect(page.locator(".notice-success")).to_contain_text("已审核通过")
    assert CellComment.objects.get().round == 1
    assert sorted(Report.objects.exclude(version=0).values_list("state", flat=True)) == [
        State.APPROVED.value,
        State.RETURNED_BY_PROVINCE.value,
    ]


def test_keys_go_along_the_queue_and_can_be_switched_off(enter: Open, cast: Cast, waiting: list[str]) -> None:
    page = enter(cast.province, f"{QUEUE}{waiting[0]}/?in=sort%3Dwait")
    # Next and previous go along the queue; switched off, keys do nothing.
    page.keyboard.press("n")
    page.wait_for_url(f"**{QUEUE}{waiting[1]}/**")
    page.keyboard.press("?")
    page.get_by_label("启用快捷键").uncheck()
    page.keyboard.press("p")
    page.wait_for_timeout(200)
    assert waiting[1] in page.url
    page.get_by_label("启用快捷键").check()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("p")
    page.wait_for_url(f"**{QUEUE}{waiting[0]}/**")


def test_several_at_once(enter: Open, cast: Cast, waiting: list[str]) -> None:
    page = enter(cast.province, QUEUE)
    page.get_by_label("全选说明清楚的").check()
    expect(page.get_by_role("button", name="批量审核通过（2）")).to_be_visible()
    # The list is swapped when it is sorted anew; the page still knows what is ticked.
    page.get_by_label("排列次序").select_option("effect")
    expect(page.get_by_role("button", name="批量审核通过", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("sort=effect"))
    page.get_by_label("全选说明清楚的").check()
    page.get_by_role("button", name="批量审核通过").click()
    expect(page.locator(".several-item")).to_have_count(2)
    assert violations(page) == []
    # One is withdrawn while the summary is read.
    perform(report=cast.report(), actor=cast.reviewer, action=Action.WITHDRAW_SUBMISSION, now=clock.now())
    page.get_by_role("button", name="审核通过勾选的报表").click()
    expect(page.locator(".notice-warning")).to_contain_text("2 份报表中 1 份已审核通过")
    expect(page.locator("tbody")).to_contain_text("已撤回")
    page.set_viewport_size({"width": 390, "height": 844})
    for path in (QUEUE, f"{QUEUE}?by=city", "/province/status/", f"{QUEUE}phrases/", f"{QUEUE}{waiting[1]}/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert violations(page) == [], path


def test_without_scripts_everything_is_still_there(enter: Open, cast: Cast, waiting: list[str]) -> None:
    page = enter(cast.province, f"{QUEUE}?sort=wait", java_script_enabled=False)
    page.locator("input[name=report]").first.check()
    page.get_by_role("button", name="批量审核通过").click()
    page.get_by_role("button", name="审核通过勾选的报表").click()
    expect(page.locator(".notice-success")).to_be_visible()
    page.goto(f"{QUEUE}{waiting[1]}/?in=sort%3Dwait")
    page.locator('[data-say="land_area"]').click()
    assert "in=sort%3Dwait" in page.url
    page.locator("select[name=phrase]").select_option(index=1)
    page.get_by_role("button", name="保存意见").click()
    expect(page.locator(".said-draft .words")).to_contain_text("请核对计量单位")
    assert "in=sort%3Dwait" in page.url
    page.locator("#keys summary").click()
    expect(page.locator("#keys .keys-list")).to_be_visible()
