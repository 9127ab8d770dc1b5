"""A province's own archive of materials, looked at member by member and matched against what is asked.

By content first (a Word file bears its list's title, a scan is a PDF or pictures, the workbook is ours and its figures
are the system's), by name where the content cannot tell. Only a process of its own imports this (survey.outside).
"""

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from guanshu.survey.intake.archives import is_ignored, opened_archive, printable
from guanshu.survey.intake.kinds import ARCHIVES, HEAD, FileKind, kind_of, runs, suffix_of
from guanshu.survey.intake.members import Listed, Reader
from guanshu.survey.intake.titles import Wanted, by_content, by_name
from guanshu.survey.intake.verdict import Refused
from guanshu.survey.intake.word import DOC, check_word_file
from guanshu.survey.intake.workbooks import Sheet, compare_sheets, is_workbook, read_sheet

WORD, SCAN, EXCEL = "word", "scan", "excel"
_HOLDS = "通知要求的 Word 文件、盖章扫描件和 Excel 表格"
_MOST = 100 * 1024 * 1024
_PAGES = {FileKind.PDF, FileKind.JPEG, FileKind.PNG}
_WORDS = frozenset({"doc", "docx", "wps"})
_UNCLEAR = "看不出是哪一项材料；请在下面指定，或改为通知中的名称后重新打包上传。"


@dataclass(frozen=True, slots=True)
class Found:
    """One member. `fits` is what it can be (word, scan, excel or ""), `item` what it is taken for, "" while unclear."""

    name: str
    size: int
    sha256: str
    kind: str
    fits: str = ""
    item: str = ""
    problem: str = ""
    note: str = ""
    place: int = 0


@dataclass
class _Looking:
    wanted: Sequence[Wanted]
    expected: Sheet | None
    keep: Path | None
    found: list[Found] = field(default_factory=list)


def look_into(
    path: Path, name: str, wanted: Sequence[Wanted], *, expected: Path | None = None, keep: Path | None = None
) -> list[Found]:
    """Return what is in a province's archive. Raises Refused for an archive that cannot be taken as a whole.

    expected: the workbook as the system makes it now; keep: a folder into which members that may be kept are written
    under their place in the archive, never under their name.
    """
    sheet = read_sheet(expected.read_bytes()) if expected is not None else None
    looking = _Looking(wanted, sheet, keep)
    with opened_archive(path, name, _HOLDS) as (opened, _, _):
        for place, (member, reader) in enumerate(opened.read()):
            if not member.folder and not is_ignored(member.name):
                looking.found.append(_look_at(member, reader, place, looking))
    if not looking.found:
        raise Refused("empty", f"压缩包里没有文件；请放入{_HOLDS}，重新打包后上传。")
    return list(_settled(looking))


def take_out(path: Path, name: str, place: int, target: Path) -> None:
    """Write the bytes of one member, known by its place in the archive. Raises Refused."""
    with opened_archive(path, name, _HOLDS) as (opened, _, _):
        for number, (member, reader) in enumerate(opened.read()):
            if number == place:
                target.write_bytes(reader.read(min(member.size, _MOST)))


def _look_at(member: Listed, reader: Reader, place: int, looking: _Looking) -> Found:
    shown, head = printable(member.name), reader.read(HEAD)
    kind = kind_of(head)
    if kind in {FileKind.PROGRAM, FileKind.LINK} or runs(member.name):
        message = f"压缩包里的「{shown}」是程序或快捷方式，不能接收；请删去它，重新打包后上传。"
        raise Refused("program", message)
    if member.size > _MOST:
        return Found(shown, member.size, "", kind.label, problem=f"「{shown}」超过 100 MB，请压缩后重新打包上传。")
    data = head + _rest(reader)
    found = Found(shown, len(data), hashlib.sha256(data).hexdigest(), kind.label, place=place)
    found = _judged(found, kind, data, looking)
    if looking.keep is not None and found.fits in {WORD, SCAN}:
        (looking.keep / str(place)).write_bytes(data)
    return found


def _rest(reader: Reader) -> bytes:
    pieces = []
    while piece := reader.read(1 << 20):
        pieces.append(piece)
    return b"".join(pieces)


