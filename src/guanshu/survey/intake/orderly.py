"""The sheets of a scan in the report's order, upright, in one PDF.

Only processes of their own import this module (survey.outside).
"""

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from guanshu.survey.intake.verdict import Refused

_DAMAGED = "扫描件已损坏，无法按页码排好；请重新扫描或重新保存为 PDF 后上传。"
# PDFium writes the moment into every file, and names it after that.
_MOMENT = re.compile(rb"/CreationDate\(D:[0-9]{14}(?=[^)]*\)/Creator\(PDFium\))")
_NAME = re.compile(rb"/ID\s*\[\s*<[0-9A-Fa-f]*>\s*<[0-9A-Fa-f]*>\s*\]")


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """One sheet: the page numbers read from it (none: unreadable), and how far it is turned clockwise, if known."""

    pages: tuple[int, ...]
    turned: int | None = None


def order_of(sheets: Sequence[ReadSheet], total: int = 0) -> list[int]:
    """Return the places (from 0) of the sheets in the report's order; total: its pages, 0 when nobody knows.

    Unreadable sheets go where a page is missing: first those that lie behind the page before it, then the others one
    after the other; what no gap is left for goes to the end. When no page is missing they are backs of other sheets and
    stay behind those.
    """
    known = {page for sheet in sheets for page in sheet.pages}
    total = max(total, *known, 0)
    gaps = [page for page in range(1, total + 1) if page not in known]
    at = _after_their_neighbours(sheets, gaps)
    rest = iter([page for page in gaps if page not in at.values()])
    before, end = 0, total + 1
    keys: list[tuple[int, int]] = []
    for place, sheet in enumerate(sheets):
        if sheet.pages:
            before = min(sheet.pages)
            keys.append((before, place))
        elif not gaps:
            keys.append((before, place))
        else:
            keys.append((at[place] if place in at else next(rest, end), place))
    return [place for _, place in sorted(keys)]


def _after_their_neighbours(sheets: Sequence[ReadSheet], gaps: Sequence[int]) -> dict[int, int]:
    """Return the page of each unreadable sheet that follows on the page before a gap."""
    at: dict[int, int] = {}
    before = 0
    for place, sheet in enumerate(sheets):
        if sheet.pages:
            before = max(sheet.pages)
        elif before + 1 in gaps and before + 1 not in at.values():
            before += 1
            at[place] = before
        else:
            before = -1
    return at


def put_in_order(source: Path, sheets: Sequence[ReadSheet], target: Path, total: int = 0) -> tuple[list[int], bool]:
    """Write the sheets of a PDF in the report's order and upright; return their order, and whether a file was written.

    A file that is in order, or signed or locked (what is written anew loses its signatures), stays as it is, nothing is
    written. The same source gives the same bytes. Raises Refused, ValueError when there are not as many sheets.
    """
    try:
        with closing(pdfium.PdfDocument(source)) as document:
            if len(document) != len(sheets):
                message = f"{len(sheets)} sheets of a file of {len(document)} pages"
                raise ValueError(message)
            order = order_of(sheets, total)
            if _sealed(document) or (order == sorted(order) and not any(sheet.turned for sheet in sheets)):
                return list(range(len(sheets))), False
            _write(document, sheets, order, target)
            return order, True
    except pdfium.PdfiumError as error:
        raise Refused("damaged", _DAMAGED) from error


def _sealed(document: pdfium.PdfDocument) -> bool:
    """Return whether the file is signed, has fields to sign, or is locked as sealing programs leave it."""
    signed = pdfium_c.FPDF_GetSignatureCount(document) > 0 or document.get_formtype() != pdfium_c.FORMTYPE_NONE
    return bool(signed or pdfium_c.FPDF_GetSecurityHandlerRevision(document) >= 0)


def _write(document: pdfium.PdfDocument, sheets: Sequence[ReadSheet], order: Sequence[int], target: Path) -> None:
    with closing(pdfium.PdfDocument.new()) as made:
        made.import_pages(document, list(order))
        for place, source in enumerate(order):
            turned = sheets[source].turned
            if turned:
                page = made[place]
                page.set_rotation((page.get_rotation() - turned) % 360)
        made.save(target)
    # As long as before: the places of all objects stay.
    data = _MOMENT.sub(b"/CreationDate(D:19700101000000", target.read_bytes())
    target.write_bytes(_NAME.sub(lambda found: re.sub(rb"[0-9A-Fa-f](?=[0-9A-Fa-f]*>)", b"0", found[0]), data))
