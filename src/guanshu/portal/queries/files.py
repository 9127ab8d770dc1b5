"""Kept files: which are current, which were, who may open one, which are still to be uploaded."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, cast

from django.core.files.storage import default_storage
from django.http import Http404

from guanshu.portal.access import access_application, access_correction, access_filing, access_report
from guanshu.portal.models import Account, Report, Role, StampedScan, StoredFile
from guanshu.portal.queries.opened import Opened
from guanshu.portal.queries.reports import OpenReport
from guanshu.survey.definition.model import Cell


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file somebody may see, open for reading; the caller closes `content`."""

    row: StoredFile
    content: BinaryIO


def key_of(name: uuid.UUID) -> str:
    """Return where a file lies in the storage."""
    return f"{name.hex[:2]}/{name}"


def current_files(report: Report) -> dict[str, StoredFile]:
    """Return the current file of every purpose that has one."""
    found = StoredFile.objects.filter(report=report, superseded_at=None).order_by("serial")
    return {file.purpose: file for file in found}


def current_purposes(report: Report) -> frozenset[str]:
    """Return the purposes that have a file now; access.own_report() has fetched them with the report."""
    if hasattr(report, "purposes"):
        return frozenset((report.purposes or "").split())
    return frozenset(current_files(report))


def file_versions(report: Report, purpose: str) -> list[StoredFile]:
    """Return all files of a purpose, newest first."""
    return list(StoredFile.objects.filter(report=report, purpose=purpose).order_by("-serial"))


def file_cells(opened: Opened) -> list[Cell]:
    """Return the file cells that are asked, in the order of the form."""
    hidden, states = opened.evaluation.hidden, opened.evaluation.states
    return [
        cell
        for cell in opened.form.files
        if not {cell.name, cell.table} & hidden and (cell.must_answer or not states[cell.table].na)
    ]


def missing_files(report: Report, opened: OpenReport) -> tuple[str, ...]:
    """Return the purposes whose file must be there and is not.

    A file required on a condition is required wherever it is asked for: the evaluation has no values of files.
    """
    there = current_files(report)
    return tuple(cell.name for cell in file_cells(opened) if cell.required is not False and cell.name not in there)


def unconfirmed_files(report: Report) -> tuple[StoredFile, ...]:
    """Return the current files whose notes (请确认) nobody has confirmed yet."""
    found = current_files(report).values()
    return tuple(file for file in found if needs_confirmation(file))


def needs_confirmation(file: StoredFile) -> bool:
    """Return whether the content check left something to confirm."""
    details: Mapping[str, object] = file.details
    return bool(details.get("notes")) and not details.get("confirmed_by")


def scan_accepted(scan: StampedScan) -> bool:
    """Return whether nothing about the scan is left to confirm by eye."""
    return not scan.problems or scan.confirmed_at is not None


def file_row(account: Account, file_id: uuid.UUID) -> StoredFile:
    """Return the row of a file the account may see. Raises Http404, for strangers as for no file."""
    row = StoredFile.objects.select_related(*StoredFile.OWNERS).filter(pk=file_id).first()
    if row is None:
        raise Http404
    if row.filing is not None:
        access_filing(account, row.owner)
    elif row.application is not None:
        access_application(account, row.owner)
    elif row.correction is not None:
        access_correction(account, row.owner)
    elif row.campaign is not None:
        # Everybody gets the current one from the home page; earlier ones are for whoever keeps them.
        if account.role != Role.SYSTEM.value:
            raise Http404
    else:
        access_report(account, row.owner)
    return row


def open_file(account: Account, file_id: uuid.UUID) -> OpenedFile:
    """Return the file, open for reading. Raises Http404, for strangers, for no file and for lost bytes."""
    row = file_row(account, file_id)
    try:
        return OpenedFile(row, cast("BinaryIO", default_storage.open(key_of(row.pk))))
    except FileNotFoundError as error:
        raise Http404 from error


def path_of(row: StoredFile) -> str:
    """Return the path of a file's bytes, for processes that read it."""
    return default_storage.path(key_of(row.pk))


def verify_files() -> Iterator[str]:
    """Yield a sentence for every file whose bytes are missing or are not those that were kept."""
    import hashlib

    rows = StoredFile.objects.select_related(*StoredFile.OWNERS)
    for row in rows.order_by(*StoredFile.OWNER_NUMBERS, "purpose", "serial").iterator():
        kind = "报表" if row.report_id else "上报材料" if row.filing_id else "官方文件" if row.campaign_id else "申请"
        what = f"{kind} {row.owner}「{row.official_name}」（{row.pk}）"
        try:
            with default_storage.open(key_of(row.pk)) as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            yield f"{what}：文件缺失。"
            continue
        if found != row.sha256:
            yield f"{what}：文件内容被改动。"
