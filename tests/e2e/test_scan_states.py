"""Every state of an uploaded scan on the stamp page, on a desk and on a phone; `GUANSHU_SHOTS` keeps pictures."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from guanshu.portal import clock
from guanshu.portal.domain import outside
from guanshu.portal.domain.jobs import run_waiting
from guanshu.portal.domain.reporting import perform, reply_to_comment
from guanshu.portal.domain.scanholding import hold_scan
from guanshu.portal.domain.stamping import version_pdf
from guanshu.portal.models import CellComment, Job, JobState, ReportVersion
from guanshu.survey.workflow.actions import Action
from tests.cast import Cast
from tests.e2e.conftest import Open
from tests.e2e.test_way_screens import check, do, returned
from tests.portal.files.test_stamping import blank, joined, pages_of, sealed

__all__ = ["returned"]


@pytest.fixture
def waiting(returned: Cast) -> Cast:
    """Baoding's report, passed in house."""
    for comment in CellComment.objects.all():
        reply_to_comment(
            report=returned.report(), actor=returned.filler, comment=comment.pk, text="已核对。", now=clock.now()
        )
    do(returned, Action.SUBMIT_IN_HOUSE)
    do(returned, Action.PASS_IN_HOUSE)
    return returned


def look(page: Page, name: str, words: str, path: str = "/museum/stamp/") -> None:
    """See the words, at both widths, and nothing an accessibility checker minds."""
    check(page, path)
    folder = os.environ.get("GUANSHU_SHOTS", "")
    for width, height in ((390, 844), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        if folder:
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    expect(page.locator("#scan")).to_contain_text(words)


def test_from_the_upload_to_the_confirmation(enter: Open, waiting: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = waiting
    version = ReportVersion.objects.select_related("report").get(report=cast.report(), number=cast.report().version)
    pages = pages_of(version_pdf(version))
    pages[0] = sealed(pages[0])
    page, filler = enter(cast.reviewer), enter(cast.filler)

    def send(*sheets: object) -> None:
        hold_scan(report=cast.report(), uploads=[joined(list(sheets))], actor=cast.filler, now=clock.now())

    send(*pages, blank(pages[0]))
    send(*pages)
    look(page, "waiting", "排队中")
    at, count = 2, len(pages)
    Job.objects.filter(held_scan__state="checking").update(
        state=JobState.RUNNING.value, done=at, total=count, message=f"正在核对第 {at + 1} / {count} 页"
    )
    look(page, "checking", f"正在核对第 3 / {count} 页")
    Job.objects.update(state=JobState.WAITING.value)
    with monkeypatch.context() as broken:
        broken.setattr(outside, "_LONG", 0)
        run_waiting()
    look(page, "failed", "没有核对完")
    page.get_by_role("button", name="重新核对").click()
    expect(page.locator("#scan .job")).to_be_visible()
    run_waiting()
    # Nobody reloads: the page has asked how far it is.
    expect(page.locator("#scan .text-ok").first).to_contain_text("可以提交")
    look(page, "accepted", "读出二维码")
    send(pages[0], *pages[2:])
    look(page, "checking-again", "原来的扫描件继续有效")
    page.locator("summary", has_text="退回填报人").click()
    reason = page.locator("textarea[name=reason]").first
    reason.fill("请核对人次")
    run_waiting()
    # What is being typed is not thrown away for the result.
    page.get_by_role("link", name="刷新查看结果").wait_for()
    expect(reason).to_have_value("请核对人次")
    page.get_by_role("link", name="刷新查看结果").click()
    expect(page.locator("#scan .notice-error").first).to_contain_text("扫描件缺少第 2 页")
    look(page, "refused", "扫描件缺少第 2 页")
    send(pages[0], blank(pages[1]), *pages[2:])
    run_waiting()
    look(page, "doubtful", "没有读出")
    look(filler, "doubtful-filler", "由本馆审核人逐页打开核对并确认")
    page.locator(".confirm-scan input[type=checkbox]").check()
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.locator("#scan .text-ok").first).to_contain_text("可以提交")
    perform(report=cast.report(), actor=cast.reviewer, action=Action.SUBMIT, now=clock.now())
    look(
        enter(cast.province, "/"),
        "province",
        "逐页核对并确认：扫描件第 2 张",
        f"/province/review/{cast.report().number}/",
    )
