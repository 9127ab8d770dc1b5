"""One button builds the package: Word files, sealed scans, the workbook, a manifest and a README in one zip."""

import csv
import hashlib
import io
import uuid
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localtime

from guanshu.portal import clock
from guanshu.portal.access import filings
from guanshu.portal.domain import vault
from guanshu.portal.domain.exporting import make_workbook
from guanshu.portal.domain.filing.freezing import keep_version
from guanshu.portal.domain.filing.holding import check_editable, hold_filing
from guanshu.portal.domain.filing.purposes import package_name
from guanshu.portal.domain.jobs import Progress, job, start_job
from guanshu.portal.domain.keeping import keep_row, new_row, take_place
from guanshu.portal.models import Account, Filing, Job, JobState, Package, PackageSource, StoredFile
from guanshu.portal.problems import NotReady, WrongState
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.queries.exports import Scope
from guanshu.portal.queries.files import key_of
from guanshu.portal.queries.filingbasis import Basis, export_basis, museum_parts, whole_basis
from guanshu.portal.queries.filingcheck import asked_items, checklist, has_free
from guanshu.portal.queries.filingitems import EXCEL, PACKAGE, filing_files, unit_name
from guanshu.portal.queries.filings import OpenFiling, open_filing
from guanshu.survey.intake.verdict import Accepted

KIND = "package"
MANIFEST, README = "manifest.csv", "README.txt"
_CHUNK = 1 << 20
_CHANGED = "打包期间内容有变动，没有生成材料包。请刷新页面，核对后重新生成。"
_HEADINGS = ("文件名", "材料", "大小（字节）", "SHA-256")


def ask_for_package(*, filing: Filing, actor: Account, now: datetime) -> Job:
    """Ask the worker for a package of the filing as it is; the same content asked for twice is one job.

    Raises NotYours, WrongState, NotReady with everything that is left to do.
    """
    with transaction.atomic():
        locked = hold_filing(filing, actor, now=now)
        locked.require_editable()
        opened = _ready(locked.filing)
        made = Package.objects.filter(filing=filing).count()
        key = f"{filing.number}:{made + 1}:{whole_basis(opened).digest[:32]}"
        return start_job(kind=KIND, key=key, actor=actor, arguments={"filing": filing.number}, now=now)


def running_job(filing: Filing) -> Job | None:
    """Return the newest job that builds a package of this filing, unless its package is there."""
    found = Job.objects.filter(kind=KIND, key__startswith=f"{filing.number}:").order_by("-asked_at").first()
    return found if found is not None and found.state != JobState.DONE.value else None


