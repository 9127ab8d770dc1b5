"""Slips as a PDF, to be cut apart and handed out."""

import json
from pathlib import Path
from typing import Any

from guanshu.survey.documents.account_slips.content import Slip, SlipSheet
from guanshu.survey.documents.report_pdf.fonts import printable, typst_fonts

_FOLDER = Path(__file__).parent
_MAIN = b'#import "/slips.typ": slips\n#slips(json(bytes(sys.inputs.data)))\n'


def make_slips_pdf(sheet: SlipSheet) -> bytes:
    """Return the slips as PDF/A-2u; the same arguments give the same bytes."""
    import typst

    data = {
        "title": printable(sheet.title),
        "unit": printable(sheet.unit),
        "day": f"{sheet.at.year} 年 {sheet.at.month} 月 {sheet.at.day} 日",
        "to": printable(sheet.to),
        "notes": [printable(note) for note in sheet.notes],
        "slips": [_slip(slip, sheet) for slip in sheet.slips],
    }
    inputs = {"data": json.dumps(data, ensure_ascii=False, separators=(",", ":"))}
    compiler = typst.Compiler(_MAIN, root=_FOLDER, font_paths=typst_fonts(), sys_inputs=inputs)
    made: Any = compiler.compile(format="pdf", pdf_standards=["a-2u"], timestamp=int(sheet.at.timestamp()))
    return bytes(made)


def _slip(slip: Slip, sheet: SlipSheet) -> dict[str, str]:
    return {
        "office": printable(slip.office),
        "role": printable(slip.role),
        "account": printable(slip.account),
        "password": slip.password,
        "site": printable(sheet.site),
        "until": printable(sheet.until),
    }
