"""A filing's files: checked by content, named as the notice names them, every version kept."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guanshu.portal.domain.filing.files import remove_filing_file, store_filing_file
from guanshu.portal.models import AuditRecord, StoredFile
from guanshu.portal.problems import BadFile, NotYours, WrongState
from guanshu.portal.queries.files import verify_files
from guanshu.portal.queries.filingitems import filing_file_versions
from guanshu.survey.workflow.filingstates import FilingState
from tests.portal.submission.conftest import TITLES, Papers
from tests.survey.intake import makers


@pytest.fixture
def listed(papers: Papers) -> Papers:
    papers.lists()
    return papers


def test_official_names_are_those_of_the_notice(listed: Papers) -> None:
    for key, title in TITLES.items():
        assert listed.upload(f"{key}-word").official_name == f"{title}.docx"
        assert listed.upload(f"{key}-scan").official_name == f"{title}（盖章扫描件）.pdf"
    assert listed.upload("free-word", makers.old_word(), name="名单.doc").official_name == f"{TITLES['free']}.doc"


def test_every_version_is_kept_and_the_same_bytes_make_none(listed: Papers) -> None:
    first, same = listed.upload("free-word"), listed.upload("free-word")
    assert first.pk == same.pk
    second = listed.upload("free-word", makers.word("第二稿"))
    versions = filing_file_versions(listed.filing, "free-word")
    assert [each.serial for each in versions] == [2, 1]
    assert versions[0].pk == second.pk
    assert versions[1].superseded_at is not None
    assert list(verify_files()) == []
    assert AuditRecord.objects.filter(action="upload_filing_file").count() == 2


WRONG = [
    ("free-word", b"", "a.docx", "是空文件"),
    ("free-word", makers.pdf(1), "a.docx", "内容是 PDF 文件，只是改了后缀名"),
    ("free-word", makers.ole({"EncryptedPackage": b""}), "a.docx", "打开密码"),
    ("free-word", makers.make_zip({"a.docx": b"x"}), "a.zip", "zip 压缩包"),
    ("free-scan", makers.word(), "a.pdf", "盖章扫描件请上传一个 PDF"),
    ("free-scan", b"", "a.pdf", "是空文件"),
    ("free-scan", makers.pdf(1)[:200], "a.pdf", "已损坏"),
    ("free-evidence-a", b"MZ" + bytes(90), "a.exe", "不是可以接收的文件"),
]


@pytest.mark.parametrize(("purpose", "data", "name", "said"), WRONG)
def test_what_is_wrong_gets_its_own_sentence(
    listed: Papers, purpose: str, data: bytes, name: str, said: str, place: Path
) -> None:
    with pytest.raises(BadFile, match=said):
        listed.upload(purpose, data, name=name)
    assert not StoredFile.objects.exists()
    assert list((place / "incoming").iterdir()) == []


def test_a_doc_renamed_docx_is_kept_as_what_it_is_and_said(listed: Papers) -> None:
    row = listed.upload("free-word", makers.old_word(), name="名单.docx")
    assert row.official_name.endswith(".doc")
    assert "只是后缀写成了 .docx" in row.details["notes"][0]


def test_pictures_become_one_scan(listed: Papers) -> None:
    uploads = [SimpleUploadedFile(f"{n}.png", makers.picture("PNG", n)) for n in (1, 2)]
    row = store_filing_file(
        filing=listed.filing, purpose="free-scan", uploads=uploads, actor=listed.cast.province, now=listed.now
    )
    assert (row.media_type, row.details["pages"]) == ("application/pdf", 2)
    with pytest.raises(BadFile, match="只收一个文件"):
        store_filing_file(
            filing=listed.filing, purpose="free-word", uploads=uploads, actor=listed.cast.province, now=listed.now
        )


def test_evidence_belongs_to_a_row(listed: Papers) -> None:
    row = listed.upload("planned-evidence-p", makers.pdf(1), name="批文.pdf")
    assert row.official_name == "附件5佐证材料p.pdf"
    for purpose in ("planned-evidence-", "evaluation-evidence-p", "nothing-word", "free-word-x", "package"):
        with pytest.raises(NotYours):
            listed.upload(purpose, makers.pdf(1))


def test_only_the_province_and_only_while_it_prepares(papers: Papers) -> None:
    papers.to(FilingState.SUBMITTED)
    for actor in (papers.cast.other_province, papers.cast.system, papers.cast.filler):
        with pytest.raises(NotYours):
            papers.upload("free-word", actor=actor)
    with pytest.raises(WrongState, match="已上报"):
        papers.upload("free-word")
    with pytest.raises(WrongState, match="已上报"):
        remove_filing_file(filing=papers.filing, purpose="free-word", actor=papers.cast.province, now=papers.now)


def test_a_file_taken_back_is_missed_and_kept(papers: Papers) -> None:
    papers.ready()
    remove_filing_file(filing=papers.filing, purpose="free-scan", actor=papers.cast.province, now=papers.later())
    assert any("还没有上传盖章扫描件" in problem for problem in papers.check.problems)
    assert len(filing_file_versions(papers.filing, "free-scan")) == 1


def test_without_free_museums_three_things_are_not_asked(papers: Papers) -> None:
    papers.museums()
    papers.lists()
    papers.type("0", {"cells": {"has_free": False}})
    papers.files()
    papers.compare()
    assert papers.check.problems == ()
    assert {line.key for line in papers.check.lines if line.na} == {
        "free_export", "list-4", "free-word", "evaluation-word",
    }  # fmt: skip
    package = papers.build()
    assert {each["item"] for each in package.manifest if each["item"]} == {
        f"{key}-{kind}" for key in ("planned", "construction", "conversion") for kind in ("word", "scan")
    }


def test_findings_and_blanks_of_the_lists_block(papers: Papers) -> None:
    papers.ready()
    papers.type("5", {"rows": [{"id": "p", "cells": {"museum": "唐山市科技馆", "hall_area": "900.00"}}]})
    assert any("不足 1000 平方米" in problem for problem in papers.check.problems)
    big = {"rows": [{"id": "p", "cells": {"museum": "唐山市科技馆", "hall_area": "60000.00"}}]}
    papers.type("5", big)
    assert any("说明" in problem for problem in papers.check.problems)
    papers.type("5", {**big, "explanations": {"5-02[p]": "含室外展区改造面积"}})
    assert not any("附件5 拟" in problem and "面积" in problem for problem in papers.check.problems)
    papers.type("6", {})
    assert any("必填内容没有填写" in problem for problem in papers.check.problems)
