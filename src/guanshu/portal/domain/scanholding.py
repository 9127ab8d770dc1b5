"""An uploaded scan is received and held durably; a job checks it and keeps or refuses it."""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from guanshu.portal import clock
from guanshu.portal.access import reports
from guanshu.portal.domain import vault
from guanshu.portal.domain.jobs import Progress, job, start_job
from guanshu.portal.domain.outside import run_outside
from guanshu.portal.domain.stamping import OUTDATED, Sheet, keep_scan, read_scan, received, waiting_version
from guanshu.portal.models import Account, HeldFile, HeldScan, HeldState, Job, JobState, Report, ReportVersion
from guanshu.portal.problems import BadFile, WrongState
from guanshu.portal.queries.connections import give_back_connection

KIND = "scan"
_LOST = "上传的文件已不在系统中，没有核对；请重新上传。"
_NOTHING_FAILED = "没有需要重新核对的扫描件，请刷新页面查看。"


class _GivenUp(Exception):  # noqa: N818 - nothing is wrong
    """A later upload has taken the place of the one that is being checked."""


def hold_scan(*, report: Report, uploads: "Sequence[UploadedFile[bytes]]", actor: Account, now: datetime) -> HeldScan:
    """Receive a scan (one PDF, or JPG/PNG pages) for the version that waits for its stamp, and ask for its check.

    What can be told without reading the pages is refused here. An upload that is still being checked is given up for
    this one; the same files again are the same upload. Raises NotYours, WrongState, BadFile with a sentence,
    OutsideFailed; nothing is kept then.
    """
    report = reports().get(pk=report.pk)
    version = waiting_version(report, actor, now)
    give_back_connection()
    with received(uploads, version) as files:
        pages = json.loads(run_outside("glance", {"files": [[str(file.path), file.name] for file in files]}))
        return _hold(version, files, int(pages), actor, now)


def _hold(version: ReportVersion, files: Sequence[Sheet], pages: int, actor: Account, now: datetime) -> HeldScan:
    rows = [
        HeldFile(place=place, name=file.name, size=file.path.stat().st_size, sha256=vault.digest(file.path))
        for place, file in enumerate(files)
    ]
    held: HeldScan | None = None
    try:
        for file, row in zip(files, rows, strict=True):
            vault.keep(file.path, row.pk)
        held = _write(version, rows, pages, actor, now)
    finally:
        # The bytes are there before the rows; a kill in between leaves orphans, which `vault.sweep` removes.
        kept = set() if held is None else {file.pk for file in held.files.all()}
        for row in rows:
            if row.pk not in kept:
                vault.discard(row.pk)
    if held.replaces is not None:
        _let_go(held.replaces)
    return held


def _write(version: ReportVersion, rows: Sequence[HeldFile], pages: int, actor: Account, now: datetime) -> HeldScan:
    with transaction.atomic():
        report = _locked(version)
        if waiting_version(report, actor, now).pk != version.pk:
            raise WrongState(OUTDATED)
        before = HeldScan.objects.filter(report=report, state=HeldState.CHECKING.value).select_related("job").first()
        if before is not None:
            if _is_same(before, version, rows):
                return before
            before.state, before.ended_at = HeldState.REPLACED.value, now
            before.save(update_fields=["state", "ended_at"])
        name = uuid.uuid4()
        work = start_job(kind=KIND, key=str(name), actor=actor, arguments={"pages": pages}, now=now, urgent=True)
        held = HeldScan.objects.create(
            id=name,
            report=report,
            version=version,
            job=work,
            replaces=before,
            uploaded_by=actor.username,
            uploaded_at=now,
        )
        for row in rows:
            row.held = held
        HeldFile.objects.bulk_create(rows)
    return held


def _is_same(before: HeldScan, version: ReportVersion, rows: Sequence[HeldFile]) -> bool:
    sent = [row.sha256 for row in rows]
    there = list(before.files.order_by("place").values_list("sha256", flat=True))
    return before.version_id == version.pk and there == sent and before.job.state != JobState.FAILED.value


def _locked(version: ReportVersion) -> Report:
    return reports().select_for_update(of=("self",), no_key=True).get(pk=version.report_id)


def _let_go(held: HeldScan) -> None:
    """Remove the bytes of an upload that has come to its end; what a kill leaves here, `vault.sweep` removes."""
    for file in held.files.all():
        vault.discard(file.pk)


def check_again(*, report: Report, actor: Account, now: datetime) -> HeldScan:
    """Ask once more for the check of the held upload whose check failed. Raises NotYours, WrongState."""
    with transaction.atomic():
        locked = reports().select_for_update(of=("self",), no_key=True).get(pk=report.pk)
        waiting_version(locked, actor, now)
        found = HeldScan.objects.filter(report=locked, state=HeldState.CHECKING.value, job__state=JobState.FAILED.value)
        held = found.select_related("job").first()
        if held is None:
            raise WrongState(_NOTHING_FAILED)
        start_job(kind=KIND, key=str(held.pk), actor=actor, arguments=held.job.arguments, now=now, urgent=True)
    return held


@job(KIND)
def check_held(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Check the upload a job is about and keep or refuse it. Done again after a kill it finds what had become of it."""
    held = HeldScan.objects.select_related("version__report", "report").get(pk=uuid.UUID(job.key))
    if held.state == HeldState.CHECKING.value:
        with suppress(_GivenUp):
            _keep_or_refuse(held, _telling(held, progress))
    held.refresh_from_db()
    if held.state != HeldState.CHECKING.value:
        _let_go(held)
    return {"state": held.state}


def _keep_or_refuse(held: HeldScan, told: Callable[[int, int], None]) -> None:
    try:
        _check(held, told)
    except (BadFile, WrongState) as problem:
        _end(held, HeldState.REFUSED, problem.message)


def _telling(held: HeldScan, progress: Progress) -> Callable[[int, int], None]:
    """Return what hears of each page; a check that is of no use any more ends there."""

    def told(done: int, pages: int) -> None:
        if not HeldScan.objects.filter(pk=held.pk, state=HeldState.CHECKING.value).exists():
            raise _GivenUp
        at = min(done + 1, pages)
        progress(done, pages, f"正在核对第 {at} / {pages} 页" if done < pages else "全部页已读出，正在比对")

    return told


def _check(held: HeldScan, told: Callable[[int, int], None]) -> None:
    current = Report.objects.values_list("version", flat=True).get(pk=held.report_id)
    if current != held.version.number:
        raise WrongState(OUTDATED)
    told(0, held.job.arguments["pages"])
    actor = Account.objects.get(username=held.uploaded_by)
    with ExitStack() as stack:
        try:
            rows = held.files.order_by("place")
            files = [Sheet(stack.enter_context(vault.lent(row.pk)), row.name) for row in rows]
        except FileNotFoundError as error:
            raise BadFile(_LOST, reason="lost") from error
        read = stack.enter_context(read_scan(files, held.version, told))
        keep_scan(
            held.version,
            files,
            read,
            actor=actor,
            now=clock.now(),
            settle=lambda: _end(held, HeldState.ACCEPTED),
        )


def _end(held: HeldScan, state: HeldState, message: str = "") -> None:
    """Write what became of an upload, once. Raises _GivenUp when a later one has taken its place."""
    still = HeldScan.objects.filter(pk=held.pk, state=HeldState.CHECKING.value)
    if not still.update(state=state.value, message=message, ended_at=clock.now()):
        raise _GivenUp
