"""File cells on their table's page: upload, what the check saw, confirm, versions, templates."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanshu.portal.models import AuditRecord, StoredFile
from tests.cast import Cast, make_cast
from tests.survey.intake import makers

JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def _place(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast("tiny-files")


def upload(client: Client, purpose: str, data: bytes, name: str, **headers: Any) -> Any:
    return client.post(f"/museum/files/{purpose}/", {"file": SimpleUploadedFile(name, data)}, headers=headers)


def page(client: Client) -> str:
    numbers = ("1-1", "1-2", "1-3")
    return "".join(client.get(f"/museum/tables/{number}/").content.decode() for number in numbers)


def test_a_form_upload_goes_back_to_its_table(filler: Client) -> None:
    answer = upload(filler, "annual_summary", makers.word(), "总结.docx")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("#c-annual_summary")
    shown = page(filler)
    assert "保定市科技馆2022年度工作总结.docx" in shown
    assert "原名 总结.docx" in shown


def test_a_script_gets_json(filler: Client) -> None:
    assert upload(filler, "annual_summary", makers.word(), "a.docx", **JSON).json()["url"].endswith("#c-annual_summary")
    refused = upload(filler, "annual_summary", b"no word", "a.docx", **JSON)
    assert refused.status_code == 422
    assert refused.json()["message"]


def test_a_refused_file_gets_its_sentence_on_the_page(filler: Client) -> None:
    answer = upload(filler, "annual_summary", b"no word", "a.docx")
    assert answer.status_code == 422
    assert 'class="notice notice-error"' in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_an_archive_lists_its_members_and_asks(filler: Client) -> None:
    archive = makers.make_zip({**makers.full(), "说明.txt": b"x"})
    upload(filler, "free_report", archive, "x.zip")
    shown = page(filler)
    assert "压缩包内" in shown
    assert "确认无误" in shown
    assert filler.post("/museum/files/free_report/confirm/").status_code == 303
    assert "确认无误" not in page(filler)
    assert "已确认" in page(filler)


def test_what_is_to_be_confirmed_is_linked_from_the_page_of_submission(filler: Client) -> None:
    archive = makers.make_zip({**makers.full(), "说明.txt": b"x"})
    upload(filler, "free_report", archive, "x.zip")
    shown = filler.get("/museum/submit/").content.decode()
    block = shown.split("附件未上传或待确认")[1]
    assert "保定市科技馆2022年度免费工作报告.zip」中有需要确认的内容" in block
    assert 'href="/museum/tables/1-2/#c-free_report"' in block
    filler.post("/museum/files/free_report/confirm/")
    assert "中有需要确认的内容" not in filler.get("/museum/submit/").content.decode()


def test_versions_are_kept_and_taken_back(filler: Client) -> None:
    for words in ("一", "二"):
        upload(filler, "annual_summary", makers.word(words), f"{words}.docx")
    assert "以前的版本（1）" in page(filler)
    assert filler.post("/museum/files/annual_summary/remove/").status_code == 303
    assert "以前的版本（2）" in page(filler)
    assert "未上传" in page(filler)


def test_the_reviewer_downloads_and_does_not_upload(filler: Client, reviewer: Client) -> None:
    upload(filler, "annual_summary", makers.word(), "总结.docx")
    file = StoredFile.objects.get()
    assert reviewer.get(f"/files/{file.pk}/").status_code == 200
    assert upload(reviewer, "annual_summary", makers.word("二"), "总结.docx").status_code == 403
    assert 'type="file"' not in page(reviewer)


def test_missing_files_count_in_the_progress(filler: Client) -> None:
    before = filler.get("/museum/").context["frame"].missing
    upload(filler, "annual_summary", makers.word(), "总结.docx")
    assert filler.get("/museum/").context["frame"].missing == before - 1


def test_nothing_chosen_is_said(filler: Client) -> None:
    answer = filler.post("/museum/files/annual_summary/")
    assert answer.status_code == 400
    assert "没有收到文件" in answer.content.decode()


@pytest.mark.parametrize("path", ["annual_summary/template/", "free_report/template/", "annual_summary/draft/"])
def test_templates_are_word_files(filler: Client, path: str) -> None:
    answer = filler.get(f"/museum/files/{path}")
    assert answer.status_code == 200
    assert zipfile.ZipFile(BytesIO(answer.content)).testzip() is None
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_draft_that_left_is_on_record_and_an_empty_template_is_not(filler: Client) -> None:
    for path in ("template", "draft"):
        filler.head(f"/museum/files/annual_summary/{path}/")
        filler.get(f"/museum/files/annual_summary/{path}/")
    record = AuditRecord.objects.get(action__startswith="download")
    assert (record.action, record.details["about"][-5:]) == ("download_draft", ".docx")


@pytest.mark.parametrize("path", ["plan/template/", "free_report/draft/", "visits/", "nothing/"])
def test_where_there_is_none(filler: Client, path: str) -> None:
    assert filler.get(f"/museum/files/{path}").status_code in {404, 405}
    assert filler.post(f"/museum/files/{path}").status_code in {404, 405}
