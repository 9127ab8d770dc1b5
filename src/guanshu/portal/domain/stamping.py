"""The printed report and the stamped scan that comes back: bound to one version, checked page by page."""

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import ExitStack
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
from guanshu.portal.domain.outside import run_outside
from guanshu.portal.domain.reporting.noting import note
from guanshu.portal.models import Account, QuestionnaireVersion, Report, ReportVersion, StampedScan, StoredFile
from guanshu.portal.problems import BadFile, NotYours, WrongState
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.standing import actor_of, concerns, stand
from guanshu.portal.queries.stored import decrypt_table
from guanshu.survey.intake.scancheck import Code, ScanVerdict, check_scan
from guanshu.survey.intake.verdict import Accepted, Refused
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.snapshot import report_code

_NOT_STAMPED = "上传的就是系统生成的 PDF，还没有盖章；请打印、签字、盖章，扫描后再上传（电子签章请先完成签章）。"
_NOBODY = "盖章扫描件由本馆的填报人或审核人上传。"


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

    It is bound to the version that is waiting for its stamp; earlier scans are superseded. Raises NotYours, WrongState,
    BadFile with the sentence of the check, OutsideFailed; nothing is kept then.
    """
    report = reports().get(pk=report.pk)
    version = _waiting_version(report, actor, now)
    if not uploads:
        raise BadFile("没有收到文件，请选择盖章扫描件后上传。", reason="empty")
    joined = vault.incoming() / f"{uuid.uuid4().hex}.joined"
    give_back_connection()
    try:
        with ExitStack() as stack:
            paths = [stack.enter_context(vault.arrived(upload)) for upload in uploads]
            names = [shown_name(upload.name or "") for upload in uploads]
            _refuse_own_print(paths, version)
            verdict, was_joined = _read(paths, names, joined, version)
            kept = joined if was_joined else paths[0]
            return _keep_scan(version, kept, names, verdict, actor=actor, now=now)
    finally:
        joined.unlink(missing_ok=True)


def _waiting_version(report: Report, actor: Account, now: datetime) -> ReportVersion:
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


def _read(
    paths: Sequence[Path], names: Sequence[str], joined: Path, version: ReportVersion
) -> tuple[ScanVerdict, bool]:
    given = {
        "files": [[str(path), name] for path, name in zip(paths, names, strict=True)],
        "joined": str(joined),
        "keys": dict(settings.GUANSHU_PAGE_KEYS),
    }
    read = json.loads(run_outside("scan", given))
    codes = [
        [Code(each["report"], each["page"], each["pages"], each["data"]) for each in page] for page in read["pages"]
    ]
    try:
        verdict = check_scan(
            codes,
            report=version.report.number,
            version=version.number,
            content_hash=version.content_hash,
            red=bool(read["red"]),
        )
    except Refused as refused:
        raise BadFile(refused.message, reason=refused.code) from refused
    return verdict, bool(read["joined"])


def _keep_scan(
    version: ReportVersion, path: Path, names: Sequence[str], verdict: ScanVerdict, *, actor: Account, now: datetime
) -> StampedScan:
    report = reports().get(pk=version.report_id)
    questionnaire = form(report.questionnaire_id).compiled.questionnaire
    uploaded = names[0] if len(names) == 1 else f"{names[0]} 等 {len(names)} 个文件"
    same = StampedScan.objects.filter(version=version, superseded_at=None, file__sha256=vault.digest(path)).first()
    if same is not None:
        return same
    file = keep_file(
        report,
        StoredFile.STAMP,
        path,
        actor=actor,
        now=now,
        official=official_name(report, questionnaire, StoredFile.STAMP, ".pdf"),
        uploaded=uploaded,
        seen=Accepted("application/pdf", ".pdf", notes=verdict.notes),
        bind=lambda row: _bind(version, row, verdict, now),
    )
    return StampedScan.objects.select_related("file", "version__report").get(file=file)


def _bind(version: ReportVersion, file: StoredFile, verdict: ScanVerdict, now: datetime) -> None:
    """Write the scan's row; the caller's transaction holds the lock on the report's row since the file was kept."""
    current = Report.objects.values_list("version", flat=True).get(pk=version.report_id)
    if current != version.number:
        raise WrongState("上传期间报表产生了新的版本，这份扫描件没有接收；请重新打印、盖章后上传。")
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
    """Note that the actor has compared by eye what the codes could not tell. Raises NotYours, WrongState."""
    report = reports().get(pk=scan.version.report_id)
    with transaction.atomic():
        report = reports().select_for_update(of=("self",), no_key=True).get(pk=report.pk)
        version = _waiting_version(report, actor, now)
        scan = StampedScan.objects.select_related("version", "file").get(pk=scan.pk)
        if scan.superseded_at is not None or scan.version_id != version.pk:
            raise WrongState("这份扫描件已被新的扫描件代替，请刷新页面查看。")
        if scan.confirmed_at is None and scan.problems:
            scan.confirmed_by, scan.confirmed_at = actor.username, now
            scan.save(update_fields=["confirmed_by", "confirmed_at"])
            details = {"version": version.number, "serial": scan.file.serial, "problems": len(scan.problems)}
            note(report, actor=actor.username, role=actor.role, action="confirm_scan", now=now, **details)
    return scan
