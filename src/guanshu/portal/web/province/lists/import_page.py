"""/province/materials/tables/<number>/import/: a list from a file, read into a preview, then added as one save.

Between the two steps nothing is kept on the server: the preview's form carries the rows it shows.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from guanshu.portal.domain.deciding import Change
from guanshu.portal.problems import OperationProblem, Unusable
from guanshu.portal.queries.filings import OpenFiling
from guanshu.portal.web.province.lists.pages import open_page, page, save, surroundings
from guanshu.portal.web.province.lists.saved import tell
from guanshu.portal.web.shared.entry.posting import find_table
from guanshu.portal.web.shared.entry.reading import Reading, shown_text
from guanshu.portal.web.shared.entry.wire import SaveRequest
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.uploads import received_file
from guanshu.survey.definition.model import Table, TableKind
from guanshu.survey.definition.storage import from_stored
from guanshu.survey.interchange.listfile import FileRow, ListFile, read_list
from guanshu.survey.interchange.sheet import SheetProblem
from guanshu.survey.values.base import Kind


@dataclass(frozen=True, slots=True)
class ShownText:
    """One cell of the preview; a bad one shows what the file has."""

    label: str
    text: str
    problem: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of the preview, with the line of the file it stands on."""

    line: int
    cells: tuple[ShownText, ...]

    @property
    def problems(self) -> tuple[ShownText, ...]:
        """Return the cells that cannot be taken."""
        return tuple(cell for cell in self.cells if cell.problem)


@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: HttpRequest, number: str) -> HttpResponse:
    """Show the form for a file, the preview of one that was sent, or take the rows of a preview."""
    reading = open_page(request)
    table = _table(reading, number)
    if request.method == "POST" and "rows" in request.POST:
        return _take(request, reading, table)
    if request.method != "POST":
        return _show(request, reading, table)
    try:
        found = read_list(table, received_file(request, "file").read())
    except SheetProblem as problem:
        return _show(request, reading, table, problem=str(problem), status=422)
    except OperationProblem as refused:
        return _show(request, reading, table, problem=refused.message, status=refused.status)
    return _show(request, reading, table, found=found)


def _table(reading: Reading[OpenFiling], number: str) -> Table:
    """Return the list. Raises Http404 where none can be typed: a closed year, a list that is not asked."""
    table = find_table(reading, number)
    if table.kind is not TableKind.ROWS or not reading.editable or not reading.evaluation.states[number].applies:
        raise Http404
    return table


def _show(
    request: HttpRequest,
    reading: Reading[OpenFiling],
    table: Table,
    *,
    found: ListFile | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    around = surroundings(request, reading, table.number)
    rows = reading.rows(table)
    context = {
        **around,
        "page_number": table.number,
        "table": table,
        "columns": [cell for cell in table.cells if cell.typed],
        "problem": problem,
        "action": request.get_full_path(),
        "list_url": reading.pages.table_url(table.number) + around["frame"].query,
        "here_step": True,
        "present": len(rows),
    }
    if found is not None:
        shown = [_shown(found, row) for row in found.rows]
        context |= {
            "found": found,
            "rows": shown,
            "bad": sum(len(row.problems) for row in shown),
            "carried": json.dumps(_carried(found), ensure_ascii=False),
            "request_id": f"form-{secrets.token_hex(16)}",
            "too_many": table.limit and len(rows) + len(shown) > table.limit,
        }
    return page(request, "province/lists/import.html", context, status)


def _shown(found: ListFile, row: FileRow) -> ShownRow:
    cells = []
    for cell in found.columns:
        problem = row.problems.get(cell.name, "")
        value = from_stored(cell.type, row.values.get(cell.name))
        text = row.texts.get(cell.name, "") if problem else shown_text(cell, value)
        cells.append(ShownText(cell.label, text, problem, cell.type.kind is Kind.NUMBER))
    return ShownRow(row.line, tuple(cells))


def _carried(found: ListFile) -> list[dict[str, Any]]:
    """Return what the preview's form carries: for each row its id to be, and the values that can be kept."""
    return [{"id": f"f{secrets.token_hex(5)}", "cells": row.values} for row in found.rows]


def _take(request: HttpRequest, reading: Reading[OpenFiling], table: Table) -> HttpResponse:
    """Add the rows of a preview after those there are, as one save."""
    rows = _posted(request.POST.get("rows", ""))
    order = [row.id for row in reading.rows(table)]
    changes: dict[str, Change] = {}
    if table.name in reading.answers.none:
        changes[f"{table.name}.none"] = Change(seen=True, new=None)
    changes[f"{table.name}.rows"] = Change(seen=order, new=[*order, *(row for row in rows if row not in order)])
    for row, cells in rows.items():
        for column, value in cells.items():
            changes[f"{table.name}[{row}].{column}"] = Change(seen=None, new=value)
    posted = SaveRequest(request.POST.get("request", ""), request.POST.get("rows", "").encode(), changes)
    result = save(request, reading.opened.filing, posted)
    tell(request, result, f"已从文件添加 {len(rows)} 行，请逐行核对。")
    url = reading.pages.table_url(table.number) + surroundings(request, reading)["frame"].query
    return see_other(url)


def _posted(text: str) -> dict[str, Mapping[str, object]]:
    """Return the rows a preview carried, by id. Raises Unusable for anything of another shape."""
    try:
        rows: dict[str, Mapping[str, object]] = {str(row["id"]): dict(row["cells"]) for row in json.loads(text)}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Unusable("没有收到预览中的行，请重新选择文件。") from error
    if not rows:
        raise Unusable("没有收到预览中的行，请重新选择文件。")
    return rows
