"""/province/materials/files/…: Word files, sealed scans and evidence; the scan read beside its list."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.domain.filing.confirming import confirm_scan_matches
from guanshu.portal.domain.filing.files import remove_filing_file, store_filing_file
from guanshu.portal.models import Filing
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.filingbasis import scan_basis
from guanshu.portal.queries.filingcheck import confirmations, counts, has_free
from guanshu.portal.queries.filingitems import (
    ABOUT_FREE,
    SCAN,
    Item,
    Purpose,
    filing_file_versions,
    filing_files,
    items,
    read_purpose,
)
from guanshu.portal.queries.filings import OpenFiling, open_filing
from guanshu.portal.queries.listsheets import printed_list
from guanshu.portal.web.province.submission.common import (
    filing_of,
    surroundings,
    told,
    went_on,
    year_query,
)
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of
from guanshu.portal.web.shared.uploads import received_files


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show every item with its Word file and its scan."""
    filing = filing_of(request)
    opened = open_filing(filing)
    files, confirmed, free = filing_files(filing), confirmations(filing), has_free(opened)
    lines = [
        {
            "item": item,
            "na": not free and item.key in ABOUT_FREE,
            "word": files.get(item.word),
            "scan": files.get(item.scan),
            "compared": counts(confirmed.get(f"scan-{item.key}"), scan_basis(opened, item).digest),
            "rows": _rows(opened, item),
            "paper": _paper(item, year_query(request)),
            "evidence": sum(purpose.startswith(f"{item.key}-evidence-") for purpose in files),
        }
        for item in items(filing, opened.compiled.questionnaire)
    ]
    return render(request, "province/filing_files.html", {**surroundings(request, filing), "lines": lines})


def _paper(item: Item, query: str) -> str:
    """Return where the Word file to begin with is made."""
    if item.table is None:
        return reverse("province:evaluation") + query
    return reverse("province:paper", args=[item.key]) + query


def _rows(opened: OpenFiling, item: Item) -> list[tuple[str, str]]:
    """Return the rows of an item's list: the purpose of their evidence, and their name."""
    if item.table is None:
        return []
    name = opened.compiled.questionnaire.lists[item.key].columns.get("name", "")
    rows = opened.answers.rows.get(item.table.name, ())
    return [(f"{item.key}-evidence-{row.id}", str(row.cells.get(name, "") or "（未填名称）")) for row in rows]


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, purpose: str) -> HttpResponse:
    """Show one file with its versions; keep a new one."""
    filing = filing_of(request)
    wanted = _purpose(filing, purpose)
    if request.method != "POST":
        return _show(request, filing, wanted)
    try:
        uploads = received_files(request, "file")
        store_filing_file(filing=filing, purpose=purpose, uploads=uploads, actor=account_of(request), now=clock.now())
    except OperationProblem as problem:
        return told(request, problem) or _show(request, filing, wanted, problem)
    page = "province:compare" if wanted.kind == SCAN else "province:files"
    return went_on(request, reverse(page, args=[purpose]) + year_query(request))


@require_POST
def remove(request: HttpRequest, purpose: str) -> HttpResponse:
    """Take the current file back; it stays among the versions."""
    filing = filing_of(request)
    wanted = _purpose(filing, purpose)
    try:
        remove_filing_file(filing=filing, purpose=purpose, actor=account_of(request), now=clock.now())
    except OperationProblem as problem:
        return _show(request, filing, wanted, problem)
    messages.success(request, f"{wanted.label}已撤下，仍保留在以前的版本中。")
    return see_other(reverse("province:files", args=[purpose]) + year_query(request))


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest, purpose: str) -> HttpResponse:
    """The list on the left, the pages of its sealed scan on the right; a person says that they agree."""
    filing = filing_of(request)
    wanted = _purpose(filing, purpose)
    if wanted.kind != SCAN:
        raise Http404
    if request.method != "POST":
        return _comparison(request, filing, wanted)
    try:
        confirm_scan_matches(
            filing=filing,
            actor=account_of(request),
            item=wanted.item.key,
            basis=request.POST.get("basis", ""),
            now=clock.now(),
        )
    except OperationProblem as problem:
        return _comparison(request, filing, wanted, problem)
    messages.success(request, f"{wanted.item.label}：已核对，盖章件与名单一致。")
    return see_other(reverse("province:materials_files") + year_query(request))


def _purpose(filing: Filing, text: str) -> Purpose:
    """Return what the address is about. Raises Http404."""
    found = read_purpose(items(filing, open_filing(filing).compiled.questionnaire), text)
    if found is None:
        raise Http404
    return found


def _show(
    request: HttpRequest, filing: Filing, wanted: Purpose, problem: OperationProblem | None = None
) -> HttpResponse:
    versions = filing_file_versions(filing, wanted.name)
    context: dict[str, Any] = {
        **surroundings(request, filing),
        "purpose": wanted,
        "current": next((each for each in versions if each.superseded_at is None), None),
        "older": [each for each in versions if each.superseded_at is not None],
        "problem": problem.message if problem else "",
    }
    return render(request, "province/filing_file.html", context, status=problem.status if problem else 200)


def _comparison(
    request: HttpRequest, filing: Filing, wanted: Purpose, problem: OperationProblem | None = None
) -> HttpResponse:
    opened, item = open_filing(filing), wanted.item
    files, basis = filing_files(filing), scan_basis(opened, item).digest
    scan = files.get(item.scan)
    confirmed = confirmations(filing).get(f"scan-{item.key}")
    context: dict[str, Any] = {
        **surroundings(request, filing),
        "item": item,
        "purpose": wanted,
        "figures": printed_list(opened, item.table) if item.table is not None else None,
        "word": files.get(item.word),
        "scan": scan,
        "pages": range(1, (scan.details.get("pages") or 0) + 1) if scan is not None else (),
        "basis": basis,
        "confirmed": confirmed,
        "valid": counts(confirmed, basis),
        "problem": problem.message if problem else "",
    }
    return render(request, "province/filing_compare.html", context, status=problem.status if problem else 200)
