"""The files of a filing: Word files, sealed scans and evidence, checked by content, every version kept."""

import json
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from guanshu.portal.domain import vault
from guanshu.portal.domain.filing.holding import check_editable, hold_filing
from guanshu.portal.domain.filing.purposes import official_file_name
from guanshu.portal.domain.keeping import keep_row, new_row, take_place
from guanshu.portal.domain.naming import shown_name
from guanshu.portal.domain.outside import run_outside
from guanshu.portal.models import Account, Filing, StoredFile
from guanshu.portal.problems import BadFile, NotYours, WrongState
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.queries.filingitems import EVIDENCE, SCAN, WORD, Purpose, filing_files, items, read_purpose
from guanshu.portal.queries.forms import form
from guanshu.survey.intake.general import check_general
from guanshu.survey.intake.kinds import suffix_of
from guanshu.survey.intake.verdict import Accepted, Refused
from guanshu.survey.intake.word import DOC, check_word

_PDF = "application/pdf"
_NONE = "报送材料中没有这一项文件。"


def purpose_of(filing: Filing, text: str) -> Purpose:
    """Return what a purpose is about. Raises NotYours for what is none of this filing."""
    found = read_purpose(items(filing, form(filing.questionnaire_id).compiled.questionnaire), text)
    if found is None:
        raise NotYours(_NONE)
    return found


def store_filing_file(
    *, filing: Filing, purpose: str, uploads: "Sequence[UploadedFile[bytes]]", actor: Account, now: datetime
) -> StoredFile:
    """Keep a file of the province; of a scan several pictures, joined into one PDF in the order given.

    The same bytes again change nothing. Raises NotYours, WrongState, BadFile, OutsideFailed; nothing is kept then.
    """
    wanted = purpose_of(filing, purpose)
    check_editable(filing, actor, now)
    if not uploads:
        raise BadFile("没有收到文件，请选择文件后上传。", reason="empty")
    if len(uploads) > 1 and wanted.kind != SCAN:
        raise BadFile("这里只收一个文件，请只选择一个文件后重新上传。", reason="too_many")
    give_back_connection()
    with ExitStack() as stack:
        paths = [stack.enter_context(vault.arrived(upload)) for upload in uploads]
        names = [shown_name(upload.name or "") for upload in uploads]
        return keep_arrived(filing=filing, purpose=wanted, paths=paths, names=names, actor=actor, now=now)


def keep_arrived(
    *, filing: Filing, purpose: Purpose, paths: Sequence[Path], names: Sequence[str], actor: Account, now: datetime
) -> StoredFile:
    """Keep files that lie in the folder of arrivals as one file of the filing; they are moved or left to the caller.

    Raises what `store_filing_file` raises.
    """
    joined = vault.incoming() / f"{uuid.uuid4().hex}.joined"
    try:
        path, seen, details = look(purpose, paths, names, joined)
        uploaded = names[0] if len(names) == 1 else f"{names[0]} 等 {len(names)} 个文件"
        row = new_row(
            filing,
            purpose.name,
            path,
            official=official_file_name(purpose, seen.suffix),
            uploaded=uploaded,
            seen=seen,
            actor=actor,
            now=now,
            details=details,
        )
        same = _same(filing, row)
        return same or keep_row(path, row, lambda new: _write(filing, new, actor, now))
    finally:
        joined.unlink(missing_ok=True)


Looked = tuple[Path, Accepted, dict[str, Any]]


def look(purpose: Purpose, paths: Sequence[Path], names: Sequence[str], joined: Path) -> Looked:
    """Return the bytes to keep, what they are, and what is told of them. Raises BadFile, OutsideFailed."""
    if purpose.kind == SCAN:
        return _look_at_scan(paths, names, joined)
    checks: dict[str, Callable[[Path, str], Accepted]] = {WORD: check_word, EVIDENCE: check_general}
    try:
        seen = checks[purpose.kind](paths[0], names[0])
    except Refused as refused:
        raise BadFile(refused.message, reason=refused.code) from refused
    if seen.media_type == DOC and suffix_of(names[0]) == "docx":
        told = f"「{names[0]}」的内容是旧版 Word 文件（.doc），只是后缀写成了 .docx；已按 .doc 保存。"
        seen = replace(seen, notes=(*seen.notes, told))
    return paths[0], seen, {}


def _look_at_scan(paths: Sequence[Path], names: Sequence[str], joined: Path) -> Looked:
    """Sealed lists bear no code of ours: provinces edit the Word files before they seal them. A person compares."""
    files = [[str(path), name] for path, name in zip(paths, names, strict=True)]
    read = json.loads(run_outside("scan", {"files": files, "joined": str(joined), "keys": {}}))
    pages, red = len(read["pages"]), bool(read["red"])
    path = joined if read["joined"] else paths[0]
    return path, Accepted(_PDF, ".pdf"), {"pages": pages, "red": red}


def _same(filing: Filing, row: StoredFile) -> StoredFile | None:
    there = filing_files(filing).get(row.purpose)
    return there if there is not None and there.sha256 == row.sha256 else None


def _write(filing: Filing, row: StoredFile, actor: Account, now: datetime) -> StoredFile:
    with transaction.atomic():
        locked = hold_filing(filing, actor, now=now)
        locked.require_editable()
        same = _same(filing, row)
        if same is not None:
            return same
        take_place(row, now)
        locked.note(
            "upload_filing_file", purpose=row.purpose, serial=row.serial, sha256=row.sha256, about=row.official_name
        )
    return row


def remove_filing_file(*, filing: Filing, purpose: str, actor: Account, now: datetime) -> None:
    """Take the current file back; it is kept among the versions. Raises NotYours, WrongState."""
    wanted = purpose_of(filing, purpose)
    with transaction.atomic():
        locked = hold_filing(filing, actor, now=now)
        locked.require_editable()
        row = filing_files(filing).get(wanted.name)
        if row is None:
            raise WrongState("没有可以撤下的文件，请刷新页面查看。")
        StoredFile.objects.filter(pk=row.pk).update(superseded_at=now)
        locked.note("remove_filing_file", purpose=row.purpose, serial=row.serial, about=row.official_name)
