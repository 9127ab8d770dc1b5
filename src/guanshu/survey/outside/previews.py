"""What of a kept file can be read in a browser: pages, a picture, text, the first rows, or an archive's list.

Only processes of their own import this. What it says is plain data, and what it writes are PDFs and PNGs of our own
making: never the bytes somebody uploaded.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageOps, UnidentifiedImageError

from guanshu.survey.intake.archives import is_ignored, opened_archive, printable
from guanshu.survey.intake.images import MOST_PIXELS
from guanshu.survey.intake.kinds import ARCHIVES, HEAD, FileKind, kind_of, suffix_of
from guanshu.survey.intake.packages import take_out
from guanshu.survey.intake.verdict import Refused
from guanshu.survey.intake.word import DOC, check_word_file
from guanshu.survey.intake.workbooks import is_workbook
from guanshu.survey.outside import office

Look = dict[str, Any]
SOURCE, PICTURE = "source.pdf", "1.png"
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP")
_DRAWN = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.GIF, FileKind.BMP, FileKind.WEBP})
_MOST_SIDE, _MOST_PAGES = 1600, 500
_MOST_BLOCKS, _MOST_ROWS, _MOST_COLUMNS, _MOST_SHEETS, _MOST_TEXT = 3000, 100, 30, 5, 5000
_READABLE = frozenset({"doc", "docx", "pdf", "jpg", "jpeg", "png", "gif", "bmp", "webp", "xlsx"})
_HOLDS = "需要的文件"


def look(path: Path, name: str, folder: Path, place: int | None = None) -> Look:
    """Return {"kind": pages, picture, text, sheets, members, none or nothing, …}; `folder` gets what is drawn from.

    "failed" says that LibreOffice did not manage and may another time.

    place: the member of an archive that is meant, by its place in the list. Raises Refused.
    """
    if place is None:
        return _looked_at(path, name, folder, inside=False)
    if _kind(path) not in ARCHIVES:
        return {"kind": "nothing"}
    taken = folder / "member"
    try:
        take_out(path, name, place, taken)
        if not taken.exists():
            return {"kind": "nothing"}
        with opened_archive(path, name, _HOLDS) as (opened, _, _):
            inner = printable(opened.members[place].name).replace("\\", "/").rpartition("/")[2]
        return _looked_at(taken, inner, folder, inside=True) | {"name": inner}
    finally:
        taken.unlink(missing_ok=True)


def _kind(path: Path) -> FileKind:
    with path.open("rb") as file:
        return kind_of(file.read(HEAD))


def _looked_at(path: Path, name: str, folder: Path, *, inside: bool) -> Look:
    kind = _kind(path)
    if kind is FileKind.PDF:
        return _pdf(path, folder, keep=inside)
    if kind in _DRAWN:
        return _picture(path, name, folder)
    if kind is FileKind.ZIP and is_workbook(path.read_bytes()):
        return _workbook(path, name)
    if kind is FileKind.OLE or (kind is FileKind.ZIP and suffix_of(name) == "docx"):
        return _word(path, name, folder)
    if kind in ARCHIVES:
        return (
            _none(f"「{name}」是压缩包里的压缩包，不能在网页上打开；请下载后查看。") if inside else _archive(path, name)
        )
    return _none(f"「{name}」不能在网页上查看；请下载后用相应的软件打开。")


def _none(sentence: str) -> Look:
    return {"kind": "none", "note": sentence}


def _pdf(path: Path, folder: Path, *, keep: bool) -> Look:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError:
        return _none("PDF 文件设有密码或已损坏，不能在网页上查看；请下载后打开。")
    pages = len(document)
    document.close()
    if keep:
        (folder / SOURCE).write_bytes(path.read_bytes())
    more = f"共 {pages} 页，只显示前 {_MOST_PAGES} 页。" if pages > _MOST_PAGES else ""
    return {"kind": "pages", "pages": min(pages, _MOST_PAGES), "note": more}


def _picture(path: Path, name: str, folder: Path) -> Look:
    """Draw the picture anew: upright, no larger than a screen, and nothing of its metadata."""
    try:
        with Image.open(path, formats=_FORMATS) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return _none(f"图片「{name}」已损坏或过大，不能在网页上查看；请下载后打开。")
    upright.thumbnail((_MOST_SIDE, _MOST_SIDE))
    sheet = Image.new("RGB", upright.size, "white")
    sheet.paste(upright, mask=upright.getchannel("A"))
    sheet.save(folder / PICTURE, "PNG")
    return {"kind": "picture", "pages": 1}


def _word(path: Path, name: str, folder: Path) -> Look:
    """Show a Word file's pages, or its text where LibreOffice is missing or fails. Raises Refused as its upload."""
    with path.open("rb") as file:
        old = check_word_file(file, name).media_type == DOC
    made = office.to_pdf(path, folder / SOURCE, old=old)
    if made is office.Made.DONE:
        return _pdf(folder / SOURCE, folder, keep=False)
    missing = made is office.Made.MISSING
    why = "未安装 LibreOffice" if missing else "LibreOffice 没有转换成功"
    failed = {} if missing else {"failed": True}
    if old:
        return failed | _none(f"{why}，旧版 Word 文件（.doc）不能在网页上查看；请下载后打开。")
    return failed | {"kind": "text", "note": f"{why}，只显示文字", "blocks": list(_blocks(path, name))}


