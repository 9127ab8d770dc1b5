"""A season: one museum from its first value to 审核通过, a second returned after the deadline, a third 免报."""

import io
import re
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from guanshu.portal import clock
from guanshu.portal.domain.campaigns import create_reports
from guanshu.portal.domain.jobs import run_waiting
from guanshu.portal.models import Account, FreeStatus, Museum, Report, Role, StampedScan
from tests.cast import Cast
from tests.e2e.conftest import PASSWORD, Open
from tests.e2e.filling import fill_by_saving, read
from tests.e2e.hands import cell, give, saved, upload_summaries
from tests.survey.intake import makers

TYPED = ("land_area", "building_area")
CHANGED, ANSWERED = "permanent_hall_area", "parking_spaces"


@pytest.fixture
def season(cast: Cast) -> Cast:
    """Three museums of Hebei: Baoding and Shijiazhuang fill in, Tangshan will be exempt."""
    cast.baoding.name = next(line["value"] for line in read("free_museum.csv") if line["cell"] == "museum_name")
    cast.baoding.save()
    FreeStatus.objects.create(museum=cast.shijiazhuang, year=2022)
    Account.objects.create(
        username="C130100001", role=Role.REVIEWER.value, museum=cast.shijiazhuang, must_change_password=False
    )
    Museum.objects.create(code="130200001", name="唐山市科技馆", province=cast.hebei, level="city")
    create_reports(campaign=cast.campaign)
    cast.province.set_password(PASSWORD)
    cast.province.save()
    return cast


def test_one_museums_season(enter: Open, season: Cast, tmp_path: Path) -> None:
    cast, values = season, {line["cell"]: line["value"] for line in read("free_museum.csv")}
    fill_by_saving(cast.report(), cast.filler, clock.now(), skip=TYPED)
    filler, reviewer = enter(), enter(cast.reviewer)
    type_the_rest(filler, values, tmp_path)
    hand_in(filler)
    return_in_house(reviewer)
    mend(filler)
    hand_in(filler)
    pass_in_house(reviewer)
    first = upload_scan(reviewer, tmp_path, "第一次", pictures=True)
    submit(reviewer)

    province = enter(cast.province, f"/province/review/{cast.report().number}/")
    return_with_comments(province)
    answer_one_and_change_the_other(filler)
    hand_in(filler)
    pass_in_house(reviewer)
    refuse_the_old_scan(reviewer, first)
    upload_scan(filler, tmp_path, "第二次", pictures=False)
    submit(reviewer)
    approve(province, cast.report().number)
    assert_history(filler)
    assert_exported(province, cast)


def type_the_rest(page: Page, values: dict[str, str], folder: Path) -> None:
    """Type the cells that were left out, upload the files; the page of 提交 says what is missing until then."""
    page.goto("/museum/submit/")
    expect(page.get_by_role("button", name="提交馆内审核")).to_be_disabled()
    page.locator(".blockers a", has_text="占地面积").click()
    for name in TYPED:
        give(page, name, values[name])
    saved(page)
    page.goto("/museum/submit/")
    page.locator(".blockers a", has_text="年度工作总结").click()
    picture = folder / "封面.jpg"
    picture.write_bytes(makers.picture())
    page.locator("#up-annual_summary").set_input_files(picture)
    page.locator("button[form=f-annual_summary]").click()
    expect(page.locator("[data-error-of=f-annual_summary]")).not_to_be_empty()
    upload_summaries(page, folder)
    expect(page.locator("#c-free_report .members li")).to_have_count(len(makers.full()))


def hand_in(page: Page) -> None:
    page.goto("/museum/submit/")
    page.get_by_role("button", name="提交馆内审核").click()
    expect(page.locator(".state")).to_have_text("待馆内审核")


def return_in_house(page: Page) -> None:
    page.goto("/museum/review/")
    line = page.locator(".line", has=page.locator(f'[id="c-{TYPED[0]}"]'))
    line.get_by_text("意见").click()
    page.locator(".writing textarea").fill("请按不动产证核对。")
    page.get_by_role("button", name="保存意见").click()
    expect(page.locator("#draft-count")).to_contain_text("1 条")
    page.locator("summary", has_text="退回填报人").click()
    page.get_by_label("退回原因").fill("占地面积请核对。")
    page.get_by_role("button", name="确认退回").click()
    expect(page.locator(".state").first).to_have_text("馆内退回 · 1 条待处理")


def mend(page: Page) -> None:
    page.goto("/museum/")
    expect(page.locator(".returned")).to_contain_text("占地面积请核对。")
    page.locator(".start .btn-primary").click()
    expect(page.locator(".nb-comment")).to_contain_text("请按不动产证核对")
    give(page, TYPED[0], "9120.00")
    saved(page)
    expect(page.locator(".remark .text-ok")).to_contain_text("已修改")


