"""The printed report and the stamped scan that comes back: bound to one version, checked page by page."""

import base64
import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

from guanshu.portal import clock
from guanshu.portal.access import reports
from guanshu.portal.domain import vault
from guanshu.portal.domain.files import keep_file
from guanshu.portal.domain.making import make_and_keep
from guanshu.portal.domain.naming import official_name, shown_name
from guanshu.portal.domain.outside import Told, run_outside
from guanshu.portal.domain.reporting.noting import note
from guanshu.portal.models import Account, QuestionnaireVersion, Report, ReportVersion, StampedScan, StoredFile
from guanshu.portal.problems import BadFile, NotYours, WrongState
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.standing import actor_of, concerns, stand
from guanshu.portal.queries.stored import decrypt_table
from guanshu.survey.documents.report_pdf import SIGNED_PAGES
from guanshu.survey.intake.scancheck import Code, ScanVerdict, check_scan
from guanshu.survey.intake.verdict import Accepted, Refused
from guanshu.survey.workflow.actions import Action, Actor
from guanshu.survey.workflow.scanning import ScanPages
from guanshu.survey.workflow.snapshot import report_code

_NOT_STAMPED = "上传的就是系统生成的 PDF，还没有盖章；请打印、签字、盖章，扫描后再上传（电子签章请先完成签章）。"
_NOBODY = "盖章扫描件由本馆的填报人或审核人上传。"
_NOT_REVIEWER = "没有读出的页由本馆审核人逐页核对并确认。"
_ORDERED = "系统已将扫描件按页码排好、转正，合成一个 PDF。"
OUTDATED = "上传期间报表产生了新的版本，这份扫描件没有接收；请重新打印、盖章后上传。"


def version_pdf(version: ReportVersion) -> bytes:
    """Return the PDF of a frozen version, made in a process of its own if it is not kept yet. Raises OutsideFailed."""
    path = pdf_path(version)
    if path.is_file():
        return path.read_bytes()
    given = _printed(version)
    give_back_connection()
    return _print(path, given)


def print_ahead(version: ReportVersion, pool: Executor) -> Future[bytes]:
    """Begin to make a version's PDF in a thread of the pool, which needs no connection; `version_pdf` then finds it."""
    return pool.submit(_print, pdf_path(version), _printed(version))


def _print(path: Path, given: Mapping[str, Any]) -> bytes:
    return make_and_keep(path, "report", given)


def pdf_path(version: ReportVersion) -> Path:
    """Return where a version's PDF is kept."""
    return Path(str(settings.GUANSHU_VERSIONS)) / f"{version}-{version.content_hash[:16]}.pdf"


def _printed(version: ReportVersion) -> dict[str, Any]:
    """Return what the printer needs: the snapshot in the clear, and what was attached when it was frozen."""
    report = reports().get(pk=version.report_id)
    found = form(report.questionnaire_id)
    snapshot = version.snapshot
    tables = {name: decrypt_table(data, name, report.number, found) for name, data in snapshot["tables"].items()}
    questionnaire = found.compiled.questionnaire
    role = questionnaire.cells.get(questionnaire.roles.get("name", ""))
    name = tables.get(role.table, {}).get("cells", {}).get(role.name) if role is not None else None
    archive = QuestionnaireVersion.objects.values_list("archive", flat=True).get(pk=report.questionnaire_id)
    key_id, key = next(iter(settings.GUANSHU_PAGE_KEYS.items()))
    return {
        "questionnaire": base64.b64encode(bytes(archive)).decode(),
        "document": {**snapshot, "tables": tables},
        "content_hash": version.content_hash,
        "name": name if isinstance(name, str) else report.museum.name,
        "year": report.campaign.year,
        "code": report_code(report.number, version.number),
        "made_at": version.made_at.isoformat(),
        "attachments": _attachments(version),
        "key_id": key_id,
        "key": key,
        "site": settings.GUANSHU_SITE_URL,
    }


def _attachments(version: ReportVersion) -> list[dict[str, Any]]:
    """Return 打印时的附件: the files that were current when the version was frozen."""
    later = Q(superseded_at=None) | Q(superseded_at__gt=version.made_at)
    found = StoredFile.objects.filter(later, report=version.report_id, uploaded_at__lte=version.made_at)
    found = found.exclude(purpose__startswith="-").order_by("purpose", "serial")
    return [
        {"cell": file.purpose, "name": file.official_name, "size": file.size, "sha256": file.sha256} for file in found
    ]


