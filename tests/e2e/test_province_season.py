"""A province's whole season with twelve museums: review, lists, report, exports, package, return, again, accepted."""

import csv
import hashlib
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from guanshu.portal import clock
from guanshu.portal.domain.campaigns import create_filings, create_reports
from guanshu.portal.domain.jobs import run_waiting
from guanshu.portal.domain.questionnaires import publish_questionnaire
from guanshu.portal.domain.reporting import declare_exemption, perform
from guanshu.portal.models import Account, Filing, FreeStatus, Museum, Package, Report, Role, StampedScan
from guanshu.portal.queries.verification import verify_audit
from guanshu.survey.loading import read_folder
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.filingstates import FilingState
from guanshu.survey.workflow.states import State
from tests.cast import NOW, Cast
from tests.e2e.conftest import PASSWORD, Open
from tests.e2e.hands import give, saved
from tests.e2e.test_province_lists_entry import FORM
from tests.e2e.test_review_keys import hand_in
from tests.portal.workflow.conftest import keep
from tests.survey.intake import makers

TOWNS = ("唐山", "秦皇岛", "邯郸", "邢台", "张家口", "承德", "沧州", "廊坊", "衡水", "雄安")
# Never came; declared 免报; returned once; the other nine are approved together.
NEVER, EXEMPT, RETURNED = "130290001", "130280001", "130200001"
TITLES = {
    "free": "2022年度河北省全国科技馆免费开放名单",
    "planned": "2023年度河北省拟新增免费开放科技馆名单",
    "construction": "河北省在建（拟建）科技馆名单",
    "conversion": "河北省利用已有场所改建科技馆名单",
    "evaluation": "2022年度河北省补助资金绩效自评报告",
}
EXCEL = "2022年度免费开放科技馆基础信息.xlsx"
SUBMISSION = "/province/submission/"


@pytest.fixture
def twelve(cast: Cast) -> Cast:
    """Twelve free museums of Hebei: ten have handed in, one is 免报, one never came; the lists are the real ones."""
    cast.campaign.province_form = publish_questionnaire(files=read_folder(FORM), now=NOW)
    cast.campaign.save(update_fields=["province_form"])
    create_filings(campaign=cast.campaign)
    for place, town in enumerate(TOWNS):
        code = f"1302{9 - place}0001"
        museum = Museum.objects.create(
            code=code, name=f"{town}科技馆", province=cast.hebei, level="city", city=f"{town}市"
        )
        FreeStatus.objects.create(museum=museum, year=2022)
    FreeStatus.objects.create(museum=cast.shijiazhuang, year=2022)
    create_reports(campaign=cast.campaign)
    for report in Report.objects.filter(museum__province=cast.hebei, campaign=cast.campaign):
        if report.museum.code not in {NEVER, EXEMPT}:
            hand_in(report, *people(report.museum))
    exempt = Report.objects.get(number=f"2022-{EXEMPT}")
    upload = makers_upload("批复.docx")
    declare_exemption(report=exempt, actor=cast.province, category="合并", reason="", upload=upload, now=clock.now())
    cast.province.set_password(PASSWORD)
    cast.province.save()
    return cast


def makers_upload(name: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, makers.word())


def people(museum: Museum) -> tuple[Account, Account]:
    """Return a museum's filler and reviewer, made where the cast has none."""
    made = [
        Account.objects.get_or_create(
            museum=museum,
            role=role.value,
            defaults={"username": f"{letter}{museum.code}", "must_change_password": False},
        )[0]
        for letter, role in (("B", Role.FILLER), ("C", Role.REVIEWER))
    ]
    return made[0], made[1]


def test_a_provinces_whole_season(enter: Open, twelve: Cast, settings: Any, tmp_path: Path) -> None:
    cast = twelve
    settings.GUANSHU_TODAY = "2023-02-13"
    page = enter(cast.province, "/province/review/")
    page.set_default_timeout(30000)
    review(page, cast)
    fill_lists(page)
    settings.GUANSHU_TODAY = "2023-02-21"
    evaluate(page, tmp_path)
    confirm_export(page)
    upload_papers(page, tmp_path)
    compare(page)
    build(page)
    assert_package(cast, tmp_path)
    hand_over(page)

    nation = enter(cast.system, "/national/submissions/")
    nation.set_default_timeout(30000)
    returned(nation, "附件7 请核对有无改建科技馆。")
    correct(page, tmp_path)
    own_package(page, cast, tmp_path, "7z")
    hand_over(page)
    assert_compared(nation)
    returned(nation, "请补盖骑缝章。")
    own_package(page, cast, tmp_path, "rar")
    hand_over(page)
    accept(nation)
    page.goto(SUBMISSION)
    expect(page.locator(".filed")).to_contain_text("全国已接收")
    assert Filing.objects.get(province=cast.hebei).state == FilingState.ACCEPTED.value
    assert list(verify_audit()) == []