def pass_in_house(page: Page) -> None:
    page.goto("/museum/review/")
    page.locator("summary", has_text="馆内审核通过").click()
    page.get_by_role("button", name="确认通过").click()
    expect(page).to_have_title(re.compile("盖章扫描件"))


def upload_scan(page: Page, folder: Path, name: str, *, pictures: bool) -> list[Path]:
    """Download the PDF, print and scan it (as pictures), upload the pages or one PDF of them."""
    page.goto("/museum/stamp/")
    # The first to ask has it printed, which takes its time on a busy machine.
    with page.expect_download(timeout=60000) as download:
        page.get_by_role("link", name="下载报表 PDF").click(no_wait_after=True)
    printed = folder / f"{name}.pdf"
    download.value.save_as(printed)
    scanned = scan(printed, folder, name)
    page.locator("#up-stamp").set_input_files(scanned if pictures else [one_pdf(scanned, folder, name)])
    page.get_by_role("button", name="上传", exact=True).click()
    check_behind(page)
    expect(page.locator("#scan .text-ok").first).to_contain_text("可以提交", timeout=60000)
    expect(page.locator(".scan-grid li.fine")).to_have_count(len(scanned))
    return scanned


def check_behind(page: Page) -> None:
    """See that the scan is held, and do what the worker does beside the server; the page finds out by itself."""
    expect(page.locator("#scan .held-scan .job")).to_be_visible(timeout=60000)
    expect(page.locator("summary", has_text="提交省级科协")).to_have_count(0)
    assert run_waiting() == 1


def scan(printed: Path, folder: Path, name: str) -> list[Path]:
    """Return the pages as pictures, as a scanner would save them."""
    found = []
    document = pdfium.PdfDocument(printed.read_bytes())
    for number, sheet in enumerate(document, 1):
        path = folder / f"{name}-{number:02}.jpg"
        sheet.render(scale=110 / 72).to_pil().convert("RGB").save(path, quality=60)
        found.append(path)
    document.close()
    return found


def one_pdf(pictures: list[Path], folder: Path, name: str) -> Path:
    path = folder / f"{name}（扫描件）.pdf"
    first, *others = [Image.open(io.BytesIO(each.read_bytes())) for each in pictures]
    first.save(path, "PDF", save_all=True, append_images=others, resolution=110)
    return path


def submit(page: Page) -> None:
    page.goto("/museum/stamp/")
    page.locator("summary", has_text="提交省级科协").click()
    page.get_by_role("button", name="确认提交").click()
    expect(page.locator(".state").first).to_have_text("已完成")


def comment(page: Page, address: str, text: str) -> None:
    line = page.locator(".line", has=page.locator(f'[id="c-{address}"]'))
    line.get_by_text("意见", exact=True).click()
    page.locator(".writing textarea").fill(text)
    page.get_by_role("button", name="保存意见").click()
    expect(page.locator(".said-draft", has_text=text)).to_be_visible()


def return_with_comments(page: Page) -> None:
    page.get_by_role("button", name="开始审核").click()
    comment(page, CHANGED, "常设展厅面积请核对是否含在建展厅。")
    comment(page, ANSWERED, "停车位是否含共用车位？")
    page.get_by_role("link", name="退回", exact=True).click()
    page.get_by_label("错报").check()
    page.locator("[name=reason]").fill("有两处数据需要核实。")
    page.get_by_role("button", name="退回").click()
    expect(page.locator(".state").first).to_contain_text("省级退回")


def answer_one_and_change_the_other(page: Page) -> None:
    page.goto("/museum/")
    notice = page.locator(".returned")
    for words in ("河北省科协退回修改", "错报", "有两处数据需要核实。", "还有 2 条待处理", "2023-02-08"):
        expect(notice).to_contain_text(words)
    page.goto("/museum/submit/")
    expect(page.get_by_role("button", name="提交馆内审核")).to_be_disabled()
    page.locator(".blockers a").first.click()
    remark = page.locator(".remark", has_text="停车位")
    remark.locator("textarea").fill("仅含本馆专用车位，不含共用车位。")
    remark.get_by_role("button", name="回复").click()
    expect(page.locator(".remark", has_text="停车位")).to_contain_text("已回复")
    expect(page.locator(".state")).to_have_text("省级退回 · 1 条待处理")
    field = cell(page, CHANGED).locator("input.in")
    field.fill(str(float(field.input_value().replace(",", "")) - 10))
    saved(page)
    expect(page.locator(".state")).to_have_text("省级退回")
    explain(page)


def explain(page: Page) -> None:
    """Explain what the changed figure brought up, if anything."""
    page.goto("/museum/check/")
    for field in page.locator(".finding .explain textarea").all():
        if not field.input_value():
            field.fill("按不动产证重新核对后的实际面积。")
            saved(page)


