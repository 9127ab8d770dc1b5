"""Keeping uploaded files: content checked first, bytes on the disk before the row, every version kept."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from guanshu.portal import clock
from guanshu.portal.access import reports
from guanshu.portal.domain import vault
from guanshu.portal.domain.keeping import keep_row, new_row, take_place
from guanshu.portal.domain.naming import official_name, role_of, shown_name
from guanshu.portal.domain.reporting.noting import note, note_begin
from guanshu.portal.models import Account, Report, Role, StoredFile
from guanshu.portal.problems import BadFile, NotYours, WrongState
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.queries.files import current_files, needs_confirmation
from guanshu.portal.queries.reports import OpenReport, open_report
from guanshu.survey.intake.archives import check_archive
from guanshu.survey.intake.general import check_general
from guanshu.survey.intake.verdict import Accepted, Refused
from guanshu.survey.intake.word import check_word
from guanshu.survey.values.base import Kind
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import EDITABLE, State

_CHECKS = {"annual_summary": check_word, "free_report": check_archive}


def store_upload(
    *, report: Report, purpose: str, upload: "UploadedFile[bytes]", actor: Account, now: datetime
) -> StoredFile:
    """Keep a file of the museum (purpose: the file cell's name), of an exemption, or a stamped scan.

    The same bytes uploaded again change nothing. Raises NotYours, WrongState, BadFile; nothing is kept then.
    """
    if purpose == StoredFile.STAMP:
        from guanshu.portal.domain.stamping import store_scan

        return store_scan(report=report, uploads=[upload], actor=actor, now=now).file
    opened = open_report(report)
    check_allowed(opened, purpose, actor, now)
    # Looking into a large archive takes seconds: nobody else's connection is held meanwhile.
    give_back_connection()
    with vault.arrived(upload) as path:
        accepted = _look(opened, purpose, path, shown_name(upload.name or ""))
        name = official_name(opened.report, opened.compiled.questionnaire, purpose, accepted.suffix)
        return keep_file(
            opened.report, purpose, path, actor=actor, now=now, official=name, uploaded=upload.name or "", seen=accepted
        )


def check_allowed(opened: OpenReport, purpose: str, actor: Account, now: datetime) -> None:
    """Raise NotYours or WrongState unless the actor may upload, confirm or remove a file of this purpose now."""
    report = opened.report
    if purpose == StoredFile.EXEMPTION:
        if actor.role != Role.PROVINCE.value or actor.province_id != report.museum.province_id or not actor.is_active:
            raise NotYours("免报说明由本省的省级科协管理员上传。")
        return
    if actor.role != Role.FILLER.value or actor.museum_id != report.museum_id or not actor.is_active:
        raise NotYours("只有本馆填报人的账号可以上传和更换报表的附件。")
    cell = opened.compiled.questionnaire.cells.get(purpose)
    if cell is None or cell.type.kind is not Kind.FILE:
        raise NotYours("报表中没有这一项附件。")
    _check_open(report, now)
    if {cell.name, cell.table} & opened.evaluation.hidden:
        raise WrongState(f"按照其他各项的填写情况，本馆不需要上传「{cell.label}」。")


def _check_open(report: Report, now: datetime) -> None:
    campaign = report.campaign
    if campaign.closed:
        raise WrongState(f"{campaign.year} 年度的填报已经结束，附件不能再更换。")
    if clock.today(now) < campaign.opens_on:
        raise WrongState(f"{campaign.year} 年度的填报将于 {campaign.opens_on:%Y年%-m月%-d日} 开始。")
    state = State(report.state)
    if state not in EDITABLE:
        raise WrongState(f"报表当前为「{state.label}」状态，附件不能更换。")


def _look(opened: OpenReport, purpose: str, path: Path, name: str) -> Accepted:
    role = "" if purpose == StoredFile.EXEMPTION else role_of(opened.compiled.questionnaire, purpose)
    try:
        return _CHECKS.get(role, check_general)(path, name)
    except Refused as refused:
        raise BadFile(refused.message, reason=refused.code) from refused


def keep_file(
    report: Report,
    purpose: str,
    path: Path,
    *,
    actor: Account,
    now: datetime,
    official: str,
    uploaded: str,
    seen: Accepted,
    bind: Callable[[StoredFile], None] | None = None,
) -> StoredFile:
    """Move the bytes to their place, then write the row under the report's lock.

    A crash in between leaves an orphan, which `sweep` removes. The state is looked at again under the lock. With
    `bind`, which writes what belongs to the row in the same transaction, the same bytes again make a new version.
    Raises WrongState.
    """
    row = new_row(report, purpose, path, official=official, uploaded=uploaded, seen=seen, actor=actor, now=now)
    same = None if bind else _same(current_files(report), purpose, row.sha256)
    if same is not None:
        return same
    return keep_row(path, row, lambda new: _write(report, new, actor, now, bind))


def _same(current: Mapping[str, StoredFile], purpose: str, sha256: str) -> StoredFile | None:
    there = current.get(purpose)
    return there if there is not None and there.sha256 == sha256 else None


def _write(
    report: Report, row: StoredFile, actor: Account, now: datetime, bind: Callable[[StoredFile], None] | None
) -> StoredFile:
    with transaction.atomic():
        report = _locked(report)
        _check_still(report, row.purpose, now)
        same = None if bind else _same(current_files(report), row.purpose, row.sha256)
        if same is not None:
            return same
        take_place(row, now)
        if row.purpose not in {StoredFile.STAMP, StoredFile.EXEMPTION} and report.state == State.NOT_STARTED.value:
            Report.objects.filter(pk=report.pk).update(state=State.FILLING.value)
            report.state = State.FILLING.value
            note_begin(report, actor.username, now)
        if bind is not None:
            bind(row)
        _note(report, row, actor, Action.UPLOAD_STAMP.value if row.purpose == StoredFile.STAMP else "upload_file", now)
    return row


def _locked(report: Report) -> Report:
    return reports().select_for_update(of=("self",), no_key=True).get(pk=report.pk)


def _check_still(report: Report, purpose: str, now: datetime) -> None:
    """Look at the state again under the lock; a scan belongs to the time of the stamp."""
    if purpose == StoredFile.STAMP:
        if report.state != State.AWAITING_STAMP.value:
            raise WrongState(f"报表当前为「{State(report.state).label}」状态，不能上传盖章扫描件。")
    elif purpose != StoredFile.EXEMPTION:
        _check_open(report, now)


def _note(report: Report, row: StoredFile, actor: Account, action: str, now: datetime) -> None:
    details: dict[str, Any] = {"purpose": row.purpose, "serial": row.serial, "sha256": row.sha256}
    note(report, actor=actor.username, role=actor.role, action=action, now=now, **details)


def confirm_upload(*, report: Report, purpose: str, actor: Account, now: datetime) -> StoredFile:
    """Note that the filler has read what was to be confirmed about the current file. Raises NotYours, WrongState."""
    opened = open_report(report)
    check_allowed(opened, purpose, actor, now)
    with transaction.atomic():
        locked = _locked(report)
        _check_still(locked, purpose, now)
        row = current_files(locked).get(purpose)
        if row is None:
            raise WrongState("没有可以确认的文件，请先上传。")
        if needs_confirmation(row):
            row.details = {**row.details, "confirmed_by": actor.username, "confirmed_at": now.isoformat()}
            StoredFile.objects.filter(pk=row.pk).update(details=row.details)
            _note(locked, row, actor, "confirm_file", now)
    return row


def remove_upload(*, report: Report, purpose: str, actor: Account, now: datetime) -> None:
    """Take the current file back; it is kept among the versions. Raises NotYours, WrongState."""
    opened = open_report(report)
    check_allowed(opened, purpose, actor, now)
    with transaction.atomic():
        locked = _locked(report)
        _check_still(locked, purpose, now)
        row = current_files(locked).get(purpose)
        if row is not None:
            StoredFile.objects.filter(pk=row.pk).update(superseded_at=now)
            _note(locked, row, actor, "remove_file", now)
