"""The free-opening archive: what is in it, looked at by content, without unpacking anything to disk."""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from guanshu.survey.intake import sevenzip, zipmembers
from guanshu.survey.intake.kinds import ARCHIVES, HEAD, PICTURES, FileKind, kind_of, runs, suffix_of
from guanshu.survey.intake.members import (
    MOST_BYTES,
    MOST_MEMBERS,
    MOST_RATIO,
    MOST_UNPACKED,
    Listed,
    Opened,
    Reader,
)
from guanshu.survey.intake.verdict import Accepted, Member, Refused
from guanshu.survey.intake.word import check_word_file
from guanshu.survey.intake.zips import office_label

FEWEST_PICTURES, MOST_PICTURES = 3, 5
# A Word file inside is held in memory while it is looked at.
_MOST_WORD = 50 * 1024 * 1024
# Below this a high ratio is harmless (a blank page compresses a thousandfold).
_RATIO_FROM = 10 * 1024 * 1024
_IGNORED_NAMES = re.compile(r"(?i)(thumbs\.db|desktop\.ini|\.ds_store|ehthumbs\.db|\._.*|~\$.*)")
_IGNORED_FOLDERS = frozenset({"__MACOSX", ".git", ".Trashes"})
_DRIVE = re.compile(r"[A-Za-z]:")
_Opener = Callable[[Path, bytes], AbstractContextManager[Opened]]
_FORMATS: Mapping[FileKind, tuple[_Opener, str, str]] = {
    FileKind.ZIP: (zipmembers.open_archive, "application/zip", ".zip"),
    FileKind.RAR: (sevenzip.open_archive, "application/vnd.rar", ".rar"),
    FileKind.SEVEN_ZIP: (sevenzip.open_archive, "application/x-7z-compressed", ".7z"),
}
_AGAIN = "再重新打包为 zip 上传"


@dataclass
class _Seen:
    """What has been found so far."""

    members: list[Member]
    words: int = 0
    pictures: int = 0
    others: list[str] | None = None
    complaint: Refused | None = None


def check_archive(path: Path, name: str) -> Accepted:
    """Return the members of a zip, rar or 7z with a Word document and pictures in it. Raises Refused."""
    with opened_archive(path, name, "工作总结和 3 至 5 张图片") as (opened, media_type, suffix):
        seen = _look(opened)
    return Accepted(media_type, suffix, tuple(seen.members), tuple(_judge(seen)))


@contextmanager
def opened_archive(path: Path, name: str, holds: str) -> Iterator[tuple[Opened, str, str]]:
    """Yield a zip, rar or 7z whose list is harmless, its media type and its suffix.

    `holds` is what sentences say should be in it. Raises Refused for what is none, damaged, encrypted or dangerous.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Refused("too_large", "压缩包超过 200 MB，没有接收；请压缩图片的尺寸后重新打包上传。")
    with path.open("rb") as file:
        head = file.read(HEAD)
    kind = kind_of(head)
    office = office_label(path) if kind is FileKind.ZIP else ""
    if kind not in _FORMATS or office:
        raise _no_archive(kind, name, holds, office)
    opener, media_type, suffix = _FORMATS[kind]
    with opener(path, head) as opened:
        _check_listing(opened, path.stat().st_size, holds)
        yield opened, media_type, suffix


def _no_archive(kind: FileKind, name: str, holds: str, office: str) -> Refused:
    if kind is FileKind.EMPTY:
        return Refused("empty", f"「{name}」是空文件（0 字节），请检查后重新上传。")
    what = office or ("其他格式的文件" if kind is FileKind.OTHER else kind.label)
    return Refused("no_archive", f"「{name}」的内容是{what}；请把{holds}打成一个压缩包（.zip、.rar 或 .7z）后上传。")


def _check_listing(opened: Opened, packed: int, holds: str) -> None:
    """Refuse by the list alone, before anything is unpacked."""
    members = opened.members
    if len(members) > MOST_MEMBERS:
        raise Refused("too_many", f"压缩包里有超过 {MOST_MEMBERS} 个文件；请只放{holds}，{_AGAIN}。")
    if any(member.encrypted for member in members):
        raise Refused("encrypted", f"压缩包设有密码，无法查看；请去掉密码，{_AGAIN}。")
    for member in members:
        if _is_dangerous_name(member.name):
            shown = printable(member.name)
            raise Refused(
                "traversal", f"压缩包里「{shown}」的路径不正常，解压时可能覆盖其他文件；请重新打包为 zip 后上传。"
            )
        if member.link:
            raise Refused("link", f"压缩包里的「{printable(member.name)}」是链接，不是文件；请放入文件本身，{_AGAIN}。")
    total = sum(member.size for member in members)
    if total > MOST_UNPACKED:
        raise Refused("too_big_unpacked", f"压缩包解开后超过 500 MB；请压缩图片的尺寸，{_AGAIN}。")
    if total > _RATIO_FROM and total > MOST_RATIO * max(packed, 1):
        raise _bomb()
    if any(m.packed is not None and m.size > _RATIO_FROM and m.size > MOST_RATIO * max(m.packed, 1) for m in members):
        raise _bomb()


def _bomb() -> Refused:
    return Refused("bomb", f"压缩包的压缩比异常（超过 {MOST_RATIO} 倍），可能是恶意文件；请检查内容，{_AGAIN}。")


def _is_dangerous_name(name: str) -> bool:
    parts = re.split(r"[/\\]", name)
    if any(part == ".." for part in parts) or name.startswith(("/", "\\")) or _DRIVE.match(name):
        return True
    return any(ord(char) < 32 or ord(char) == 127 for char in name)


def printable(name: str) -> str:
    """Return a member's name as a sentence can quote it: no control or bidi characters, not too long."""
    clean = "".join(char if char.isprintable() else "?" for char in name)
    return clean if len(clean) <= 60 else f"{clean[:40]}…{clean[-15:]}"


