"""Is it a Word document? .docx by its parts, .doc by its OLE streams; the sentences say how to mend what is not."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from guanshu.survey.intake.kinds import HEAD, PICTURES, FileKind, kind_of, suffix_of
from guanshu.survey.intake.ole import NoOle, OleFile
from guanshu.survey.intake.verdict import Accepted, Refused
from guanshu.survey.intake.zips import PackTooBig, Unreadable, check_layout, drain, open_zip, read_part

MOST_BYTES = 20 * 1024 * 1024
_MOST_UNPACKED = 200 * 1024 * 1024
_MOST_PART = 4 * 1024 * 1024
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOC = "application/msword"
_SAVE_AS = "请在 Word 或 WPS 中打开它，用「另存为」选择「Word 文档（.docx）」，再上传"
_MAIN = re.compile(rb"application/vnd\.openxmlformats-officedocument\.wordprocessingml\.(document|template)\.main\+xml")
_MACROS = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"(\w+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
# Parts that Word fetches from elsewhere when the document is opened.
_FETCHED = (b"/attachedTemplate", b"/frame", b"/oleObject", b"/subDocument")
# A template on one's own disk is normal (Word notes where Normal.dotm lies); one on the network is not.
_SCHEME = re.compile(rb"[a-z][a-z0-9+.\-]+:", re.IGNORECASE)
# Pictures may come from a web page, but not from a computer of the network (it would be told who opens the file).
_SHARED = (b"/image",)
_ENCRYPTED_DOC = 0x0100
_MOST_TEXT, _MOST_EMBEDDED = 64 * 1024 * 1024, 8 * 1024 * 1024
_TEXT_PART = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_FIELD = re.compile(rb"<w:instrText[^>]*>([^<]*)<|w:instr=\"([^\"]*)\"")
_DDE = re.compile(rb"\bDDE(AUTO)?\s", re.IGNORECASE)
_FOREIGN = re.compile(r"\.(exe|dll|bat|cmd|js|vbs|hta|htm|html|mht|mhtml|svg|lnk|scr|ps1)$")
_OTHER_OFFICE = {
    "xl/workbook.xml": "Excel 工作簿",
    "ppt/presentation.xml": "PowerPoint 演示文稿",
    "OFD.xml": "OFD 文件",
}


def check_word(path: Path, name: str) -> Accepted:
    """Return what kind of Word document a file is. Raises Refused; `name` is what the person's file is called."""
    if path.stat().st_size > MOST_BYTES:
        raise Refused("too_large", "文件超过 20 MB，没有接收；请压缩文中的图片（Word 的「压缩图片」）后重新上传。")
    with path.open("rb") as file:
        return check_word_file(file, name)


def check_word_file(file: BinaryIO, name: str) -> Accepted:
    """Return the same for an open file. Raises Refused."""
    head = file.read(HEAD)
    kind = kind_of(head)
    if kind is FileKind.ZIP:
        return _check_docx(file, name)
    if kind is FileKind.OLE:
        return _check_doc(file, name)
    raise _no_word(kind, name)


def _no_word(kind: FileKind, name: str) -> Refused:
    if kind is FileKind.EMPTY:
        return Refused("empty", f"「{name}」是空文件（0 字节），请检查后重新上传。")
    if kind is FileKind.PDF:
        renamed = "，只是改了后缀名" if suffix_of(name) in {"doc", "docx"} else ""
        return Refused(
            "pdf", f"「{name}」的内容是 PDF 文件{renamed}；需要 Word 文件（.doc 或 .docx），请上传原来的 Word 文件。"
        )
    if kind in PICTURES:
        return Refused(
            "picture", f"「{name}」的内容是{kind.label}；需要 Word 文件（.doc 或 .docx），请上传原来的 Word 文件。"
        )
    if kind is FileKind.RTF or kind is FileKind.HTML:
        return Refused("other_text", f"「{name}」的内容是{kind.label}；{_SAVE_AS}。")
    if kind in {FileKind.RAR, FileKind.SEVEN_ZIP}:
        return Refused("archive", f"「{name}」是{kind.label}；这里只收一个 Word 文件，请解压后上传其中的 Word 文件。")
    if suffix_of(name) == "wps":
        return _wps(name)
    return Refused("no_word", f"「{name}」不是 Word 文件；请上传 .doc 或 .docx 文件。")


def _wps(name: str) -> Refused:
    return Refused("wps", f"「{name}」是 WPS 格式；请在 WPS 中打开它，用「另存为」选择「Word 文档（.docx）」，再上传。")


def _check_doc(file: BinaryIO, name: str) -> Accepted:
    """An OLE file is a .doc when it has a WordDocument stream whose head is Word's."""
    try:
        ole = OleFile(file)
        names, head = ole.names(), ole.head("WordDocument")
    except (NoOle, struct.error) as error:
        raise Refused("damaged", f"「{name}」已损坏，无法读取；请在 Word 中打开检查，另存后重新上传。") from error
    if {"EncryptedPackage", "EncryptionInfo"} & names:
        raise _encrypted(name)
    if suffix_of(name) == "wps":
        raise _wps(name)
    if "WordDocument" not in names:
        other = (
            "Excel" if {"Workbook", "Book"} & names else "PowerPoint" if "PowerPoint Document" in names else "Word 以外"
        )
        raise Refused("other_office", f"「{name}」的内容是 {other} 的文件；请上传 Word 文件（.doc 或 .docx）。")
    if len(head) < 12 or head[:2] not in {b"\xec\xa5", b"\xdc\xa5"}:
        raise Refused("damaged", f"「{name}」已损坏，无法读取；请在 Word 中打开检查，另存后重新上传。")
    if struct.unpack_from("<H", head, 10)[0] & _ENCRYPTED_DOC:
        raise _encrypted(name)
    if {"Macros", "_VBA_PROJECT_CUR", "VBA"} & names:
        raise _macros(name)
    if "\x01Ole10Native" in names:
        raise _embedded(name)
    return Accepted(DOC, ".doc")


