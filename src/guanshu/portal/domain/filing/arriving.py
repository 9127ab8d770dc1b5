"""A province's own archive: looked at in a process of its own, matched item by item, its documents kept like others.

What is matched becomes the current file of its item, so that scans are compared, previewed and watched for changes
just as if they had been uploaded one by one; what is handed in is the archive itself.
"""

import json
import re
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from guanshu.portal.domain import vault
from guanshu.portal.domain.exporting import make_workbook
from guanshu.portal.domain.filing.files import keep_arrived, purpose_of
from guanshu.portal.domain.filing.freezing import keep_version
from guanshu.portal.domain.filing.holding import check_editable, hold_filing
from guanshu.portal.domain.filing.packing import write_package
from guanshu.portal.domain.filing.purposes import package_name
from guanshu.portal.domain.keeping import keep_row, new_row
from guanshu.portal.domain.naming import shown_name
from guanshu.portal.domain.outside import run_outside
from guanshu.portal.models import Account, Filing, Package, PackageSource, StoredFile
from guanshu.portal.problems import BadFile, Unusable, WrongState
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.queries.exports import Scope
from guanshu.portal.queries.files import path_of
from guanshu.portal.queries.filingbasis import Basis, export_basis, whole_basis
from guanshu.portal.queries.filingitems import EXCEL, PACKAGE, items
from guanshu.portal.queries.filings import OpenFiling, open_filing
from guanshu.portal.queries.packages import Slot, slots
from guanshu.survey.intake.verdict import Accepted

_TYPES = {"zip": "application/zip", "rar": "application/vnd.rar", "7z": "application/x-7z-compressed"}
_MAGIC = {b"PK": "zip", b"Ra": "rar", b"7z": "7z"}
_CHANGED = "核对期间内容有变动，没有接收。请刷新页面后重新上传。"
_GONE = "这份材料包已上报或已有更新的一份，请刷新页面查看。"
Line = dict[str, Any]


def receive_package(*, filing: Filing, upload: "UploadedFile[bytes]", actor: Account, now: datetime) -> Package:
    """Take a province's own zip, rar or 7z, and return it with what was found in it.

    What is missing or wrong is told in its manifest and keeps it from being handed in. Raises NotYours, WrongState,
    BadFile for an archive that cannot be taken as a whole, OutsideFailed; nothing is kept then.
    """
    check_editable(filing, actor, now)
    opened = open_filing(filing)
    name = shown_name(upload.name or "")
    with vault.arrived(upload) as path, _folder() as folder:
        wanted, expected = slots(opened), folder / "expected.xlsx"
        if any(slot.purpose == EXCEL for slot in wanted):
            expected.write_bytes(make_workbook(Scope(filing.campaign, filing.province, free=True), now).data)
        give_back_connection()
        lines = _look(path, name, opened, expected if expected.exists() else None, folder)
        _adopt(filing, lines, folder, actor=actor, now=now)
        kind = _kind(path)
        seen = Accepted(_TYPES[kind], f".{kind}")
        official = package_name(filing, seen.suffix)
        row = new_row(filing, PACKAGE, path, official=official, uploaded=name, seen=seen, actor=actor, now=now)
        basis = whole_basis(open_filing(filing))
        kept = keep_row(path, row, lambda new: _write(new, basis, lines, actor, now))
    return Package.objects.select_related("file").get(file=kept)


@contextmanager
def _folder() -> Iterator[Path]:
    """Yield a folder among the arrivals for what is taken out; it is gone afterwards."""
    place = vault.incoming() / f"{uuid.uuid4().hex}.opened"
    place.mkdir(mode=0o700)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        return _MAGIC[file.read(2)]


def _look(path: Path, name: str, opened: OpenFiling, expected: Path | None, folder: Path) -> list[Line]:
    given = {
        "path": str(path),
        "name": name,
        "wanted": [_wanted(slot, opened) for slot in slots(opened)],
        "expected": str(expected) if expected is not None else "",
        "keep": str(folder),
    }
    labels = {slot.purpose: slot.label for slot in slots(opened)}
    found: list[Line] = json.loads(run_outside("package", given))
    same = export_basis(opened.filing, free=True).digest
    return [{**line, "label": labels.get(line["item"], ""), "content": _content(line, same)} for line in found]


