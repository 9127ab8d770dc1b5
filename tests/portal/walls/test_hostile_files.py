"""Sixty and more hostile files through the real upload: refused, each with its sentence, or kept harmless."""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guanshu.portal.domain.files import store_upload
from guanshu.portal.models import StoredFile
from guanshu.portal.problems import BadFile
from guanshu.survey.workflow.states import State
from tests.cast import NOW, Cast, make_cast
from tests.portal.walls.hostile import FILES, SCAN, STORED, Hostile, hostile
from tests.portal.walls.test_trail_page import client_of
from tests.portal.workflow.conftest import Way

CASES = list(hostile())
TYPES = {"application/pdf", "image/jpeg", "image/png", "application/zip", "application/msword"}


@pytest.fixture
def place(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    options = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": options}
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.GUANSHU_VERSIONS = tmp_path / "versions"
    settings.GUANSHU_TODAY = "2023-02-04"
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path


@pytest.fixture
def cast(db: None, place: Path) -> Cast:
    return make_cast("tiny-files")


def everything(place: Path) -> set[str]:
    """Return every file below the test's place and in the working directory."""
    return {str(path) for path in place.rglob("*") if path.is_file()} | {path.name for path in Path().iterdir()}


def made(case: Hostile, tmp_path: Path) -> bytes:
    folder = tmp_path / "made"
    folder.mkdir()
    return case.make(folder)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_it_is_refused_or_harmless(case: Hostile, db: None, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = made(case, place)
    cast = Way(make_cast()).to(State.AWAITING_STAMP).cast if case.purpose == SCAN else make_cast("tiny-files")
    before = everything(place)
    started: list[str] = []
    spawn = subprocess.Popen.__init__

    def watched(self: Any, args: Any, *rest: Any, **options: Any) -> None:
        started.append(" ".join(map(str, args)) if isinstance(args, list) else str(args))
        assert not options.get("shell")
        spawn(self, args, *rest, **options)

    monkeypatch.setattr(subprocess.Popen, "__init__", watched)
    given = {"report": cast.report(), "purpose": case.purpose, "actor": cast.filler, "now": NOW}
    # A browser's name of a file loses its folders and control characters in Django; the operation gets it as it is.
    upload = SimpleUploadedFile("x", data)
    upload._name = case.filename
    if case.expected != STORED:
        with pytest.raises(BadFile) as refused:
            store_upload(upload=upload, **given)
        assert refused.value.reason == case.expected
        assert re.search(r"[；，][^；，]*。$", refused.value.message), refused.value.message
        assert refused.value.message.count("。") == 1
        assert everything(place) == before
        assert not StoredFile.objects.filter(purpose=case.purpose).exists()
    else:
        row = store_upload(upload=upload, **given)
        assert len(everything(place) - before) == 1
        assert_harmless(cast, row)
    # Whatever ran was ours: the reader of scans under its limits, the unpacker to standard output.
    for command in started:
        assert "limited.py" in command


def assert_harmless(cast: Cast, row: StoredFile) -> None:
    answer = client_of(cast.province).get(f"/files/{row.pk}/")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert "\n" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Type"] in TYPES or "wordprocessingml" in answer["Content-Type"]
    assert "no-store" in answer["Cache-Control"]
    assert not set(row.official_name) & set('/\\:*?"<>|\r\n\u202e')
    assert not set(row.uploaded_name) & set("/\\\r\n\u202e")


def test_there_are_sixty_and_more() -> None:
    assert len(FILES) >= 100
    assert len({each[0] for each in FILES}) == len(FILES)


SOME = ("a PDF with a script", "a picture of 60000 × 60000", "a page called pdf", "a page behind a photograph")


@pytest.mark.parametrize("name", SOME)
def test_the_page_says_so_too(name: str, cast: Cast, place: Path) -> None:
    case = next(each for each in CASES if each.name == name)
    upload = SimpleUploadedFile(case.filename, made(case, place), content_type="application/pdf")
    answer = client_of(cast.filler).post(
        "/museum/files/plan/", {"file": upload}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422
    assert case.filename in answer.json()["message"]
    assert not StoredFile.objects.exists()


def test_a_location_is_not_shown_inline(cast: Cast, place: Path) -> None:
    """Photographs are never shown by the system; only pages of PDFs are, drawn anew, without what the file said."""
    case = next(each for each in CASES if each.name == "a photograph with a place")
    upload = SimpleUploadedFile("a.jpg", made(case, place))
    row = store_upload(report=cast.report(), purpose="plan", upload=upload, actor=cast.filler, now=NOW)
    assert client_of(cast.province).get(f"/files/{row.pk}/pages/1/").status_code == 404


def test_a_joined_scan_knows_nothing_of_the_camera(place: Path) -> None:
    from guanshu.survey.intake.scans import join_pictures

    case = next(each for each in CASES if each.name == "a photograph with a place")
    path = place / "a.jpg"
    path.write_bytes(made(case, place))
    join_pictures([path], place / "joined.pdf")
    assert b"Camera" in path.read_bytes()
    assert b"Camera" not in (place / "joined.pdf").read_bytes()
    assert b"Exif" not in (place / "joined.pdf").read_bytes()