def _encrypted(name: str) -> Refused:
    return Refused(
        "encrypted", f"「{name}」设有打开密码；请在 Word 中取消密码（「文件」→「信息」→「保护文档」），保存后重新上传。"
    )


def _macros(name: str) -> Refused:
    return Refused("macros", f"「{name}」含有宏；{_SAVE_AS}（宏会被去掉）。")


def _embedded(name: str) -> Refused:
    return Refused("embedded", f"「{name}」里嵌有其他文件或控件；请删去它（或改为图片），保存后重新上传。")


def _check_docx(file: BinaryIO, name: str) -> Accepted:
    damaged = Refused("damaged", f"「{name}」已损坏，无法读取；请在 Word 中打开检查，另存后重新上传。")
    try:
        with open_zip(file) as pack:
            check_layout(pack, file, most_unpacked=_MOST_UNPACKED)
            _check_parts(pack, name)
            drain(pack, _MOST_UNPACKED)
    except PackTooBig as error:
        message = f"「{name}」解开后的内容异常巨大，没有接收；请在 Word 中另存为新的 .docx 文件后重新上传。"
        raise Refused("bomb", message) from error
    except (Unreadable, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise damaged from error
    return Accepted(DOCX, ".docx")


def _check_parts(pack: zipfile.ZipFile, name: str) -> None:
    names = {info.filename for info in pack.infolist()}
    if any(info.flag_bits & 1 for info in pack.infolist()):
        raise _encrypted(name)
    if "[Content_Types].xml" not in names or "word/document.xml" not in names:
        raise _other_package(names, name)
    types = read_part(pack, "[Content_Types].xml", _MOST_PART)
    if _MACROS.search(types) or any(part.lower().endswith("vbaproject.bin") for part in names):
        raise _macros(name)
    if any(_is_embedded(pack, part) for part in names):
        raise _embedded(name)
    main = _MAIN.search(types)
    if main is None:
        raise Refused("no_word", f"「{name}」不是完整的 Word 文件；{_SAVE_AS}。")
    if main[1] == b"template":
        raise Refused("template", f"「{name}」是 Word 模板；{_SAVE_AS}。")
    if any(_is_remote(relation) for part in names if part.endswith(".rels") for relation in _relations(pack, part)):
        message = (
            f"「{name}」引用了网络上的模板或对象，打开时会联网读取；请把全文复制到新建的 Word 文档中，保存后上传。"
        )
        raise Refused("external", message)
    if any(_starts_programs(read_part(pack, part, _MOST_TEXT)) for part in names if _TEXT_PART.fullmatch(part)):
        message = f"「{name}」含有会启动其他程序的域（DDE）；请把全文复制到新建的 Word 文档中，保存后上传。"
        raise Refused("fields", message)


def _starts_programs(text: bytes) -> bool:
    """Return whether a part's fields ask another program for their text; Word cuts a field into any pieces."""
    return bool(_DDE.search(b"".join(one or two for one, two in _FIELD.findall(text))))


def _is_embedded(pack: zipfile.ZipFile, part: str) -> bool:
    """Return whether a part is a packed file, a control or a foreign document; a chart's own data are none."""
    low = part.lower()
    if low.startswith(("word/activex/", "word/afchunk")) or _FOREIGN.search(low):
        return True
    if not low.startswith("word/embeddings/"):
        return False
    if not low.endswith((".xlsx", ".docx", ".pptx")):
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(read_part(pack, part, _MOST_EMBEDDED))) as inner:
            return any("vbaproject" in each.lower() or "embeddings/" in each.lower() for each in inner.namelist())
    except (zipfile.BadZipFile, ValueError, EOFError):
        return True


def _other_package(names: set[str], name: str) -> Refused:
    for part, label in _OTHER_OFFICE.items():
        if part in names:
            return Refused("other_office", f"「{name}」的内容是 {label}；请上传 Word 文件（.doc 或 .docx）。")
    return Refused("archive", f"「{name}」的内容是 zip 压缩包；这里只收一个 Word 文件，请解压后上传其中的 Word 文件。")


def _relations(pack: zipfile.ZipFile, part: str) -> Iterator[dict[bytes, bytes]]:
    for tag in _RELATION.findall(read_part(pack, part, _MOST_PART)):
        yield {key: double or single for key, double, single in _ATTRIBUTE.findall(tag)}


def _is_remote(relation: dict[bytes, bytes]) -> bool:
    kind = relation.get(b"Type", b"")
    if relation.get(b"TargetMode", b"").lower() != b"external" or not kind.endswith(_FETCHED + _SHARED):
        return False
    target = relation.get(b"Target", b"").strip().replace(b"\\", b"/")
    if kind.endswith(_SHARED) and target[:5].lower() in {b"http:", b"https"}:
        return False
    target = target[5:] if target[:5].lower() == b"file:" else target
    rest = target.lstrip(b"/")
    slashes = len(target) - len(rest)
    if re.match(rb"[a-z]:", rest, re.IGNORECASE):
        return False
    # file:///x lies on the disk; file://server/x, file:////server/x and \\\\server\\x do not.
    return bool(_SCHEME.match(rest)) or slashes == 2 or slashes > 3