def _judged(found: Found, kind: FileKind, data: bytes, looking: _Looking) -> Found:
    if kind is FileKind.EMPTY:
        return replace(found, problem=f"「{found.name}」是空文件（0 字节），请换成完整的文件后重新打包上传。")
    if kind in _PAGES and suffix_of(found.name) not in _WORDS:
        return _matched(replace(found, fits=SCAN), looking.wanted, ())
    if kind is FileKind.ZIP and is_workbook(data):
        return _workbook(found, data, looking)
    if kind is FileKind.OLE or (kind is FileKind.ZIP and suffix_of(found.name) not in {"zip", "rar", "7z"}):
        return _office(found, data, looking.wanted)
    if kind in ARCHIVES:
        return replace(found, problem=_nested(found.name))
    if suffix_of(found.name) in _WORDS:
        return _office(found, data, looking.wanted)
    return found


def _nested(name: str) -> str:
    return f"压缩包里还有压缩包「{name}」；请先把它解开，把里面的文件直接放进来，重新打包后上传。"


def _office(found: Found, data: bytes, wanted: Sequence[Wanted]) -> Found:
    """Judge what should be Word: taken, or refused with the sentence of the Word check."""
    last = found.name.replace("\\", "/").rpartition("/")[2]
    try:
        seen = check_word_file(io.BytesIO(data), last)
    except Refused as refused:
        if refused.code == "archive":
            return replace(found, problem=_nested(found.name))
        likely = by_name(found.name, [each for each in wanted if each.kind == WORD])
        item = likely[0].item if len(likely) == 1 else ""
        return replace(found, problem=refused.message, item=item)
    found = replace(found, kind="Word 文件", fits=WORD)
    if seen.media_type == DOC and suffix_of(last) == "docx":
        what = f"「{last}」的内容是旧版 Word 文件（.doc），只是后缀改成了 .docx，可能打不开"
        message = f"{what}；请在 Word 中另存为 .docx 后重新打包上传。"
        return replace(_matched(found, wanted, by_content(data, wanted)), problem=message)
    return _matched(found, wanted, by_content(data, wanted))


def _matched(found: Found, wanted: Sequence[Wanted], told: Sequence[Wanted]) -> Found:
    """Bring together what the name says and what the content says."""
    named = by_name(found.name, [each for each in wanted if each.kind == found.fits])
    if len(told) == 1:
        if named and told[0] not in named:
            message = (
                f"文件名写的是「{named[0].label}」，内容却是「{told[0].label}」；请在下面指定，或改正后重新打包上传。"
            )
            return replace(found, problem=message)
        return replace(found, item=told[0].item, note="" if named else "文件名与通知不同，按内容识别")
    if len(named) == 1:
        note = "没有在文中找到标题，按文件名识别" if found.fits == WORD else ""
        return replace(found, item=named[0].item, note=note)
    return replace(found, problem=_UNCLEAR)


def _workbook(found: Found, data: bytes, looking: _Looking) -> Found:
    """Compare a workbook with the one the system makes: what differs is named."""
    slot = next((each for each in looking.wanted if each.kind == EXCEL), None)
    found = replace(found, kind="Excel 工作簿", fits=EXCEL)
    if slot is None or looking.expected is None:
        return replace(found, fits="")
    sheet = read_sheet(data)
    if sheet is None:
        return replace(found, problem="不是系统「导出Excel（免费科技馆）」导出的表格；请重新导出后打包上传。")
    differences = compare_sheets(looking.expected, sheet)
    return replace(found, item=slot.item, problem=differences, note="" if differences else "与系统数据逐格一致")


def _settled(looking: _Looking) -> Iterator[Found]:
    """Yield the members with doubles told: one Word file and one workbook is enough, a scan is one PDF or pictures."""
    best = _best_workbook(looking.found)
    for place, each in enumerate(looking.found):
        if each.fits == EXCEL and each.item and each is not best:
            yield replace(each, item="", problem="", note="多余的表格，不作为上报的数据表")
        elif each.item and not each.problem and _doubled(each, looking.found[:place], looking.found):
            message = f"「{each.name}」与包内另一个文件是同一项材料；请只保留一份，或在下面指定它是哪一项。"
            yield replace(each, item="", problem=message)
        else:
            yield each


def _best_workbook(found: Sequence[Found]) -> Found | None:
    books = [each for each in found if each.fits == EXCEL and each.item]
    return next((each for each in books if not each.problem), books[0] if books else None)


def _doubled(each: Found, before: Sequence[Found], everything: Sequence[Found]) -> bool:
    others = [one for one in before if one.item == each.item and not one.problem]
    if not others:
        return False
    pictures = all(one.kind != FileKind.PDF.label for one in everything if one.item == each.item)
    return each.fits != SCAN or not pictures
