"""Horizontal bars, one or two a line, with their figures beside them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from guanshu.survey.documents.report_pdf.fonts import printable, typst_fonts

_FOLDER = Path(__file__).parent
_MAIN = b'#import "/bars.typ": bars\n#bars(json(bytes(sys.inputs.data)))\n'
_DPI = 200


@dataclass(frozen=True, slots=True)
class Bars:
    """What a chart shows. A line is a name with one figure for each of `series`; None is a figure nobody gave."""

    unit: str
    series: Sequence[str]
    lines: Sequence[tuple[str, Sequence[Decimal | None]]]


def make_bars_png(chart: Bars) -> bytes:
    """Return the chart as PNG, 156 mm wide at 200 dots an inch; the same chart gives the same bytes."""
    import typst

    inputs = {"data": json.dumps(_data(chart), ensure_ascii=False, separators=(",", ":"))}
    compiler = typst.Compiler(_MAIN, root=_FOLDER, font_paths=typst_fonts(), sys_inputs=inputs)
    made: Any = compiler.compile(format="png", ppi=_DPI)
    return bytes(made)


def _data(chart: Bars) -> dict[str, object]:
    most = max((value for _, values in chart.lines for value in values if value is not None), default=Decimal(0))
    return {
        "unit": printable(chart.unit),
        "series": [printable(name) for name in chart.series],
        "lines": [
            {"name": printable(name), "bars": [_bar(value, most) for value in values]} for name, values in chart.lines
        ],
    }


def _bar(value: Decimal | None, most: Decimal) -> dict[str, object]:
    """Return a bar's share of the longest one and the words beside it; what is below nothing has no bar."""
    if value is None:
        return {"share": 0.0, "text": "未填"}
    return {"share": float(max(value, Decimal(0)) / most) if most > 0 else 0.0, "text": f"{value:,f}"}
