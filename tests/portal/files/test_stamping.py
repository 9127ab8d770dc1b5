"""The printed report and its scan: round trips through pictures, and every way a scan can be wrong."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw
from zxingcpp import read_barcodes

from guanshu.portal.domain.reporting import perform
from guanshu.portal.domain.stamping import confirm_scan, pdf_path, store_scan, version_pdf
from guanshu.portal.models import Account, AuditRecord, Museum, ReportVersion, StampedScan, StoredFile
from guanshu.portal.problems import BadFile, NotYours, WrongState
from guanshu.portal.queries.files import scan_accepted
from guanshu.portal.queries.heldscans import eye_check
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.cast import NOW, Cast
from tests.portal.conftest import save_as
from tests.portal.files.conftest import put, stored
from tests.survey.intake import makers

_LONG = "\n".join(f"第{n}项工作：服务观众，开展活动。" for n in range(120))


def freeze(cast: Cast, *, visits: str = "186523", before: str | None = None) -> ReportVersion:
    """Bring Baoding's report to its stamp and return the version."""
    report, changes = cast.report(), {"visits": (before, visits)}
    if before is None:
        changes |= {"highlights": (None, _LONG), "leader": (None, "赵示例"), "1-3.na": (None, True)}
    assert not save_as(cast.filler, report, changes).problems
    if before is None:
        put(cast)
        put(cast, "free_report", makers.make_zip(makers.full()), name="x.zip")
    perform(report=cast.report(), actor=cast.filler, action=Action.SUBMIT_IN_HOUSE, now=NOW)
    perform(report=cast.report(), actor=cast.reviewer, action=Action.PASS_IN_HOUSE, now=NOW)
    return ReportVersion.objects.select_related("report").get(report=cast.report(), number=cast.report().version)


@pytest.fixture
def version(cast: Cast) -> ReportVersion:
    return freeze(cast)


def pages_of(pdf: bytes, dpi: int = 150) -> list[Image.Image]:
    found = []
    with contextlib.closing(pdfium.PdfDocument(pdf)) as document:
        for page in document:
            bitmap = page.render(scale=dpi / 72)
            found.append(bitmap.to_pil().convert("RGB").copy())
            bitmap.close()
    return found


def jpg(picture: Image.Image, name: str = "p.jpg") -> SimpleUploadedFile:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=70)
    return SimpleUploadedFile(name, buffer.getvalue())


def joined(pictures: list[Image.Image]) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    # Pillow remembers at a picture what it was saved with.
    pictures = [picture.copy() for picture in pictures]
    pictures[0].save(buffer, "PDF", save_all=True, append_images=pictures[1:], resolution=150)
    return SimpleUploadedFile("扫描件.pdf", buffer.getvalue())


def blank(picture: Image.Image) -> Image.Image:
    return Image.new("RGB", picture.size, "white")


def sealed(picture: Image.Image) -> Image.Image:
    picture = picture.copy()
    ImageDraw.Draw(picture).ellipse((700, 900, 1000, 1200), outline=(210, 30, 40), width=14)
    return picture


def scan(cast: Cast, *uploads: SimpleUploadedFile, actor: Account | None = None) -> StampedScan:
    return store_scan(report=cast.report(), uploads=uploads, actor=actor or cast.reviewer, now=NOW)


def refusal(cast: Cast, *uploads: SimpleUploadedFile) -> tuple[str, str]:
    with pytest.raises(BadFile) as caught:
        scan(cast, *uploads)
    return caught.value.reason, caught.value.message


def test_the_pdf_is_a_pure_function_of_its_version(version: ReportVersion, cast: Cast) -> None:
    first = version_pdf(version)
    assert first.startswith(b"%PDF")
    assert pdf_path(version).read_bytes() == first
    assert version_pdf(version) == first
    pdf_path(version).unlink()
    Museum.objects.filter(pk=cast.baoding.pk).update(name="改了名的馆")
    assert version_pdf(version) == first
    text = "".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(first))
    for part in ("保定市科技馆", "186,523", "赵示例", "2022-130600001-V1", "保定市科技馆2022年度工作总结.docx"):
        assert part in re.sub(r"\s", "", text), part


def test_a_scan_comes_back_as_pdf_as_pictures_shuffled_and_turned(cast: Cast, version: ReportVersion) -> None:
    pages = pages_of(version_pdf(version))
    assert len(pages) >= 3
    pages[0] = sealed(pages[0])
    ways = {
        "pdf": [joined(pages)],
        "pictures": [jpg(page, f"{n}.jpg") for n, page in enumerate(pages)],
        "shuffled": [joined(pages[::-1])],
        "turned": [joined([page.rotate(180 if n % 2 else 90, expand=True) for n, page in enumerate(pages)])],
        "skewed": [joined([page.rotate(1.5, fillcolor="white") for page in pages])],
    }
    for way, uploads in ways.items():
        found = scan(cast, *uploads)
        assert found.problems == [], way
        assert len(found.pages) == len(pages), way
        assert all(page["code"] for page in found.pages), way
        assert scan_accepted(found)
        assert found.file.official_name == "保定市科技馆2022年度报表（盖章扫描件）.pdf"
    assert StampedScan.objects.count() == len(ways)
    assert StampedScan.objects.get(version=version, superseded_at=None).pk == found.pk
    assert AuditRecord.objects.filter(action="upload_stamp").count() == len(ways)


