"""Kept files read in the browser: what is made for it lies beside the versions' PDFs, under the file's SHA-256."""

import json
import shutil
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404

from guanshu.portal import clock
from guanshu.portal.domain.outside import run_outside
from guanshu.portal.domain.pictures import keep_picture, page_picture
from guanshu.portal.models import Account, StoredFile
from guanshu.portal.problems import BadFile
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.queries.files import file_row, path_of
from guanshu.portal.queries.filingitems import PACKAGE

Look = Mapping[str, Any]
# A conversion that failed takes up to 40 s: it is not tried at every look, but a busy machine gets another chance.
_AGAIN = timedelta(minutes=10)
_LOOK, _SOURCE = "look.json", "source.pdf"
_PACKAGE = "材料包的数据表中有个人信息，不能在网页上直接查看；请下载后查看（下载前须再次输入密码，并有记录）。"


def preview_of(account: Account, file_id: uuid.UUID, place: int | None = None) -> Look:
    """Return what the screen shows of a file, or of a member of an archive; see survey.outside.previews.look.

    Raises Http404 for strangers and for no such member, BadFile with a sentence, OutsideFailed.
    """
    return _look(_readable(account, file_id), place)


def preview_picture(account: Account, file_id: uuid.UUID, number: int, place: int | None = None) -> bytes:
    """Return a page of the preview as PNG, b"" when there is none. Raises as preview_of."""
    row = _readable(account, file_id)
    look, folder = _look(row, place), _folder(row, place)
    if not 1 <= number <= look.get("pages", 0):
        return b""
    kept = folder / f"{number}.png"
    if kept.is_file():
        return kept.read_bytes()
    if not (folder / _SOURCE).is_file():
        return page_picture(account, file_id, number)
    give_back_connection()
    return keep_picture(kept, run_outside("page", {"file": str(folder / _SOURCE), "page": number}))


def _readable(account: Account, file_id: uuid.UUID) -> StoredFile:
    row = file_row(account, file_id)
    if row.purpose == PACKAGE:
        raise BadFile(_PACKAGE, reason="package")
    return row


def _folder(row: StoredFile, place: int | None) -> Path:
    name = row.sha256 if place is None else f"{row.sha256}-{place}"
    return Path(str(settings.GUANSHU_VERSIONS)) / "previews" / name


def _look(row: StoredFile, place: int | None) -> Look:
    kept = _folder(row, place)
    read = _read(kept)
    if read is not None:
        return read
    give_back_connection()
    fresh = kept.with_name(f"{uuid.uuid4().hex}.part")
    fresh.mkdir(parents=True, mode=0o700)
    try:
        given = {"file": path_of(row), "name": row.official_name, "folder": str(fresh), "place": place}
        look: dict[str, Any] = json.loads(run_outside("preview", given))
        if look["kind"] == "nothing":
            raise Http404
        # Text is what is left without LibreOffice; once it is there, pages shall be seen.
        if look.get("failed"):
            look["again"] = (clock.now() + _AGAIN).isoformat()
        if look["kind"] in {"pages", "picture"} or look.get("failed"):
            (fresh / _LOOK).write_text(json.dumps(look))
            _put(fresh, kept)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return look


def _read(kept: Path) -> Look | None:
    """Return what was made earlier, None when there is nothing or when it is to be tried again."""
    try:
        read: Look = json.loads((kept / _LOOK).read_text())
    except FileNotFoundError:
        return None
    return None if "again" in read and clock.now() >= datetime.fromisoformat(read["again"]) else read


def _put(fresh: Path, kept: Path) -> None:
    """Let the folder be there whole or not at all; another request may have been faster."""
    if kept.exists() and _read(kept) is None:
        shutil.rmtree(kept, ignore_errors=True)
    try:
        fresh.rename(kept)
    except OSError:
        if not (kept / _LOOK).is_file():
            raise
