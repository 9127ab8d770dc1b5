"""The province's own package: matched, kept, compared with the data, mended by hand, handed in."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guanshu.portal import clock
from guanshu.portal.domain import vault
from guanshu.portal.domain.exporting import make_workbook
from guanshu.portal.domain.filing.arriving import assign_member, receive_package
from guanshu.portal.models import Package, StoredFile
from guanshu.portal.problems import BadFile, NotReady, NotYours, Unusable, WrongState
from guanshu.portal.queries.exports import Scope
from guanshu.portal.queries.files import path_of, verify_files
from guanshu.portal.queries.filingitems import filing_files
from guanshu.portal.queries.packages import contents, drift, package_problems
from guanshu.survey.workflow.filing import FilingAction
from guanshu.survey.workflow.filingstates import FilingState
from tests.portal.submission.conftest import TITLES, Papers
from tests.survey.intake import makers

EXCEL = "2022年度免费开放科技馆基础信息.xlsx"


def workbook(papers: Papers) -> bytes:
    return make_workbook(Scope(papers.cast.campaign, papers.cast.hebei, free=True), papers.now).data


def altered(data: bytes, before: str, after: str) -> bytes:
    """Return a workbook with a text or number changed, as somebody would in Excel."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info).replace(before.encode(), after.encode()))
    return buffer.getvalue()


def members(papers: Papers) -> dict[str, bytes]:
    found = {f"{title}.docx": makers.word(title) for title in TITLES.values()}
    found |= {f"{title}（盖章）.pdf": makers.pdf(place) for place, title in enumerate(TITLES.values(), 1)}
    return {**found, EXCEL: workbook(papers)}


@pytest.fixture
def done(papers: Papers) -> Papers:
    """Museums and lists are done, the workbook is confirmed, no file was uploaded yet."""
    papers.museums()
    papers.lists()
    papers.confirm()
    return papers


def send(papers: Papers, data: bytes, name: str = "河北上报.zip") -> Package:
    upload = SimpleUploadedFile(name, data)
    return receive_package(filing=papers.filing, upload=upload, actor=papers.cast.province, now=papers.later())


@pytest.mark.parametrize("kind", ["zip", "7z", "rar"])
def test_a_whole_package_is_kept_compared_and_handed_in(done: Papers, kind: str, tmp_path: Path) -> None:
    inside = members(done)
    data = {
        "zip": lambda: makers.make_zip(inside),
        "7z": lambda: makers.make_7z(tmp_path, inside),
        "rar": lambda: makers.make_rar(inside),
    }[kind]()
    package = send(done, data, f"河北上报.{kind}")
    assert package_problems(package, done.opened) == ()
    assert contents(package, done.opened).others == ()
    assert package.file.official_name == f"2022年度河北省科技馆信息上报材料.{kind}"
    files = filing_files(done.filing)
    assert files["planned-word"].official_name == f"{TITLES['planned']}.docx"
    assert files["planned-scan"].details["pages"] == 2
    with pytest.raises(NotReady) as refused:
        done.do(FilingAction.SUBMIT)
    assert all("还没有核对" in sentence for sentence in refused.value.sentences)
    done.compare()
    done.do(FilingAction.SUBMIT)
    assert done.state is FilingState.SUBMITTED
    assert Path(path_of(package.file)).read_bytes() == data
    # The museums' stamps are rows without bytes in these tests.
    assert [each for each in verify_files() if each.startswith("上报材料")] == []


def test_what_is_missing_is_named_and_blocks(done: Papers) -> None:
    inside = members(done)
    del inside[f"{TITLES['conversion']}.docx"], inside[EXCEL]
    package = send(done, makers.make_zip(inside))
    problems = package_problems(package, done.opened)
    assert problems == (
        "材料包中没有「附件7 Word 文件」，请补充后重新打包上传。",
        "材料包中没有「免费开放科技馆基础信息」，请补充后重新打包上传。",
    )


def test_a_figure_changed_in_the_workbook_is_named(done: Papers) -> None:
    inside = members(done)
    inside[EXCEL] = altered(inside[EXCEL], "<v>9100</v>", "<v>9999</v>")
    package = send(done, makers.make_zip(inside))
    (problem,) = package_problems(package, done.opened)
    assert "保定市科技馆" in problem
    assert "表中为 9999，系统中为 9100" in problem


