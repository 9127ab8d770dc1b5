"""Files that are handed out to everybody: a PDF, a Word or an Excel file, and exactly the one that is expected."""

import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from guanshu.survey.intake.kinds import HEAD, FileKind, kind_of
from guanshu.survey.intake.pdfs import check_pdf
from guanshu.survey.intake.verdict import Accepted, Refused
from guanshu.survey.intake.word import check_word
from guanshu.survey.intake.zips import PackTooBig, Unreadable, check_layout, drain, open_zip, read_part

MOST_BYTES = 20 * 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_UNPACKED, _MOST_PART = 200 * 1024 * 1024, 4 * 1024 * 1024
_LABELS = {"pdf": "PDF 文件", "docx": "Word 文件（.docx）", "xlsx": "Excel 文件（.xlsx）"}
_MAIN = re.compile(rb"application/vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet\.main\+xml")
_MACROS = re.compile(rb"macroEnabled|vbaProject|macrosheet", re.IGNORECASE)
_RUNNING = ("xl/macrosheets/", "xl/dialogsheets/", "xl/activex/", "xl/ctrlprops/", "xl/embeddings/")
_FETCHING = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_OUTSIDE = re.compile(rb"TargetMode\s*=\s*[\"']External", re.IGNORECASE)
_LINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")


def check_official(path: Path, name: str, suffix: str) -> Accepted:
    """Return what the file is, when it is what `suffix` (pdf, docx, xlsx) says. Raises Refused, KeyError."""
    check = _CHECKS[suffix]
    if path.stat().st_size > MOST_BYTES:
        raise Refused("too_large", "文件超过 20 MB，没有接收；请压缩后重新上传。")
    with path.open("rb") as file:
        kind = kind_of(file.read(HEAD))
    if kind is FileKind.EMPTY:
        raise Refused("empty", f"「{name}」是空文件（0 字节），请检查后重新上传。")
    return check(path, name, kind)


def _pdf(path: Path, name: str, kind: FileKind) -> Accepted:
    if kind is not FileKind.PDF:
        raise _wrong(name, kind, "pdf")
    check_pdf(path, name)
    return Accepted("application/pdf", ".pdf")


def _word(path: Path, name: str, kind: FileKind) -> Accepted:
    if kind is not FileKind.ZIP:
        raise _wrong(name, kind, "docx")
    return check_word(path, name)


def _excel(path: Path, name: str, kind: FileKind) -> Accepted:
    if kind is not FileKind.ZIP:
        raise _wrong(name, kind, "xlsx")
    try:
        with path.open("rb") as file, open_zip(file) as pack:
            check_layout(pack, file, most_unpacked=_MOST_UNPACKED)
            _check_parts(pack, name)
            drain(pack, _MOST_UNPACKED)
    except PackTooBig as error:
        raise Refused("bomb", f"「{name}」解开后的内容异常巨大，没有接收；请另存为新的 .xlsx 文件后上传。") from error
    except (Unreadable, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Refused("damaged", f"「{name}」已损坏，无法读取；请在 Excel 中打开检查，另存后重新上传。") from error
    return Accepted(XLSX, ".xlsx")


def _check_parts(pack: zipfile.ZipFile, name: str) -> None:
    names = {info.filename for info in pack.infolist()}
    if any(info.flag_bits & 1 for info in pack.infolist()):
        raise Refused("encrypted", f"「{name}」设有打开密码；请取消密码，保存后重新上传。")
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise _wrong(name, FileKind.ZIP, "xlsx")
    types = read_part(pack, "[Content_Types].xml", _MOST_PART)
    low = {each.lower() for each in names}
    if _MACROS.search(types) or any(each.endswith("vbaproject.bin") for each in low):
        raise Refused("macros", f"「{name}」含有宏；请用「另存为」选择「Excel 工作簿（.xlsx）」，再上传（去掉宏）。")
    if _MAIN.search(types) is None:
        raise _wrong(name, FileKind.ZIP, "xlsx")
    if any(each.startswith(_RUNNING) for each in low):
        raise Refused("embedded", f"「{name}」里嵌有其他文件或控件；请删去它，保存后重新上传。")
    if any(each.startswith(_FETCHING) for each in low) or any(_fetches(pack, each) for each in names):
        raise Refused("external", f"「{name}」引用了其他工作簿或网络上的数据；请断开链接（只保留数值），保存后上传。")


def _fetches(pack: zipfile.ZipFile, part: str) -> bool:
    """Return whether a part names anything outside the file that is not a link to be clicked."""
    if not part.lower().endswith(".rels"):
        return False
    relations = _RELATION.findall(read_part(pack, part, _MOST_PART))
    return any(_OUTSIDE.search(each) and not _LINK.search(each) for each in relations)


def _wrong(name: str, kind: FileKind, suffix: str) -> Refused:
    return Refused("wrong_kind", f"「{name}」的内容是{kind.label}；这里需要 {_LABELS[suffix]}，请另存为这种格式再传。")


_CHECKS: Mapping[str, Callable[[Path, str, FileKind], Accepted]] = {"pdf": _pdf, "docx": _word, "xlsx": _excel}