def store_scan(
    *, report: Report, uploads: "Sequence[UploadedFile[bytes]]", actor: Account, now: datetime
) -> StampedScan:
    """Keep a scan of the stamped paper: one PDF, or JPG/PNG pages joined into one.

    It is bound to the version that is waiting for its stamp; earlier scans are superseded. The caller waits for the
    check; what comes from browsers goes by `scanholding.hold_scan`. Raises NotYours, WrongState, BadFile with the
    sentence of the check, OutsideFailed; nothing is kept then.
    """
    report = reports().get(pk=report.pk)
    version = waiting_version(report, actor, now)
    give_back_connection()
    with received(uploads, version) as files, read_scan(files, version) as read:
        return keep_scan(version, files, read, actor=actor, now=now)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of an upload: where its bytes are, and what the person called it."""

    path: Path
    name: str


@contextmanager
def received(uploads: "Sequence[UploadedFile[bytes]]", version: ReportVersion) -> Iterator[Sequence[Sheet]]:
    """Yield the files of an upload, looked at by the virus scanner. Raises BadFile for none and for our own print."""
    if not uploads:
        raise BadFile("没有收到文件，请选择盖章扫描件后上传。", reason="empty")
    with ExitStack() as stack:
        files = [Sheet(stack.enter_context(vault.arrived(each)), shown_name(each.name or "")) for each in uploads]
        _refuse_own_print([file.path for file in files], version)
        yield files


def waiting_version(report: Report, actor: Account, now: datetime) -> ReportVersion:
    """Return the version whose stamp the report waits for. Raises NotYours, WrongState: no scan of it may come now."""
    role = actor_of(actor)
    if role is None or actor.museum_id is None or not concerns(actor, report):
        raise NotYours(_NOBODY)
    refused = stand(report, clock.today(now)).refusal(Action.UPLOAD_STAMP, role)
    if refused:
        raise WrongState(refused)
    return ReportVersion.objects.select_related("report").get(report=report, number=report.version)


def _refuse_own_print(paths: Sequence[Path], version: ReportVersion) -> None:
    printed = pdf_path(version)
    if len(paths) != 1 or not printed.is_file() or printed.stat().st_size != paths[0].stat().st_size:
        return
    if vault.digest(printed) == vault.digest(paths[0]):
        raise BadFile(_NOT_STAMPED, reason="not_stamped")


@dataclass(frozen=True, slots=True)
class CheckedScan:
    """A scan that may be kept: the one PDF it is, and what the check said of its pages."""

    path: Path
    verdict: ScanVerdict


@contextmanager
def read_scan(files: Sequence[Sheet], version: ReportVersion, told: Told | None = None) -> Iterator[CheckedScan]:
    """Read all pages of a scan and yield it checked, in order; what was written for it is gone unless it was kept.

    told: hears how many pages of how many are read. Raises BadFile with the sentence of the check, OutsideFailed.
    """
    name = uuid.uuid4().hex
    joined, ordered = vault.incoming() / f"{name}.joined", vault.incoming() / f"{name}.ordered"
    given = {
        "files": [[str(file.path), file.name] for file in files],
        "joined": str(joined),
        "keys": dict(settings.GUANSHU_PAGE_KEYS),
    }
    try:
        read = json.loads(run_outside("scan", given, told=told))
        source = CheckedScan(joined if read["joined"] else files[0].path, _judge(read, version))
        yield _in_order(source, read, version, ordered)
    finally:
        joined.unlink(missing_ok=True)
        ordered.unlink(missing_ok=True)


def _in_order(scan: CheckedScan, read: Mapping[str, Any], version: ReportVersion, target: Path) -> CheckedScan:
    """Return the scan with its sheets in the report's order and upright, written to `target` where that changes it."""
    sheets = [
        [[code["page"] for code in codes], turned] for codes, turned in zip(read["pages"], read["turned"], strict=True)
    ]
    numbers = [pages for pages, _ in sheets]
    if all(numbers) and numbers == sorted(numbers) and not any(turned for _, turned in sheets):
        return scan
    total = next((code["pages"] for codes in read["pages"] for code in codes), 0)
    given = {"source": str(scan.path), "sheets": sheets, "total": total, "target": str(target)}
    done = json.loads(run_outside("scan_in_order", given))
    if not done["changed"]:
        return scan
    # The sentences name sheets by their places: those of the file that is kept.
    verdict = _judge({**read, "pages": [read["pages"][place] for place in done["order"]]}, version)
    return CheckedScan(target, replace(verdict, notes=(*verdict.notes, _ORDERED)))


