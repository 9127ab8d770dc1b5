"""The cast with a form that asks for files, and a place of one's own for them."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanshu.portal.domain.files import store_upload
from guanshu.portal.models import Account, StoredFile
from tests.cast import NOW, Cast, make_cast
from tests.survey.intake import makers


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> Path:
    """Put files, arriving ones and PDFs below the test's own folder."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.GUANSHU_VERSIONS = tmp_path / "versions"
    settings.GUANSHU_TODAY = "2023-02-04"
    return tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    """Make the cast with tiny-files."""
    return make_cast("tiny-files")


def put(cast: Cast, purpose: str = "annual_summary", data: bytes | None = None, **options: Any) -> StoredFile:
    """Upload as Baoding's filler unless told otherwise."""
    upload = SimpleUploadedFile(options.pop("name", "总结.docx"), makers.word() if data is None else data)
    given = {"report": cast.report(), "actor": cast.filler, "now": NOW, **options}
    return store_upload(purpose=purpose, upload=upload, **given)


def browser(account: Account) -> Client:
    """Return a client logged in as the account."""
    client = Client()
    client.force_login(account, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    return client


def stored(place: Path) -> list[Path]:
    """Return every file below the storage."""
    return [path for path in (place / "files").rglob("*") if path.is_file()]
