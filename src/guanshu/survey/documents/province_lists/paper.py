"""A list as a PDF to be printed and stamped."""

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.documents.province_lists.sheet import NOTHING, Sheet, list_sheet
from guanshu.survey.documents.report_pdf.fonts import printable, typst_fonts
from guanshu.survey.documents.report_pdf.text import prepared

_FOLDER = Path(__file__).parent
_MAIN = b'#import "/list.typ": paper\n#paper(json(bytes(sys.inputs.data)))\n'
# The moment of a document that bears no day: its bytes must not depend on when it was made.
_NO_DAY = date(2000, 1, 1)
# Between the margins, in millimetres.
_STANDING, _LYING = 164.0, 251.0
_ROOM = 3.0


def make_list_pdf(
    questionnaire: Questionnaire,
    list_role_or_table: str,
    answers: Answers,
    *,
    unit: str,
    filled_on: date | None = None,
) -> bytes:
    """Return a list as PDF/A-2u; the same arguments give the same bytes. Raises KeyError for what is no list."""
    import typst

    sheet = list_sheet(questionnaire, list_role_or_table, answers, unit=unit, filled_on=filled_on)
    inputs = {"data": json.dumps(_data(sheet), ensure_ascii=False, separators=(",", ":"))}
    compiler = typst.Compiler(_MAIN, root=_FOLDER, font_paths=typst_fonts(), sys_inputs=inputs)
    moment = datetime.combine(filled_on or _NO_DAY, time(0), UTC)
    made: Any = compiler.compile(format="pdf", pdf_standards=["a-2u"], timestamp=int(moment.timestamp()))
    return bytes(made)


def _data(sheet: Sheet) -> dict[str, object]:
    width = _LYING if sheet.lying else _STANDING
    points = 10.5 if sheet.lying else 12
    whole = sum(column.share for column in sheet.columns)
    widths = [width * column.share / whole for column in sheet.columns]
    rows = sheet.rows or (("",) * len(widths),)
    return {
        "number": printable(sheet.number),
        "title": [printable(line) for line in sheet.title],
        "head": printable(sheet.head),
        "lying": sheet.lying,
        "points": points,
        "widths": widths,
        "heads": [prepared(text, room - _ROOM, points) for text, room in zip(sheet.heads, widths, strict=True)],
        "aligns": [column.align for column in sheet.columns],
        "rows": [] if sheet.nothing else [_row(row, widths, points) for row in rows],
        "nothing": NOTHING if sheet.nothing else "",
        "opinion_label": printable(sheet.opinion_label),
        "opinion": printable(sheet.opinion),
        "sign": [printable(text) for text in sheet.sign],
        "note": printable(sheet.note),
    }


def _row(texts: tuple[str, ...], widths: list[float], points: float) -> list[object]:
    return [prepared(text, room - _ROOM, points) for text, room in zip(texts, widths, strict=True)]
