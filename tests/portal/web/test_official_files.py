"""Official files in place of the generated form and guide: put, handed out, taken away, on record."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from guanshu.portal.domain.official_files import put_official, remove_official
from guanshu.portal.models import AuditRecord, Campaign, StoredFile
from guanshu.portal.problems import NotYours, WrongState
from guanshu.portal.queries.files import verify_files
from guanshu.portal.queries.trailwords import sentence_of
from tests.cast import NOW, Cast
from tests.portal.files.conftest import put
from tests.portal.walls.test_trail_page import client_of
from tests.survey.intake import makers

pytestmark = pytest.mark.django_db
PAGE = "/national/publications/"


@pytest.fixture(autouse=True)
def kept(settings: Any, tmp_path: Path) -> None:
    options = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": options}
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.GUANSHU_VERSIONS = tmp_path / "versions"


def upload(pages: int = 1, name: str = "科协办发〔2023〕1号 指导手册.pdf") -> "SimpleUploadedFile":
    return SimpleUploadedFile(name, makers.pdf(pages))


def test_it_is_handed_out_under_its_name_until_it_is_taken_away(cast: Cast, client: Client) -> None:
    system = client_of(cast.system)
    made = client.get("/publications/guide.pdf").content
    assert system.post(f"{PAGE}guide.pdf/", {"file": upload()}).status_code == 303
    answer = client.get("/publications/guide.pdf")
    assert answer.content == makers.pdf(1)
    assert "科协办发〔2023〕1号 指导手册.pdf" in unquote(answer["Content-Disposition"])
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert "官方文件" in client.get("/").content.decode()
    guide = client.get("/guide/").content.decode()
    assert "在线指标解释" in guide
    assert "科协办发〔2023〕1号 指导手册.pdf" in guide
    row = StoredFile.objects.get(campaign=cast.campaign)
    assert row.official_name in system.get(PAGE).content.decode()
    assert system.post(f"{PAGE}{row.pk}/remove/").status_code == 303
    assert client.get("/publications/guide.pdf").content == made
    assert "官方文件" not in client.get("/").content.decode()
    told = [sentence_of(each) for each in AuditRecord.objects.filter(action__endswith="official_file").order_by("id")]
    assert ["代替 2022 年度" in told[0], "恢复系统生成" in told[1], len(told)] == [True, True, 2]


def test_versions_are_kept_and_only_the_system_administrator_reads_them(cast: Cast) -> None:
    system = client_of(cast.system)
    for pages in (1, 2):
        system.post(f"{PAGE}guide.pdf/", {"file": upload(pages)})
    old, new = StoredFile.objects.filter(campaign=cast.campaign).order_by("serial")
    assert (old.superseded_at is not None, new.superseded_at) == (True, None)
    assert b"".join(system.get(f"/files/{old.pk}/")) == makers.pdf(1)
    assert [client_of(who).get(f"/files/{old.pk}/").status_code for who in (cast.filler, cast.province)] == [404, 404]
    assert list(verify_files()) == []
    assert system.post(f"{PAGE}{old.pk}/remove/").status_code == 409


@pytest.mark.parametrize(
    ("address", "name", "data"),
    [
        ("guide.pdf", "指导手册.pdf", b"MZ\x90\x00 program"),
        ("guide.pdf", "指导手册.pdf", makers.word()),
        ("form.docx", "表.docx", makers.with_parts(makers.word(), {"word/vbaProject.bin": b"x"})),
        ("form.xlsx", "表.xlsx", makers.word()),
        ("form.pdf", "表.pdf", makers.pdf() + b"/JavaScript (x)"),
    ],
)
def test_hostile_files_change_nothing(cast: Cast, tmp_path: Path, address: str, name: str, data: bytes) -> None:
    answer = client_of(cast.system).post(f"{PAGE}{address}/", {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422
    assert name in answer.content.decode()
    assert not StoredFile.objects.filter(campaign=cast.campaign).exists()
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_nobody_else_may_and_closed_years_stand(cast: Cast) -> None:
    given: dict[str, Any] = {"campaign": cast.campaign, "kind": "guide", "suffix": "pdf", "now": NOW}
    for actor in (cast.viewer, cast.province, cast.filler, cast.auditor):
        with pytest.raises(NotYours):
            put_official(**given, upload=upload(), actor=actor)
    row = put_official(**given, upload=upload(), actor=cast.system)
    with pytest.raises(NotYours):
        remove_official(campaign=cast.campaign, file_id=row.pk, actor=cast.viewer, now=NOW)
    Campaign.objects.update(closed=True)
    # The campaign as it was read before it was closed: the look under the lock counts.
    with pytest.raises(WrongState):
        put_official(**given, upload=upload(2), actor=cast.system)
    assert StoredFile.objects.filter(campaign=cast.campaign).count() == 1


def test_the_respondents_files_are_out_of_reach(cast: Cast) -> None:
    theirs = put(cast, "plan", makers.pdf(1), name="plan.pdf")
    with pytest.raises(WrongState):
        remove_official(campaign=cast.campaign, file_id=theirs.pk, actor=cast.system, now=NOW)
    theirs.refresh_from_db()
    assert theirs.superseded_at is None


def test_who_has_left_puts_nothing_there(cast: Cast) -> None:
    cast.system.is_active = False
    with pytest.raises(NotYours):
        put_official(campaign=cast.campaign, kind="guide", suffix="pdf", upload=upload(), actor=cast.system, now=NOW)


def test_a_file_has_one_owner(cast: Cast) -> None:
    row = put_official(campaign=cast.campaign, kind="form", suffix="pdf", upload=upload(), actor=cast.system, now=NOW)
    row.report = cast.report()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