def refuse_the_old_scan(page: Page, pictures: list[Path]) -> None:
    page.goto("/museum/stamp/")
    expect(page.locator("#scan")).to_contain_text("后来有改动")
    expect(page.locator("summary", has_text="提交省级科协")).to_have_count(0)
    page.locator("#up-stamp").set_input_files(pictures)
    page.get_by_role("button", name="上传", exact=True).click()
    check_behind(page)
    expect(page.locator("#scan .notice-error").first).to_contain_text("以前的版本", timeout=60000)


def approve(page: Page, number: str) -> None:
    page.goto(f"/province/review/{number}/")
    expect(page.locator(".reply", has_text="仅含本馆专用车位")).to_be_visible()
    page.get_by_role("button", name="开始审核").click()
    page.get_by_role("link", name="省级审核通过").click()
    page.get_by_role("button", name="省级审核通过").click()
    expect(page.locator(".state").first).to_contain_text("已通过")


def assert_history(page: Page) -> None:
    page.goto("/museum/history/")
    told = page.locator(".events").inner_text()
    for words in ("省级审核通过", "有两处数据需要核实。", "占地面积请核对。", "提交省级科协", "馆内审核通过"):
        assert words in told
    assert "V2" in told
    page.get_by_role("link", name="第 2 次提交").click()
    expect(page.locator(".receipt")).to_contain_text("2022-130600001-V2")


def assert_exported(page: Page, cast: Cast) -> None:
    page.goto("/province/data/export/")
    page.get_by_label("请再次输入登录密码").fill(PASSWORD)
    with page.expect_download() as download:
        page.get_by_role("button", name="导出Excel").click()
    # Two of Hebei's museums have not even begun.
    assert download.value.suggested_filename == "2022年度科技馆基础信息（全部字段）（未定稿）.xlsx"
    book = CalamineWorkbook.from_path(str(download.value.path()))
    lines = book.get_sheet_by_index(0).to_python()
    line = next(line for line in lines if cast.baoding.name in line)
    assert {"已完成", "已通过"} <= {str(each) for each in line}
    assert 9120.0 in line


def test_a_second_is_returned_late_a_third_is_exempt(enter: Open, season: Cast, settings: Any, tmp_path: Path) -> None:
    cast, number = season, "2022-130100001"
    reviewer = Account.objects.get(username="C130100001")
    fill_by_saving(cast.report(cast.shijiazhuang), cast.other_filler, clock.now())
    filler, checker = enter(cast.other_filler), enter(reviewer)
    filler.goto("/museum/submit/")
    filler.locator(".blockers a", has_text="年度工作总结").click()
    upload_summaries(filler, tmp_path)
    settings.GUANSHU_TODAY = "2023-02-10"
    hand_in(filler)
    pass_in_house(checker)
    upload_scan(checker, tmp_path, "石家庄", pictures=False)
    submit(checker)
    settings.GUANSHU_TODAY = "2023-02-13"
    province = enter(cast.province, f"/province/review/{number}/")
    province.get_by_role("link", name="退回", exact=True).click()
    province.get_by_label("盖章问题").check()
    province.locator("[name=reason]").fill("封面没有盖章。")
    province.get_by_role("button", name="退回").click()
    filler.goto("/museum/")
    expect(filler.locator(".returned")).to_contain_text("2023-02-16")
    settings.GUANSHU_TODAY = "2023-02-16"
    hand_in(filler)
    pass_in_house(checker)
    # Nothing was changed: the same version, and its scan is still good.
    assert Report.objects.get(number=number).version == 1
    assert StampedScan.objects.filter(version__report__number=number).count() == 1
    submit(checker)
    exempt(province, tmp_path)
    assert_tally(province)


def exempt(page: Page, folder: Path) -> None:
    proof = folder / "批复.docx"
    proof.write_bytes(makers.word())
    page.goto("/province/review/2022-130200001/act/declare_exempt/")
    page.get_by_label("合并").check()
    page.locator("[name=file]").set_input_files(proof)
    page.get_by_role("button", name="申报免报").click()
    expect(page.locator(".state").first).to_contain_text("免报")


def assert_tally(page: Page) -> None:
    """Two are due of three: one has submitted, one never began; the third is exempt."""
    page.goto("/province/status/")
    shown = {
        line.locator("span").first.inner_text(): line.locator("b").inner_text()
        for line in page.locator("ul.sum > li").all()
    }
    assert shown["应填报"] == "2"
    assert shown["已完成"] == "1"
    assert shown["未填报"] == "1"
    assert shown["完成率"] in {"50%", "50.0%", "50 %", "50.0 %"}
    inside = [int(number) for name, number in shown.items() if name not in {"应填报", "完成率"}]
    assert sum(inside) == 2
    expect(page.locator("ul.sum .total").first).to_contain_text("免报 1")
    table = page.locator("#list")
    expect(table).to_contain_text("免报")
    expect(table).to_contain_text("待审核")
