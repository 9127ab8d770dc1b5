"""Where the bytes of files lie: under their UUID, written in two phases (temporary, fsync, rename)."""

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from guanshu.portal.domain.scanning import scan_file
from guanshu.portal.models import HeldFile, HeldState, StoredFile
from guanshu.portal.queries.files import key_of

# How a PDF is named until all of it is on the disk.
PART = ".part"
_CHUNK = 1 << 20
# Younger ones may belong to an upload that is just being kept.
_ORPHAN_AGE = timedelta(hours=24)


def incoming() -> Path:
    """Return the folder where uploads arrive, made on first use."""
    place = Path(str(settings.FILE_UPLOAD_TEMP_DIR))
    place.mkdir(parents=True, exist_ok=True)
    return place


@contextmanager
def arrived(upload: "UploadedFile[bytes]") -> Iterator[Path]:
    """Yield a path with the upload's bytes; it is gone afterwards unless it was kept.

    Every upload comes by here, so here the virus scanner is asked. Raises BadFile, ScannerSilent.
    """
    given = getattr(upload, "temporary_file_path", None)
    if given is not None:
        upload.flush()
        scan_file(Path(given()))
        yield Path(given())
        return
    path = incoming() / f"{uuid.uuid4().hex}.upload"
    try:
        with path.open("wb") as file:
            for chunk in upload.chunks(_CHUNK):
                file.write(chunk)
        scan_file(path)
        yield path
    finally:
        path.unlink(missing_ok=True)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def keep(path: Path, name: uuid.UUID) -> None:
    """Move a file to its place for good: what the row will name is on the disk before the row is."""
    target = Path(default_storage.path(key_of(name)))
    target.parent.mkdir(parents=True, exist_ok=True)
    path.chmod(0o640)
    settle(path, target)


@contextmanager
def lent(name: uuid.UUID) -> Iterator[Path]:
    """Yield a second name among the arriving files for a kept file, which may be kept from there as another one."""
    path = incoming() / f"{uuid.uuid4().hex}.lent"
    os.link(default_storage.path(key_of(name)), path)
    # Young again, for the sweep: under its next name it may lie a moment before its row is written.
    path.touch()
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def settle(path: Path, target: Path) -> None:
    """Give a written file its name: its bytes are on the disk before the name is, so no half of it is ever found."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.rename(target)
    for folder in (target.parent, target.parent.parent):
        _sync_folder(folder)


def discard(name: uuid.UUID) -> None:
    """Remove a kept file that no row came to name."""
    Path(default_storage.path(key_of(name))).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(*, now: datetime) -> list[str]:
    """Remove files older than a day that no row names and PDFs half written (a crash left them); return their names."""
    before = (now - _ORPHAN_AGE).timestamp()
    removed = []
    for path in _stored_paths():
        if path.stat().st_mtime < before and not _has_row(path.name):
            path.unlink(missing_ok=True)
            removed.append(path.name)
    halves = Path(str(settings.GUANSHU_VERSIONS)).glob(f"*{PART}")
    for path in (*incoming().iterdir(), *halves):
        if path.stat().st_mtime >= before:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        removed.append(path.name)
    return removed


def _stored_paths() -> Iterator[Path]:
    root = Path(default_storage.path(""))
    yield from (path for path in sorted(root.rglob("*")) if path.is_file())


def _has_row(name: str) -> bool:
    try:
        wanted = uuid.UUID(name)
    except ValueError:
        return False
    held = HeldFile.objects.filter(pk=wanted, held__state=HeldState.CHECKING.value)
    return StoredFile.objects.filter(pk=wanted).exists() or held.exists()
