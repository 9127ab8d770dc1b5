"""An exported workbook that comes back: is it ours, and are its figures still the system's?"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

from guanshu.survey.intake.zips import PackTooBig, Unreadable, check_layout, drain, open_zip

_MOST = 200 * 1024 * 1024
# The export's lines above the values: table, indicator, unit, machine name.
_LABELS, _NAMES, _FIRST = 1, 3, 4
_ORG, _NAME = "org", "_name"
_TOLD = 3


@dataclass(frozen=True, slots=True)
class Sheet:
    """The main sheet: values by organisation and machine name of the column, and what columns are called."""

    rows: Mapping[str, Mapping[str, str]]
    labels: Mapping[str, str]


def is_workbook(data: bytes) -> bool:
    """Return whether a zip is an Excel workbook."""
    try:
        with open_zip(io.BytesIO(data)) as pack:
            return "xl/workbook.xml" in pack.namelist()
    except Unreadable:
        return False


def read_sheet(data: bytes) -> Sheet | None:
    """Return the main sheet of one of our exports, None for any other workbook and for a damaged one."""
    try:
        with open_zip(io.BytesIO(data)) as pack:
            check_layout(pack, io.BytesIO(data), most_unpacked=_MOST)
            drain(pack, _MOST)
        lines = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (Unreadable, PackTooBig, CalamineError, zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return None
    if len(lines) <= _NAMES:
        return None
    names = [str(cell) for cell in lines[_NAMES]]
    if _ORG not in names or _NAME not in names:
        return None
    labels = {name: str(label) for name, label in zip(names, lines[_LABELS], strict=False) if name}
    told = [dict(zip(names, map(_text, line), strict=False)) for line in lines[_FIRST:]]
    return Sheet({row[_ORG]: row for row in told if row.get(_ORG)}, labels)


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return format(cell, ".15g")
    return str(cell).strip()


def compare_sheets(ours: Sheet, theirs: Sheet) -> str:
    """Return a sentence about what differs from the system's data, "" when nothing does."""
    absent = [row[_NAME] for org, row in ours.rows.items() if org not in theirs.rows]
    extra = [row[_NAME] for org, row in theirs.rows.items() if org not in ours.rows]
    told = [f"少了{_some(absent)}"] if absent else []
    told += [f"多了{_some(extra)}"] if extra else []
    lost = [label for name, label in ours.labels.items() if name not in theirs.labels]
    told += [f"少了「{lost[0]}」等 {len(lost)} 列"] if lost else []
    cells = list(_differences(ours, theirs))
    told += cells[:_TOLD]
    more = f"等 {len(cells)} 处" if len(cells) > _TOLD else ""
    if not told:
        return ""
    return f"数据表与系统中的数据不一致：{'；'.join(told)}{more}。请重新「导出Excel（免费科技馆）」后打包上传。"


def _some(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 座科技馆" if len(names) > _TOLD else ""
    return "、".join(names[:_TOLD]) + more


def _differences(ours: Sheet, theirs: Sheet) -> list[str]:
    found = []
    for org, row in ours.rows.items():
        other = theirs.rows.get(org, {})
        for name, value in row.items():
            if name and name in other and other[name] != value:
                label = theirs.labels.get(name) or name
                found.append(f"{row[_NAME]}「{label}」表中为 {other[name] or '空'}，系统中为 {value or '空'}")
    return found
