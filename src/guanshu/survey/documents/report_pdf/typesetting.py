"""Typst: templates and data in, PDF out."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from guanshu.survey.documents.report_pdf.fonts import typst_fonts
from guanshu.survey.documents.report_pdf.qr import qr_pictures

_FOLDER = Path(__file__).parent
_AGES = 2
# The only source that is put together here, and only from codes; everything else comes in as a value.
_MAIN = '#import "/report.typ": report\n#report(json(bytes(sys.inputs.data)), json(bytes("%s")))\n'


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """A page's code: what the QR holds, and the same in digits beside it."""

    held: str
    digits: str


def typeset(data: Mapping[str, object], code: Callable[[int, int], PrintedCode], made_at: datetime) -> bytes:
    """Return the PDF/A-2u; `code` makes a page's code from page and number of pages.

    How many pages there are is found out first, by laying out without codes (they have a place of their own, so the
    pages stay the same). Typst remembers what it laid out: the second time, only the feet of the pages are new, as
    long as sys.inputs stay as they are; that is why the codes come by another way.
    """
    import typst

    inputs = {"data": json.dumps(data, ensure_ascii=False, separators=(",", ":"))}
    first = typst.Compiler(main_source("[]"), root=_FOLDER, font_paths=typst_fonts(), sys_inputs=inputs)
    pages = int(first.query("<pages>", field="value", one=True))
    codes = page_codes([code(page, pages) for page in range(1, pages + 1)])
    second = typst.Compiler(main_source(codes), root=_FOLDER, font_paths=typst_fonts(), sys_inputs=inputs)
    made: Any = second.compile(format="pdf", pdf_standards=["a-2u"], timestamp=int(made_at.timestamp()))
    _forget()
    return bytes(made)


def typeset_blank(data: Mapping[str, object], made_at: datetime) -> bytes:
    """Return the PDF/A-2u of a document whose pages bear no codes."""
    import typst

    inputs = {"data": json.dumps(data, ensure_ascii=False, separators=(",", ":"))}
    compiler = typst.Compiler(main_source("[]"), root=_FOLDER, font_paths=typst_fonts(), sys_inputs=inputs)
    made: Any = compiler.compile(format="pdf", pdf_standards=["a-2u"], timestamp=int(made_at.timestamp()))
    _forget()
    return bytes(made)


def _forget() -> None:
    """Let go of what Typst remembers of this document: it ages by one with each compilation and goes when old.

    Otherwise a worker comes to hold the layouts of five reports, 430 MB. More ages would cost more time than they free.
    """
    import typst

    for _ in range(_AGES):
        typst.Compiler(b"", root=_FOLDER, font_paths=typst_fonts()).compile(format="pdf")


def main_source(codes: str) -> bytes:
    """Return the source that calls the template with the JSON of the codes as a literal."""
    return (_MAIN % codes.replace("\\", "\\\\").replace('"', '\\"')).encode()


def page_codes(codes: Sequence[PrintedCode]) -> str:
    """Return pictures and readable lines of codes as the template reads them."""
    pictures = qr_pictures([code.held for code in codes])
    return json.dumps(
        [{"picture": picture, "lines": _lines(code.digits)} for code, picture in zip(codes, pictures, strict=True)]
    )


def _lines(text: str) -> list[str]:
    """Return the code in three lines, broken after a stroke: report, page and data, signature."""
    head, _, rest = text.partition("/")
    middle, _, signature = rest.rpartition("/")
    return [f"{head}/", f"{middle}/", signature]
