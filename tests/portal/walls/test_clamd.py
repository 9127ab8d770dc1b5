"""The virus scanner's hook against a stand-in that speaks clamd's protocol."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guanshu.portal.domain import scanning
from guanshu.portal.domain.files import store_upload
from guanshu.portal.models import StoredFile
from guanshu.portal.problems import BadFile
from tests.cast import NOW, Cast
from tests.portal.walls.hostile import EICAR
from tests.portal.walls.test_hostile_files import cast, place  # noqa: F401 - fixtures
from tests.survey.intake import makers


def serve(listener: socket.socket, seen: list[bytes], answer: Callable[[bytes], bytes]) -> None:
    while True:
        try:
            peer, _ = listener.accept()
        except OSError:
            return
        with peer, peer.makefile("rb") as file:
            assert file.read(10) == b"zINSTREAM\0"
            data = b""
            while length := struct.unpack(">I", file.read(4))[0]:
                data += file.read(length)
            seen.append(data)
            peer.sendall(answer(data))


def verdict(data: bytes) -> bytes:
    return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"


@pytest.fixture(params=["tcp", "unix"])
def clamd(request: Any, settings: Any, tmp_path: Path) -> Iterator[list[bytes]]:
    """Yield what the stand-in was given."""
    if request.param == "unix":
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(tmp_path / "clamd.sock"))
        settings.GUANSHU_CLAMD = str(tmp_path / "clamd.sock")
    else:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        settings.GUANSHU_CLAMD = f"127.0.0.1:{listener.getsockname()[1]}"
    listener.listen()
    seen: list[bytes] = []
    threading.Thread(target=serve, args=(listener, seen, verdict), daemon=True).start()
    settings.GUANSHU_CLAMD_REQUIRED = True
    yield seen
    listener.close()


def put(cast: Cast, data: bytes) -> StoredFile:  # noqa: F811
    upload = SimpleUploadedFile("a.pdf", data)
    return store_upload(report=cast.report(), purpose="plan", upload=upload, actor=cast.filler, now=NOW)


def test_a_clean_file_is_taken_and_a_virus_is_not(cast: Cast, clamd: list[bytes], caplog: Any) -> None:  # noqa: F811
    data = makers.pdf(1)
    assert put(cast, data)
    assert clamd == [data]
    with pytest.raises(BadFile, match="病毒") as refused:
        put(cast, data + b"%" + EICAR)
    assert refused.value.reason == "virus"
    assert StoredFile.objects.count() == 1
    assert "Eicar-Test-Signature" in caplog.text
    assert "a.pdf" not in caplog.text


@pytest.mark.parametrize("where", ["127.0.0.1:1", "/nowhere/clamd.sock"])
def test_a_silent_scanner_keeps_files_out_only_where_it_is_required(cast: Cast, settings: Any, where: str) -> None:  # noqa: F811
    settings.GUANSHU_CLAMD = where
    settings.GUANSHU_CLAMD_REQUIRED = True
    with pytest.raises(scanning.ScannerSilent, match="病毒检查暂时不可用"):
        put(cast, makers.pdf(1))
    assert not StoredFile.objects.exists()
    settings.GUANSHU_CLAMD_REQUIRED = False
    assert put(cast, makers.pdf(1))


def test_a_slow_scanner_is_not_waited_for_for_ever(
    cast: Cast,  # noqa: F811
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scanning, "_PATIENCE", 0.2)
    settings.GUANSHU_CLAMD_REQUIRED = True
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        settings.GUANSHU_CLAMD = f"127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(scanning.ScannerSilent):
            put(cast, makers.pdf(1))


def test_without_a_setting_nobody_is_asked(cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    settings.GUANSHU_CLAMD = ""
    monkeypatch.setattr(scanning, "_connected", lambda: pytest.fail("asked"))
    assert put(cast, makers.pdf(1))