def test_a_red_seal_is_a_hint_only(cast: Cast, version: ReportVersion) -> None:
    pages = pages_of(version_pdf(version))
    assert "红色印章" in scan(cast, joined(pages)).file.details["notes"][0]
    assert scan(cast, joined([sealed(pages[0]), *pages[1:]])).file.details["notes"] == []


def test_the_same_scan_again_changes_nothing(cast: Cast, version: ReportVersion, place: Path) -> None:
    pages = pages_of(version_pdf(version))
    uploads = [[jpg(page, f"{n}.jpg") for n, page in enumerate(pages)] for _ in range(2)]
    before = len(stored(place))
    assert scan(cast, *uploads[0]).pk == scan(cast, *uploads[1]).pk
    assert len(stored(place)) == before + 1
    assert not list((place / "incoming").iterdir())


def test_missing_and_doubled_pages_are_named(cast: Cast, version: ReportVersion) -> None:
    pages = pages_of(version_pdf(version))
    count = len(pages)
    reason, message = refusal(cast, joined([pages[0], *pages[2:]]))
    assert (reason, message) == ("missing", f"扫描件缺少第 2 页（共应有 {count} 页）；请补扫后上传完整的扫描件。")
    doubled = scan(cast, joined([*pages, pages[1]]))
    assert doubled.problems == ["第 2 页出现了不止一次（扫描件第 2、3 张），请核对。"]
    assert not scan_accepted(doubled)


def test_unreadable_pages_are_confirmed_by_eye(cast: Cast, version: ReportVersion) -> None:
    pages = pages_of(version_pdf(version))
    found = scan(cast, joined([pages[0], blank(pages[1]), *pages[2:]]))
    assert found.problems == ["扫描件第 2 张没有读出二维码，请核对其中是否有第 2 页。"]
    assert found.pages[1]["problem"] == "没有读出二维码"
    assert not scan_accepted(found)
    for stranger in (cast.province, cast.filler):
        with pytest.raises(NotYours):
            confirm_scan(scan=found, actor=stranger, now=NOW)
    for _ in range(2):
        found = confirm_scan(scan=found, actor=cast.reviewer, now=NOW)
    assert scan_accepted(found)
    assert found.confirmed_by == cast.reviewer.username
    told = eye_check(cast.report(), found)
    assert told is not None
    assert (told.username, told.at, told.sheets) == (cast.reviewer.username, NOW, "2")
    assert AuditRecord.objects.filter(action="confirm_scan").count() == 1
    nothing = scan(cast, joined([blank(page) for page in pages]))
    assert "都没有读出二维码" in nothing.problems[0]


def test_blank_backs_of_sheets_do_not_matter(cast: Cast, version: ReportVersion) -> None:
    pages = pages_of(version_pdf(version))
    both = [side for page in pages for side in (page, blank(page))]
    assert scan(cast, joined(both)).problems == []


def test_pages_of_another_version_are_stale(cast: Cast, version: ReportVersion) -> None:
    old = pages_of(version_pdf(version))
    perform(report=cast.report(), actor=cast.reviewer, action=Action.RETURN_TO_FILLER, reason="请核对人次", now=NOW)
    second = freeze(cast, visits="186524", before="186523")
    assert second.number == 2
    new = pages_of(version_pdf(second))
    reason, message = refusal(cast, joined([new[0], old[1], *new[2:]]))
    assert reason == "stale"
    assert message == (
        "扫描件第 2 张是以前的版本（2022-130600001-V1 的第 2 页），数据已有变动；"
        "请重新打印 2022-130600001-V2，盖章后上传。"
    )
    assert scan(cast, joined(new)).version_id == second.pk


def test_pages_of_another_report_are_foreign(cast: Cast, version: ReportVersion) -> None:
    own = pages_of(version_pdf(version))
    Museum.objects.filter(pk=cast.baoding.pk)
    other = pages_of(_print_as(version, "2022-130100001"))
    reason, message = refusal(cast, joined([*own[:2], other[2], *own[3:]]))
    assert reason == "foreign"
    assert "第 3 张不是本报表的（2022-130100001-V1 的第 3 页）" in message