@job(KIND)
def build(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Build the package a job asks for. Done again after a kill it finds the package it had made."""
    filing = filings().get(number=job.arguments["filing"])
    actor = Account.objects.select_related("province").get(username=job.owner)
    return {"package": build_package(filing=filing, actor=actor, now=clock.now(), progress=progress).serial}


def _silent(done: int, total: int, message: str = "") -> None:
    pass


def build_package(*, filing: Filing, actor: Account, now: datetime, progress: Progress = _silent) -> Package:
    """Build the package of the filing as it is and return it; one of the same content that is there already is it.

    Nothing is locked while the files are read: what the package is of is worked out before and, under the lock,
    afterwards; when that differs there is no package. Raises NotYours, WrongState, NotReady.
    """
    check_editable(filing, actor, now)
    opened = _ready(filing)
    basis = whole_basis(opened)
    there = _same(filing, basis)
    if there is not None:
        return there
    path = vault.incoming() / f"{uuid.uuid4().hex}.package"
    try:
        manifest = _write_zip(path, opened, now, progress)
        give_back_connection()
        made = _Made(filing, actor, now, basis, manifest)
        seen = Accepted("application/zip", ".zip")
        name = package_name(filing)
        row = new_row(filing, PACKAGE, path, official=name, uploaded=name, seen=seen, actor=actor, now=now)
        kept = keep_row(path, row, made.write)
        return Package.objects.select_related("file").get(file=kept)
    finally:
        path.unlink(missing_ok=True)


def _ready(filing: Filing) -> OpenFiling:
    opened = open_filing(filing)
    found = checklist(opened)
    if not found.ready:
        raise NotReady(found.problems)
    return opened


def _same(filing: Filing, basis: Basis) -> Package | None:
    newest = Package.objects.filter(filing=filing).select_related("file").order_by("-serial").first()
    fits = newest is not None and newest.source == PackageSource.BUILT.value and newest.basis == basis.digest
    # One that was handed in and came back is not handed in again unchanged by chance: it gets a serial of its own.
    return newest if fits and newest is not None and newest.submitted_at is None else None


@dataclass(frozen=True, slots=True)
class _Made:
    """What is known when the zip is complete."""

    filing: Filing
    actor: Account
    now: datetime
    basis: Basis
    manifest: list[dict[str, Any]]

    def write(self, row: StoredFile) -> StoredFile:
        """Write file and package under the filing's lock, or refuse when anything has changed meanwhile."""
        with transaction.atomic():
            locked = hold_filing(self.filing, self.actor, now=self.now)
            locked.require_editable()
            if whole_basis(open_filing(locked.filing)).digest != self.basis.digest:
                raise WrongState(_CHANGED)
            there = _same(locked.filing, self.basis)
            if there is not None:
                return there.file
            lists = keep_version(locked.filing, by=self.actor.username, now=self.now).number
            package = write_package(row, PackageSource.BUILT, self.basis, self.manifest, self.now)
            about = f"第 {package.serial} 份材料包"
            locked.note("build_package", package=package.serial, lists=lists, sha256=row.sha256, about=about)
        return row


def write_package(
    row: StoredFile, source: PackageSource, basis: Basis, manifest: list[dict[str, Any]], now: datetime
) -> Package:
    """Write the rows of a package and of its file (`row`); the caller holds the lock of the file's filing."""
    filing = row.filing
    assert filing is not None  # noqa: S101
    take_place(row, now)
    last = Package.objects.filter(filing=filing).aggregate(last=Max("serial"))["last"] or 0
    return Package.objects.create(
        filing=filing,
        serial=last + 1,
        source=source.value,
        file=row,
        basis=basis.digest,
        parts=basis.parts,
        manifest=manifest,
        made_by=row.uploaded_by,
        made_at=now,
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """One file that goes into the zip: where its bytes come from, and what it is there."""

    name: str
    item: str
    label: str
    key: str = ""
    data: bytes = b""


def _write_zip(path: Path, opened: OpenFiling, now: datetime, progress: Progress) -> list[dict[str, Any]]:
    sources = list(_documents(opened))
    total = len(sources) + 2
    manifest: list[dict[str, Any]] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as pack:
        for done, source in enumerate(sources):
            progress(done, total, f"正在放入「{source.label}」")
            manifest.append(_put(pack, source, now))
        if has_free(opened):
            progress(len(sources), total, "正在生成免费开放科技馆基础信息（Excel）")
            content = export_basis(opened.filing, free=True).digest
            manifest.append({**_put(pack, _workbook(opened, now), now), "content": content})
        progress(total - 1, total, "正在写入清单")
        for name, data in ((MANIFEST, manifest_csv(manifest)), (README, _readme(opened, manifest, now))):
            manifest.append(_put(pack, _Source(name, "", name, data=data), now))
    progress(total, total, "正在保存")
    return manifest


def _documents(opened: OpenFiling) -> Iterator[_Source]:
    files = filing_files(opened.filing)
    for item in asked_items(opened):
        for purpose, what in ((item.word, "Word 文件"), (item.scan, "盖章扫描件")):
            file = files[purpose]
            yield _Source(file.official_name, purpose, f"{item.label} {what}", key=key_of(file.pk))


def _workbook(opened: OpenFiling, now: datetime) -> _Source:
    made = make_workbook(Scope(opened.filing.campaign, opened.filing.province, free=True), now)
    return _Source(made.name, EXCEL, "免费开放科技馆基础信息", data=made.data)


def _put(pack: zipfile.ZipFile, source: _Source, now: datetime) -> dict[str, Any]:
    """Write one member in pieces and return its line of the manifest."""
    info = zipfile.ZipInfo(source.name, localtime(now).timetuple()[:6])
    # What is packed already does not get smaller.
    stored = source.name.endswith((".pdf", ".docx", ".xlsx"))
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    sha, size = hashlib.sha256(), 0
    with pack.open(info, "w", force_zip64=False) as target:
        for piece in _pieces(source):
            sha.update(piece)
            size += len(piece)
            target.write(piece)
    return {
        "name": source.name,
        "size": size,
        "sha256": sha.hexdigest(),
        "item": source.item,
        "label": source.label,
        "problem": "",
    }


def _pieces(source: _Source) -> Iterator[bytes]:
    if not source.key:
        yield source.data
        return
    with default_storage.open(source.key) as file:
        while piece := file.read(_CHUNK):
            yield piece


def manifest_csv(manifest: list[dict[str, Any]]) -> bytes:
    """Return the list of the files as CSV that Excel opens as it is."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADINGS)
    writer.writerows((each["name"], each["label"], each["size"], each["sha256"]) for each in manifest)
    return text.getvalue().encode("utf-8-sig")


def _readme(opened: OpenFiling, manifest: list[dict[str, Any]], now: datetime) -> bytes:
    filing = opened.filing
    year, unit = filing.campaign.year, unit_name(filing)
    lines = [
        f"{year}年度{unit}科技馆信息上报材料",
        "",
        f"报送单位：{filing.province.name}",
        f"材料编号：{filing.number}",
        f"生成时间：{localtime(now):%Y-%m-%d %H:%M:%S}",
        "",
        "文件清单：",
        *(f"  {place}. {each['name']}（{each['label']}）" for place, each in enumerate(manifest, 1)),
        "",
        *_museum_lines(filing, free=has_free(opened)),
        f"每个文件的大小和 SHA-256 校验值见 {MANIFEST}。校验方法：在 Windows 命令提示符中运行",
        "  certutil -hashfile 文件名 SHA256",
        "所得结果应与清单一致。",
    ]
    # Notepad of every Windows reads this.
    return "\r\n".join(lines).encode("utf-8-sig")


def _museum_lines(filing: Filing, *, free: bool) -> Iterator[str]:
    parts = list(museum_parts(filing).values())
    approved = sum(part["state"] == "approved" for part in parts)
    exempt = sum(part["state"] == "exempt" for part in parts)
    yield f"本省科技馆 {len(parts)} 座：审核通过 {approved} 座，免报 {exempt} 座。"
    recorded = [part for part in parts if part["recorded"]]
    if recorded:
        yield f"未完成 {len(recorded)} 座，已记录原因："
        yield from (f"  {part['name']}：{part['recorded']}" for part in recorded)
    if not free:
        yield "本省本年度没有纳入全国免费开放的科技馆，免费开放名单、自评报告和免费开放科技馆数据表不适用。"
    yield ""