def _look(opened: Opened) -> _Seen:
    seen = _Seen([], others=[])
    for member, reader in opened.read():
        if member.folder or is_ignored(member.name):
            continue
        _look_at(member, reader, seen)
    return seen


def is_ignored(name: str) -> bool:
    """Return whether a member is what systems leave behind (Thumbs.db, __MACOSX …), not what a person put there."""
    *folders, last = re.split(r"[/\\]", name)
    return not last or bool(_IGNORED_FOLDERS & set(folders)) or _IGNORED_NAMES.fullmatch(last) is not None


def _look_at(member: Listed, reader: Reader, seen: _Seen) -> None:
    head = reader.read(HEAD)
    kind, shown = kind_of(head), printable(member.name)
    label = kind.label
    if kind in PICTURES:
        seen.pictures += 1
    elif kind in {FileKind.PROGRAM, FileKind.LINK} or runs(member.name):
        raise Refused("program", f"压缩包里的「{shown}」是程序或快捷方式，不能接收；请删去它，{_AGAIN}。")
    elif kind is FileKind.OLE or (kind is FileKind.ZIP and suffix_of(member.name) not in {"zip", "rar", "7z"}):
        label = _look_at_office(member, head, reader, seen)
    elif kind in ARCHIVES:
        raise Refused("nested", f"压缩包里还有压缩包「{shown}」；请先把它解开，把里面的文件直接放进来，{_AGAIN}。")
    else:
        _other(seen, shown)
    seen.members.append(Member(printable(member.name), member.size, label))


def _other(seen: _Seen, shown: str) -> None:
    if seen.others is not None:
        seen.others.append(shown)


def _look_at_office(member: Listed, head: bytes, reader: Reader, seen: _Seen) -> str:
    """Count a Word document; another Office file is an extra file, a dangerous one is refused."""
    shown = printable(member.name)
    if member.size > _MOST_WORD:
        raise Refused("too_large", f"压缩包里的「{shown}」超过 50 MB；请压缩文中的图片，{_AGAIN}。")
    content: BinaryIO = io.BytesIO(head + reader.read(_MOST_WORD))
    try:
        check_word_file(content, shown.rpartition("/")[2])
    except Refused as refused:
        if refused.code in {"encrypted", "macros", "external", "bomb", "embedded", "fields"}:
            raise Refused(refused.code, f"压缩包里的{refused.message}") from refused
        if refused.code == "archive":
            message = f"压缩包里还有压缩包「{shown}」；请先把它解开，把里面的文件直接放进来，{_AGAIN}。"
            raise Refused("nested", message) from refused
        if refused.code in {"wps", "damaged", "template", "no_word"}:
            seen.complaint = Refused(refused.code, f"压缩包里的{refused.message}")
        _other(seen, shown)
        return "Office 文件"
    seen.words += 1
    return "Word 文件"


def _judge(seen: _Seen) -> Iterator[str]:
    """Yield what is to be confirmed. Raises Refused for what is missing."""
    if not seen.members:
        raise Refused("empty", f"压缩包里没有文件；请放入工作总结（Word）和 3 至 5 张图片，{_AGAIN}。")
    if not seen.words:
        message = "压缩包里没有 Word 文件；请放入免费开放工作总结（.doc 或 .docx）后重新打包上传。"
        raise seen.complaint or Refused("no_word", message)
    if seen.pictures < FEWEST_PICTURES:
        message = f"压缩包里只有 {seen.pictures} 张图片，需要 3 至 5 张（JPG、PNG 等）；请补充后重新打包上传。"
        raise Refused("few_pictures", message)
    if seen.pictures > MOST_PICTURES:
        yield f"压缩包里有 {seen.pictures} 张图片，通知要求 3 至 5 张。"
    if seen.others:
        some = "、".join(f"「{name}」" for name in seen.others[:5])
        more = f"等 {len(seen.others)} 个文件" if len(seen.others) > 5 else ""
        yield f"除 Word 文件和图片外，压缩包里还有{some}{more}。"