def _judge(read: Mapping[str, Any], version: ReportVersion) -> ScanVerdict:
    """Return what the codes that were read say. Raises BadFile with the sentence of the check."""
    codes = [
        [Code(each["report"], each["page"], each["pages"], each["data"]) for each in page] for page in read["pages"]
    ]
    try:
        return check_scan(
            codes,
            report=version.report.number,
            version=version.number,
            content_hash=version.content_hash,
            red=read["red"],
            needed=SIGNED_PAGES if version.report.campaign.scan_pages == ScanPages.SIGNED.value else None,
        )
    except Refused as refused:
        raise BadFile(refused.message, reason=refused.code) from refused


def keep_scan(
    version: ReportVersion,
    files: Sequence[Sheet],
    read: CheckedScan,
    *,
    actor: Account,
    now: datetime,
    settle: Callable[[], None] | None = None,
) -> StampedScan:
    """Keep a checked scan in place of earlier ones; the same bytes again change nothing.

    settle: called in the transaction that keeps it, under the report's lock; what it raises keeps nothing. Raises
    WrongState when the report does not wait for this version's stamp any more.
    """
    report = reports().get(pk=version.report_id)
    same = StampedScan.objects.filter(version=version, superseded_at=None, file__sha256=vault.digest(read.path)).first()
    if same is not None:
        if settle is not None:
            settle()
        return same

    def bind(row: StoredFile) -> None:
        if settle is not None:
            settle()
        _bind(version, row, read.verdict, now)

    questionnaire = form(report.questionnaire_id).compiled.questionnaire
    name = files[0].name
    file = keep_file(
        report,
        StoredFile.STAMP,
        read.path,
        actor=actor,
        now=now,
        official=official_name(report, questionnaire, StoredFile.STAMP, ".pdf"),
        uploaded=name if len(files) == 1 else f"{name} 等 {len(files)} 个文件",
        seen=Accepted("application/pdf", ".pdf", notes=read.verdict.notes),
        bind=bind,
    )
    return StampedScan.objects.select_related("file", "version__report").get(file=file)


def _bind(version: ReportVersion, file: StoredFile, verdict: ScanVerdict, now: datetime) -> None:
    """Write the scan's row; the caller's transaction holds the lock on the report's row since the file was kept."""
    current = Report.objects.values_list("version", flat=True).get(pk=version.report_id)
    if current != version.number:
        raise WrongState(OUTDATED)
    others = StampedScan.objects.filter(version__report=version.report_id, superseded_at=None)
    others.update(superseded_at=now)
    StampedScan.objects.create(
        version=version,
        file=file,
        pages=[
            {"page": place, "code": "、".join(map(str, page.pages)), "problem": page.problem}
            for place, page in enumerate(verdict.pages, 1)
        ],
        problems=list(verdict.problems),
    )


def confirm_scan(*, scan: StampedScan, actor: Account, now: datetime) -> StampedScan:
    """Note that the reviewer has compared by eye what the codes could not tell. Raises NotYours, WrongState."""
    report = reports().get(pk=scan.version.report_id)
    if actor_of(actor) is not Actor.REVIEWER:
        raise NotYours(_NOT_REVIEWER)
    with transaction.atomic():
        report = reports().select_for_update(of=("self",), no_key=True).get(pk=report.pk)
        version = waiting_version(report, actor, now)
        scan = StampedScan.objects.select_related("version", "file").get(pk=scan.pk)
        if scan.superseded_at is not None or scan.version_id != version.pk:
            raise WrongState("这份扫描件已被新的扫描件代替，请刷新页面查看。")
        if scan.confirmed_at is None and scan.problems:
            scan.confirmed_by, scan.confirmed_at = actor.username, now
            scan.save(update_fields=["confirmed_by", "confirmed_at"])
            details = {"version": version.number, "serial": scan.file.serial, "problems": len(scan.problems)}
            note(report, actor=actor.username, role=actor.role, action="confirm_scan", now=now, **details)
    return scan
