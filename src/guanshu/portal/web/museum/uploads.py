"""上传材料: the file cells of a table with what is uploaded, what the content check saw, and what can be downloaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from guanshu.portal.domain.naming import role_of
from guanshu.portal.models import StoredFile
from guanshu.portal.queries.files import current_files, file_cells, file_versions, needs_confirmation
from guanshu.portal.queries.reports import OpenReport
from guanshu.portal.web.shared.entry.reading import Reading
from guanshu.survey.definition.model import Cell, Questionnaire, Table
from guanshu.survey.values.base import Kind


@dataclass(frozen=True, slots=True)
class FileView:
    """One file cell. `problem` is the sentence of an upload that was refused a moment ago."""

    purpose: str
    code: str
    label: str
    help: str
    required: bool
    asked: bool
    editable: bool
    current: StoredFile | None
    older: tuple[StoredFile, ...]
    members: Sequence[object]
    notes: Sequence[str]
    unconfirmed: bool
    url: str
    template: bool
    draft: bool
    problem: str


def has_template(form: Questionnaire, purpose: str) -> bool:
    """Return whether there is a Word template for a file cell: for the summaries the form names in its roles."""
    return bool(role_of(form, purpose))


def has_draft(form: Questionnaire, purpose: str) -> bool:
    """Return whether a Word draft can be made from what is typed."""
    return form.roles.get("annual_summary") == purpose


def files_of(reading: Reading[OpenReport], table: Table, refused: Mapping[str, str]) -> tuple[FileView, ...]:
    """Return the file cells of a table, in its order; nothing is asked of the database when there are none."""
    cells = [cell for cell in table.form_cells if cell.type.kind is Kind.FILE]
    if not cells:
        return ()
    asked = {cell.name for cell in file_cells(reading.opened)}
    current = current_files(reading.opened.report)
    return tuple(
        _view(reading, cell, current.get(cell.name), asked=cell.name in asked, problem=refused.get(cell.name, ""))
        for cell in cells
    )


def _view(
    reading: Reading[OpenReport], cell: Cell, current: StoredFile | None, *, asked: bool, problem: str
) -> FileView:
    report = reading.opened.report
    details = current.details if current else {}
    older = [file for file in file_versions(report, cell.name) if current is None or file.pk != current.pk]
    return FileView(
        purpose=cell.name,
        code=cell.code,
        label=cell.label,
        help=cell.help,
        required=cell.required is not False,
        asked=asked,
        editable=reading.editable and asked,
        current=current,
        older=tuple(older),
        members=details.get("members", ()),
        notes=details.get("notes", ()),
        unconfirmed=current is not None and needs_confirmation(current),
        url=reverse("museum:file", args=[cell.name]),
        template=has_template(reading.form, cell.name),
        draft=has_draft(reading.form, cell.name),
        problem=problem,
    )