def _content(line: Line, same: str) -> str:
    """Return what a workbook without a difference has in common with the system's own; other files have their hash."""
    return same if line["item"] == EXCEL and not line["problem"] else ""


def _wanted(slot: Slot, opened: OpenFiling) -> dict[str, str]:
    known = items(opened.filing, opened.compiled.questionnaire)
    item = next((each for each in known if slot.purpose in {each.word, each.scan}), None)
    if item is None:
        return {"item": slot.purpose, "label": slot.label, "title": slot.title, "short": slot.title, "kind": slot.kind}
    short = item.table.title if item.table is not None else item.label
    return {"item": slot.purpose, "label": item.label, "title": item.title, "short": short, "kind": slot.kind}


def _adopt(filing: Filing, lines: Sequence[Line], folder: Path, *, actor: Account, now: datetime) -> None:
    """Keep what is matched as the current files of their items; what cannot be kept is told in its line."""
    for purpose in dict.fromkeys(line["item"] for line in lines if line["fits"] in {"word", "scan"} and line["item"]):
        own = sorted((line for line in lines if line["item"] == purpose), key=lambda line: _natural(line["name"]))
        if any(line["problem"] for line in own):
            continue
        try:
            keep_arrived(
                filing=filing,
                purpose=purpose_of(filing, purpose),
                paths=[folder / str(line["place"]) for line in own],
                names=[shown_name(line["name"]) for line in own],
                actor=actor,
                now=now,
            )
        except BadFile as problem:
            own[0]["problem"] = problem.message


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key under which page 2 comes before page 10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"([0-9]+)", name)]


def _write(row: StoredFile, basis: Basis, lines: list[Line], actor: Account, now: datetime) -> StoredFile:
    filing = row.filing
    assert filing is not None  # noqa: S101
    with transaction.atomic():
        locked = hold_filing(filing, actor, now=now)
        locked.require_editable()
        if whole_basis(open_filing(locked.filing)).digest != basis.digest:
            raise WrongState(_CHANGED)
        lists = keep_version(locked.filing, by=actor.username, now=now).number
        package = write_package(row, PackageSource.UPLOADED, basis, lines, now)
        about = f"第 {package.serial} 份材料包"
        locked.note("receive_package", package=package.serial, lists=lists, sha256=row.sha256, about=about)
    return row


def assign_member(*, filing: Filing, serial: int, name: str, item: str, actor: Account, now: datetime) -> Package:
    """Say which item an unclear member of the newest own package is; it is kept as that item's file.

    Raises NotYours, WrongState, Unusable for a member or an item that does not fit, BadFile, OutsideFailed.
    """
    check_editable(filing, actor, now)
    package, line = _unclear(filing, serial, name)
    slot = next((each for each in slots(open_filing(filing)) if each.purpose == item), None)
    if slot is None or slot.kind != line["fits"]:
        raise Unusable
    with _folder() as folder:
        target = folder / "member"
        source = path_of(package.file)
        given = {"path": source, "name": package.file.uploaded_name, "place": line["place"], "target": str(target)}
        give_back_connection()
        run_outside("member", given)
        purpose = purpose_of(filing, item)
        keep_arrived(filing=filing, purpose=purpose, paths=[target], names=[shown_name(name)], actor=actor, now=now)
    with transaction.atomic():
        locked = hold_filing(filing, actor, now=now)
        locked.require_editable()
        package, line = _unclear(filing, serial, name)
        line.update(item=item, label=slot.label, problem="", note=f"由 {actor.username} 指定")
        basis = whole_basis(open_filing(locked.filing))
        package.basis, package.parts = basis.digest, basis.parts
        package.save(update_fields=["basis", "parts", "manifest"])
        locked.note("assign_member", package=serial, item=item, about=f"「{name}」为「{slot.label}」")
    return package


def _unclear(filing: Filing, serial: int, name: str) -> tuple[Package, Line]:
    newest = Package.objects.filter(filing=filing).select_related("file").order_by("-serial").first()
    if newest is None or newest.serial != serial or newest.submitted_at is not None:
        raise WrongState(_GONE)
    lines: list[Line] = newest.manifest
    line = next((each for each in lines if each["name"] == name and not each["item"] and each.get("fits")), None)
    if newest.source != PackageSource.UPLOADED.value or line is None:
        raise Unusable
    return newest, line