def test_pages_printed_for_a_site_are_read_like_others(cast: Cast, version: ReportVersion) -> None:
    pages = pages_of(_print_as(version, "2022-130600001", site="https://sjcj.example.cn/"))
    assert read_barcodes(pages[0])[0].text.startswith("HTTPS://SJCJ.EXAMPLE.CN/VERIFY/2022-130600001-V1/1/")
    found = scan(cast, joined(pages))
    assert found.problems == []
    assert [page["code"] for page in found.pages] == [str(place) for place in range(1, len(pages) + 1)]


def _print_as(version: ReportVersion, number: str, **more: str) -> bytes:
    from guanshu.portal.domain import stamping
    from guanshu.portal.domain.outside import run_outside

    given: dict[str, Any] = stamping._printed(version) | {"code": f"{number}-V1"} | more
    return run_outside("report", given)


def test_a_forged_code_is_not_ours(cast: Cast, version: ReportVersion, settings: Any) -> None:
    real = settings.GUANSHU_PAGE_KEYS
    settings.GUANSHU_PAGE_KEYS = {next(iter(real)): "x" * 40}
    forged = pages_of(version_pdf(version))
    settings.GUANSHU_PAGE_KEYS = real
    assert "都没有读出二维码" in scan(cast, joined(forged)).problems[0]


def test_old_keys_are_still_read(cast: Cast, version: ReportVersion, settings: Any) -> None:
    pages = pages_of(version_pdf(version))
    settings.GUANSHU_PAGE_KEYS = {"B": "y" * 40, **settings.GUANSHU_PAGE_KEYS}
    assert scan(cast, joined(pages)).problems == []


def test_other_files_get_their_own_sentence(cast: Cast, version: ReportVersion, place: Path) -> None:
    pdf = version_pdf(version)
    before = len(stored(place))
    picture = jpg(pages_of(pdf)[0])
    cases = {
        "not_stamped": [SimpleUploadedFile("a.pdf", pdf)],
        "ofd": [SimpleUploadedFile("a.ofd", makers.make_zip({"OFD.xml": b"<x/>"}))],
        "wrong_kind": [SimpleUploadedFile("a.pdf", makers.word())],
        "empty": [SimpleUploadedFile("a.pdf", b"")],
        "damaged": [SimpleUploadedFile("a.pdf", pdf[:3000])],
        "mixed": [SimpleUploadedFile("a.pdf", pdf[:-1] + b" "), picture],
        "too_many_pages": [SimpleUploadedFile("a.pdf", makers.pdf(61))],
    }
    for reason, uploads in cases.items():
        assert refusal(cast, *uploads)[0] == reason
    assert "另存为 PDF" in refusal(cast, *cases["ofd"])[1]
    assert refusal(cast, *cases["wrong_kind"])[1].startswith("「a.pdf」是Word 文件；")
    assert "无法识别" in refusal(cast, SimpleUploadedFile("a.jpg", b"no picture"))[1]
    assert refusal(cast, SimpleUploadedFile("a.jpg", picture.file.getvalue()[:400]))[0] == "damaged"  # type: ignore[union-attr]
    assert len(stored(place)) == before
    assert not StampedScan.objects.exists()


def test_an_electronically_sealed_pdf_is_kept_as_it_is(cast: Cast, version: ReportVersion, place: Path) -> None:
    """A seal is appended to the file (incremental update); not a byte may change."""
    data = version_pdf(version) + b"\n% sealed\n"
    found = scan(cast, SimpleUploadedFile("签章.pdf", data))
    assert found.problems == []
    assert next(path for path in stored(place) if path.name == str(found.file_id)).read_bytes() == data


def test_who_may_upload_a_scan_and_when(cast: Cast, version: ReportVersion) -> None:
    upload = joined(pages_of(version_pdf(version)))
    for name in ("other_filler", "province", "system"):
        with pytest.raises(NotYours):
            scan(cast, upload, actor=getattr(cast, name))
    for name in ("filler", "reviewer"):
        assert scan(cast, upload, actor=getattr(cast, name))
    perform(report=cast.report(), actor=cast.reviewer, action=Action.SUBMIT, now=NOW)
    assert cast.report().state == State.SUBMITTED.value
    with pytest.raises(WrongState):
        scan(cast, upload)


def test_a_return_during_the_check_is_seen_under_the_lock(
    cast: Cast, version: ReportVersion, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guanshu.portal.domain import vault

    upload, before, real = joined(pages_of(version_pdf(version))), len(stored(place)), vault.keep

    def returned_meanwhile(*args: Any) -> None:
        real(*args)
        perform(report=cast.report(), actor=cast.reviewer, action=Action.RETURN_TO_FILLER, reason="请核对", now=NOW)

    monkeypatch.setattr(vault, "keep", returned_meanwhile)
    with pytest.raises(WrongState):
        scan(cast, upload)
    assert len(stored(place)) == before
    assert not StoredFile.objects.filter(purpose=StoredFile.STAMP).exists()