def test_the_whole_provinces_workbook_beside_is_no_harm_and_alone_is_not_enough(done: Papers) -> None:
    inside = members(done)
    everything = make_workbook(Scope(done.cast.campaign, done.cast.hebei, free=False), done.now, unsubmitted=True)
    both = send(done, makers.make_zip({**inside, "全部字段.xlsx": everything.data}))
    assert package_problems(both, done.opened) == ()
    inside[EXCEL] = everything.data
    (problem,) = package_problems(send(done, makers.make_zip(inside)), done.opened)
    assert "多了石家庄市科技馆" in problem


def test_unclear_files_are_assigned_by_hand(done: Papers) -> None:
    inside = members(done)
    inside["扫描0001.pdf"] = inside.pop(f"{TITLES['free']}（盖章）.pdf")
    package = send(done, makers.make_zip(inside))
    assert "附件4 盖章扫描件" in package_problems(package, done.opened)[0]
    given = {"filing": done.filing, "serial": package.serial, "actor": done.cast.province, "now": done.later()}
    with pytest.raises(Unusable):
        assign_member(name="扫描0001.pdf", item="free-word", **given)
    with pytest.raises(Unusable):
        assign_member(name="没有.pdf", item="free-scan", **given)
    assign_member(name="扫描0001.pdf", item="free-scan", **given)
    package.refresh_from_db()
    assert package_problems(package, done.opened) == ()
    assert filing_files(done.filing)["free-scan"].details["pages"] == 1
    assert not drift(package, done.opened).outdated
    done.compare()
    done.do(FilingAction.SUBMIT)


def test_a_scan_replaced_afterwards_outdates_the_package(done: Papers) -> None:
    package = send(done, makers.make_zip(members(done)))
    done.compare()
    done.upload("free-scan", makers.pdf(7))
    done.compare()
    assert drift(package, done.opened).changes == ("「附件4 盖章扫描件」已更换。",)
    with pytest.raises(WrongState, match="附件4 盖章扫描件"):
        done.do(FilingAction.SUBMIT)


def test_pictures_of_one_scan_become_one_file_in_order(done: Papers) -> None:
    inside = members(done)
    del inside[f"{TITLES['free']}（盖章）.pdf"]
    inside |= {f"附件4/盖章{page}.png": makers.picture("PNG", page) for page in (10, 2, 1)}
    package = send(done, makers.make_zip(inside))
    assert package_problems(package, done.opened) == ()
    scan = filing_files(done.filing)["free-scan"]
    assert scan.details["pages"] == 3
    assert scan.uploaded_name == "盖章1.png 等 3 个文件"


@pytest.mark.parametrize("what", ["encrypted", "no archive"])
def test_what_cannot_be_taken_at_all_leaves_nothing(done: Papers, what: str, tmp_path: Path, place: Path) -> None:
    data = makers.make_7z(tmp_path, {"a.docx": makers.word()}, "-psecret") if what == "encrypted" else makers.pdf()
    with pytest.raises(BadFile):
        send(done, data)
    assert not Package.objects.exists()
    assert not StoredFile.objects.filter(filing=done.filing).exists()
    assert list((place / "incoming").iterdir()) == []


def test_only_the_province_and_only_while_it_may(done: Papers) -> None:
    upload = SimpleUploadedFile("a.zip", makers.make_zip({"a": b"x"}))
    for actor in (done.cast.other_province, done.cast.system, done.cast.filler):
        with pytest.raises(NotYours):
            receive_package(filing=done.filing, upload=upload, actor=actor, now=done.now)
    send(done, makers.make_zip(members(done)))
    done.compare()
    done.do(FilingAction.SUBMIT)
    with pytest.raises(WrongState):
        send(done, makers.make_zip(members(done)))


def test_what_a_kill_left_among_the_arrivals_is_swept_away(done: Papers, place: Path) -> None:
    left = place / "incoming" / "x.opened"
    left.mkdir(parents=True)
    (left / "0").write_bytes(b"x")
    assert vault.sweep(now=clock.now()) == []
    assert vault.sweep(now=clock.now() + timedelta(days=2)) == ["x.opened"]
    assert not left.exists()


@pytest.mark.slow
def test_it_works_in_a_process_of_its_own(done: Papers) -> None:
    package = send(done, makers.make_zip(members(done)))
    assert package_problems(package, done.opened) == ()