def review(page: Page, cast: Cast) -> None:
    """Return one, approve nine together, approve the mended one, record the one that never came."""
    number = f"2022-{RETURNED}"
    page.goto(f"/province/review/{number}/act/return/")
    page.get_by_label("错报").check()
    page.locator("[name=reason]").fill("面积请核对。")
    page.get_by_role("button", name="退回").click()
    page.goto("/province/review/")
    for box in page.locator("input[name=report]").all():
        box.check()
    page.get_by_role("button", name="批量审核通过").click()
    expect(page.locator(".several-item")).to_have_count(9)
    for box in page.locator(".several-item input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="审核通过勾选的报表").click()
    expect(page.get_by_role("cell", name="已审核通过。")).to_have_count(9)
    assert Report.objects.filter(state=State.APPROVED.value).count() == 9

    report = Report.objects.get(number=number)
    filler, reviewer = people(report.museum)
    perform(report=report, actor=filler, action=Action.SUBMIT_IN_HOUSE, now=clock.now())
    perform(report=report, actor=reviewer, action=Action.PASS_IN_HOUSE, now=clock.now())
    version = Report.objects.get(number=number).versions.order_by("-number").first()
    assert version is not None
    StampedScan.objects.filter(version__report=report).update(superseded_at=clock.now())
    StampedScan.objects.create(version=version, file=keep(report, "stamp", clock.now()))
    perform(report=report, actor=reviewer, action=Action.SUBMIT, now=clock.now())
    page.goto(f"/province/review/{number}/act/approve/")
    page.get_by_role("button", name="省级审核通过").click()

    page.goto(f"/province/status/2022-{NEVER}/")
    page.locator("form[action*=overdue] [name=reason]").fill("馆舍维修，多次联系未报。")
    page.locator("form[action*=overdue] button").click()
    page.goto(SUBMISSION)
    expect(page.locator("#check")).to_contain_text("本省科技馆报表全部审核通过")
    expect(page.locator("#check li.ok", has_text="本省科技馆报表全部审核通过")).to_be_visible()
    assert cast.campaign.pk == report.campaign_id


def fill_lists(page: Page) -> None:
    page.goto("/province/materials/tables/0/")
    give(page, "has_free", "是")
    saved(page)
    page.goto("/province/materials/tables/4/proposal/")
    page.get_by_role("button", name="填入选中的行").click()
    page.goto("/province/materials/tables/4/")
    rows = page.locator("tr[data-row]")
    expect(rows).to_have_count(12)
    # What the two museums without a report were granted, only the province knows.
    for box in page.locator("tr[data-row] input[name$='.amount']:not([type=hidden])").all():
        if not box.input_value():
            box.fill("80")
    saved(page)
    for number in ("5", "6", "7"):
        page.goto(f"/province/materials/tables/{number}/")
        page.get_by_label("本省无").check()
        saved(page)
    page.goto("/province/materials/tables/8/")
    page.get_by_role("button", name="添加一行").click()
    row = page.locator("tr[data-row]").first
    for name, text in {
        "indicator1": "产出指标", "indicator2": "数量指标", "indicator3": "免费开放天数",
        "target": "250 天", "actual": "262 天",
    }.items():  # fmt: skip
        row.locator(f"[name$='.{name}']:not([type=hidden])").fill(text)
    saved(page)
    page.goto("/province/materials/check/")
    expect(page.locator(".finding .pill, .finding", has_text="必须修改")).to_have_count(0)
    for box in page.locator(".finding .explain textarea").all():
        box.fill("已与同级财政部门核对一致。")
        saved(page)


def evaluate(page: Page, folder: Path) -> None:
    page.goto("/province/materials/evaluation/")
    with page.expect_download(timeout=90000) as download:
        page.get_by_role("button", name="下载自评报告初稿").click(no_wait_after=True)
    path = folder / "自评报告.docx"
    download.value.save_as(path)
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
    for heading in ("中央补助资金使用情况", "组织实施情况", "绩效目标完成情况", "主要问题和改进措施"):
        assert heading in text


def confirm_export(page: Page) -> None:
    page.goto("/province/data/export/?free=1")
    page.get_by_label("请再次输入登录密码").fill(PASSWORD)
    with page.expect_download(timeout=60000) as download:
        page.get_by_role("button", name="导出Excel").click(no_wait_after=True)
    assert download.value.suggested_filename == EXCEL
    page.goto("/province/data/export/?free=1")
    page.locator("form[action*=confirm] input[type=checkbox]").check()
    page.get_by_role("button", name="确认信息无误").click()
    expect(page.get_by_text("已确认信息无误").first).to_be_visible()


def upload_papers(page: Page, folder: Path) -> None:
    """Upload the finished Word of each list as the system made it, the report, and a scan of each."""
    for key in TITLES:
        word = folder / f"{key}.docx"
        if key == "evaluation":
            word = folder / "自评报告.docx"
        else:
            page.goto("/province/materials/")
            with page.expect_download(timeout=90000) as download:
                page.evaluate("url => { location.href = url }", f"/province/materials/papers/{key}.docx")
            download.value.save_as(word)
        upload(page, f"{key}-word", word)
        sealed = folder / f"{key}（盖章）.pdf"
        sealed.write_bytes(makers.pdf(2))
        upload(page, f"{key}-scan", sealed)


def upload(page: Page, purpose: str, path: Path) -> None:
    """Upload a file; a scan leads on to the page where it is compared with its list."""
    page.goto(f"/province/materials/files/{purpose}/")
    page.locator("#up-file").set_input_files(path)
    page.get_by_role("button", name="上传", exact=True).click()
    if purpose.endswith("-scan"):
        expect(page).to_have_url(re.compile("/compare/"), timeout=60000)
    else:
        expect(page.locator(".file-now")).to_contain_text(path.name, timeout=60000)


def compare(page: Page) -> None:
    """Say of each scan that it agrees with its list, where that has not been said."""
    for key in TITLES:
        page.goto(f"/province/materials/files/{key}-scan/compare/")
        if page.locator(".confirm-scan").count():
            page.locator(".confirm-scan input[type=checkbox]").check()
            page.get_by_role("button", name="确认", exact=True).click()
            expect(page).to_have_url(re.compile("materials/files/$"), timeout=60000)
        else:
            expect(page.locator(".subbar .text-ok")).to_contain_text("已核对")


def build(page: Page) -> None:
    page.goto(SUBMISSION)
    expect(page.locator("#check")).to_contain_text("全部完成")
    page.get_by_role("button", name="生成材料包").click()
    expect(page.locator(".job").first).to_be_visible()
    # What the worker does beside the server.
    assert run_waiting() == 1
    # The page has been watching, and loads itself again.
    expect(page.locator("#package")).to_contain_text("与当前数据一致", timeout=60000)


def newest(cast: Cast) -> Package:
    return Package.objects.filter(filing__province=cast.hebei).select_related("file").order_by("-serial")[0]


def inside(cast: Cast) -> dict[str, bytes]:
    """Return the members of the newest package, as an independent reader finds them."""
    from guanshu.portal.queries.files import path_of

    with zipfile.ZipFile(path_of(newest(cast).file)) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def assert_package(cast: Cast, folder: Path) -> None:
    found = inside(cast)
    assert newest(cast).file.official_name == "2022年度河北省科技馆信息上报材料.zip"
    names = {Path(name).name: name for name in found}
    for title in TITLES.values():
        document = docx.Document(io.BytesIO(found[names[f"{title}.docx"]]))
        assert document.paragraphs
        assert found[names[f"{title}（盖章扫描件）.pdf"]].startswith(b"%PDF")
    book = CalamineWorkbook.from_filelike(io.BytesIO(found[names[EXCEL]]))
    lines = book.get_sheet_by_index(0).to_python()
    assert sum("科技馆" in str(cell) for line in lines for cell in line) >= 10
    manifest = next(data for name, data in found.items() if name.endswith("manifest.csv"))
    listed = list(csv.reader(io.StringIO(manifest.decode("utf-8-sig"))))
    hashes = {cell for line in listed for cell in line if re.fullmatch("[0-9a-f]{64}", cell)}
    told = {
        hashlib.sha256(data).hexdigest() for name, data in found.items() if name.endswith((".docx", ".pdf", ".xlsx"))
    }
    assert told == hashes
    assert any(name.endswith("README.txt") for name in found)
    assert folder.is_dir()


def hand_over(page: Page) -> None:
    page.goto(SUBMISSION)
    page.locator("summary", has_text="信息上报").click()
    page.get_by_role("button", name="确认上报").click()
    expect(page.locator(".filed")).to_contain_text("已上报")
    page.goto("/province/status/")
    expect(page.locator("body")).to_contain_text("已上报")


def returned(page: Page, reason: str) -> None:
    page.goto("/national/submissions/2022-130000/")
    if page.get_by_role("link", name="开始查看").count():
        page.get_by_role("link", name="开始查看").click()
        page.get_by_role("button", name="开始查看").click()
    page.get_by_role("link", name="全国退回").click()
    page.locator("[name=reason]").fill(reason)
    page.locator("[name=until]").fill("2023-03-03")
    page.get_by_role("button", name="全国退回").click()
    expect(page.locator(".subbar")).to_contain_text("全国退回")


def correct(page: Page, folder: Path) -> None:
    """Name a museum in 附件7 after all: its old paper and scan count no longer."""
    page.goto(SUBMISSION)
    expect(page.locator(".returned")).to_contain_text("附件7 请核对")
    page.goto("/province/materials/tables/7/")
    page.get_by_label("本省无").uncheck()
    saved(page)
    page.get_by_role("button", name="添加一行").click()
    row = page.locator("tr[data-row]").first
    for name, text in {
        "museum": "辛集市科技馆", "original": "辛集市文化馆旧址", "supervisor": "辛集市科协",
        "approval": "2022年3月 辛发改〔2022〕8号", "expected": "2024-05", "building_area": "3200", "hall_area": "1500",
    }.items():  # fmt: skip
        row.locator(f"[name$='.{name}']:not([type=hidden])").fill(text)
    row.locator("select[name$='.level']").select_option("county")
    saved(page)
    page.goto(SUBMISSION)
    expect(page.locator("#check li.todo", has_text=TITLES["conversion"])).to_be_visible()
    assert folder.is_dir()


def own_package(page: Page, cast: Cast, folder: Path, kind: str) -> None:
    """Pack everything oneself, as most provinces are used to, and upload that."""
    page.goto("/province/materials/")
    with page.expect_download(timeout=90000) as download:
        page.evaluate("url => { location.href = url }", "/province/materials/papers/conversion.docx")
    word = folder / f"改建-{kind}.docx"
    download.value.save_as(word)
    built = zipfile.ZipFile(io.BytesIO(first_package(cast)))
    members = {Path(info.filename).name: built.read(info) for info in built.infolist() if not info.is_dir()}
    members = {name: data for name, data in members.items() if name.endswith((".docx", ".pdf", ".xlsx"))}
    members[f"{TITLES['conversion']}.docx"] = word.read_bytes()
    members[f"{TITLES['conversion']}（盖章扫描件）.pdf"] = makers.pdf(3)
    data = makers.make_7z(folder, members) if kind == "7z" else makers.make_rar(members)
    archive = folder / f"河北省科协上报材料.{kind}"
    archive.write_bytes(data)
    page.goto(SUBMISSION)
    page.locator("summary", has_text="自行打包上传").click()
    page.locator("input[type=file]").set_input_files(archive)
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.locator("#package, .gs-card").filter(has_text=f".{kind}").first).to_be_visible(timeout=90000)
    compare(page)
    page.goto(SUBMISSION)
    expect(page.locator("#check")).to_contain_text("全部完成")


def first_package(cast: Cast) -> bytes:
    from guanshu.portal.queries.files import path_of

    package = Package.objects.filter(filing__province=cast.hebei).select_related("file").order_by("serial")[0]
    return Path(path_of(package.file)).read_bytes()


def assert_compared(page: Page) -> None:
    """The nation sees file by file what the second package changed."""
    page.goto("/national/submissions/2022-130000/")
    expect(page.locator("body")).to_contain_text(TITLES["conversion"])
    expect(page.locator("body")).to_contain_text("有改动")


def accept(page: Page) -> None:
    page.goto("/national/submissions/2022-130000/")
    if page.get_by_role("link", name="开始查看").count():
        page.get_by_role("link", name="开始查看").click()
        page.get_by_role("button", name="开始查看").click()
    page.get_by_role("link", name="接收", exact=True).click()
    page.get_by_role("button", name="接收", exact=True).click()
    expect(page.locator(".subbar")).to_contain_text("已接收")
