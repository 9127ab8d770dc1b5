"""The guide as PDF."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from guanshu.survey.documents.guide.content import Guide
from guanshu.survey.documents.report_pdf.fonts import printable, typst_fonts

_FOLDER = Path(__file__).parent
_MAIN = b'#import "/guide.typ": guide\n#guide(json(bytes(sys.inputs.data)))\n'
_NO_TIME = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())


def make_guide_pdf(guide: Guide) -> bytes:
    """Return the guide as PDF/A-2u; the same guide gives the same bytes."""
    import typst

    data = json.dumps(_printable(asdict(guide)), ensure_ascii=False)
    compiler = typst.Compiler(_MAIN, root=_FOLDER, font_paths=typst_fonts(), sys_inputs={"data": data})
    made: Any = compiler.compile(format="pdf", pdf_standards=["a-2u"], timestamp=_NO_TIME)
    return bytes(made)


def _printable(content: Any) -> Any:
    """Return the content with every text as the fonts can print it."""
    if isinstance(content, str):
        return printable(content)
    if isinstance(content, dict):
        return {name: _printable(value) for name, value in content.items()}
    return [_printable(each) for each in content] if isinstance(content, list | tuple) else content
