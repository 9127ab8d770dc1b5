"""The upload handler: counts while it reads, stops at the limit, says so."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client, RequestFactory

from guanshu.portal.problems import TooLarge, Unusable
from guanshu.portal.web.shared import uploads
from guanshu.portal.web.shared.uploads import received_file, received_files
from tests.cast import Cast
from tests.portal.files.conftest import browser

_SMALL = {"/museum/files/": (2, 1), "/museum/stamp/": (1, 1)}


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_PLACES", tuple((path, *most) for path, most in _SMALL.items()))


def post(path: str, *files: SimpleUploadedFile) -> Any:
    return RequestFactory().post(path, {"file": list(files)})


def megabytes(count: float, name: str = "a.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, bytes(int(count * 1024 * 1024)))


def test_an_upload_arrives_beside_the_kept_files(db: None, place: Path) -> None:
    request = post("/museum/files/x/", megabytes(0.1))
    file = received_file(request, "file")
    assert isinstance(file, TemporaryUploadedFile)
    assert Path(file.temporary_file_path()).parent == place / "incoming"
    request.close()
    assert not list((place / "incoming").iterdir())


def test_it_stops_at_the_limit_of_the_place_and_the_kind(db: None, place: Path) -> None:
    with pytest.raises(TooLarge, match="超过 1 MB"):
        received_file(post("/museum/files/x/", megabytes(1.5)), "file")
    assert received_file(post("/museum/files/x/", megabytes(1.5, "a.ZIP")), "file")
    with pytest.raises(TooLarge, match="超过 2 MB"):
        received_file(post("/museum/files/x/", megabytes(2.5, "a.zip")), "file")
    with pytest.raises(TooLarge, match="超过 1 MB"):
        received_files(post("/museum/stamp/", *(megabytes(0.4, f"{n}.jpg") for n in range(3))), "file")


def test_an_announced_length_beyond_the_limit_is_not_read_at_all(db: None, place: Path) -> None:
    with pytest.raises(TooLarge):
        received_file(post("/museum/files/x/", megabytes(9, "a.zip")), "file")
    assert not (place / "incoming").exists()


def test_no_file_is_said(db: None) -> None:
    with pytest.raises(Unusable, match="没有收到文件"):
        received_file(RequestFactory().post("/museum/files/x/", {"file": ""}), "file")


def test_a_form_that_is_cut_off_is_answered_with_413(cast: Cast) -> None:
    """The token stands behind the file in this form, so it is never read."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = browser(cast.filler).cookies
    client.cookies["csrftoken"] = "a" * 32
    answer = client.post("/museum/check/", {"file": megabytes(9)})
    assert answer.status_code == 413
    assert "超过 4 MB" in answer.content.decode()


def test_nothing_of_a_strangers_upload_is_read(db: None, place: Path) -> None:
    assert Client().post("/museum/files/x/", {"file": megabytes(0.5)}).status_code == 302
    assert not (place / "incoming").exists()


def test_the_connection_is_given_back_before_the_first_byte(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(uploads, "give_back_connection", lambda: order.append("given back"))
    real = uploads.LimitedUploadHandler.receive_data_chunk
    monkeypatch.setattr(
        uploads.LimitedUploadHandler,
        "receive_data_chunk",
        lambda self, data, start: (order.append("byte"), real(self, data, start))[1],
    )
    received_file(post("/museum/files/x/", megabytes(0.1)), "file")
    assert order[:2] == ["given back", "byte"]