def _blocks(path: Path, name: str) -> Iterator[Mapping[str, Any]]:
    """Yield {"text"} and {"rows"} of a .docx in their order. Raises Refused."""
    from docx import Document
    from docx.table import Table

    try:
        document = Document(str(path))
    except Exception as error:
        raise Refused("damaged", f"「{name}」已损坏，不能在网页上查看；请下载后打开。") from error
    for number, block in enumerate(document.iter_inner_content()):
        if number >= _MOST_BLOCKS:
            yield {"text": "……（以下内容请下载后查看）"}
            return
        if isinstance(block, Table):
            rows = block.rows[:_MOST_ROWS]
            yield {"rows": [[cell.text[:_MOST_TEXT] for cell in row.cells[:_MOST_COLUMNS]] for row in rows]}
        elif block.text.strip():
            yield {"text": block.text[:_MOST_TEXT]}


def _workbook(path: Path, name: str) -> Look:
    """Show the first rows of the first sheets."""
    from python_calamine import CalamineError, CalamineWorkbook

    from guanshu.survey.intake.zips import PackTooBig, Unreadable, drain, open_zip

    try:
        with open_zip(path) as pack:
            drain(pack, 200 * 1024 * 1024)
        book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        sheets = [
            {"name": sheet[:60], "rows": _rows(book.get_sheet_by_name(sheet).to_python(nrows=_MOST_ROWS))}
            for sheet in book.sheet_names[:_MOST_SHEETS]
        ]
    except (Unreadable, PackTooBig, CalamineError, zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return _none(f"「{name}」已损坏或过大，不能在网页上查看；请下载后打开。")
    return {"kind": "sheets", "sheets": sheets, "note": f"每张表只显示前 {_MOST_ROWS} 行、前 {_MOST_COLUMNS} 列"}


def _rows(lines: list[list[Any]]) -> list[list[str]]:
    return [[_shown(value) for value in line[:_MOST_COLUMNS]] for line in lines]


def _shown(value: object) -> str:
    return format(value, ".15g") if isinstance(value, float) else str(value)[:_MOST_TEXT]


def _archive(path: Path, name: str) -> Look:
    with opened_archive(path, name, _HOLDS) as (opened, _, _):
        members = [
            {
                "place": place,
                "name": re.sub(r"\\", "/", printable(member.name)),
                "size": member.size,
                "readable": suffix_of(member.name) in _READABLE,
            }
            for place, member in enumerate(opened.members)
            if not member.folder and not is_ignored(member.name)
        ]
    return {"kind": "members", "members": members}
