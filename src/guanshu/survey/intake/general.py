"""Any other file of a form or a declaration: PDF, Word or a picture."""

from pathlib import Path

from guanshu.survey.intake.images import check_image
from guanshu.survey.intake.kinds import HEAD, FileKind, kind_of
from guanshu.survey.intake.pdfs import check_pdf
from guanshu.survey.intake.verdict import Accepted, Refused
from guanshu.survey.intake.word import check_word

MOST_BYTES = 20 * 1024 * 1024
_TYPES = {
    FileKind.PDF: ("application/pdf", ".pdf"),
    FileKind.JPEG: ("image/jpeg", ".jpg"),
    FileKind.PNG: ("image/png", ".png"),
}


def check_general(path: Path, name: str) -> Accepted:
    """Return what the file is. Raises Refused for anything but PDF, Word, JPG and PNG."""
    if path.stat().st_size > MOST_BYTES:
        raise Refused("too_large", "文件超过 20 MB，没有接收；请压缩后重新上传。")
    with path.open("rb") as file:
        kind = kind_of(file.read(HEAD))
    if kind in _TYPES:
        (check_pdf if kind is FileKind.PDF else check_image)(path, name)
        return Accepted(*_TYPES[kind])
    if kind in {FileKind.ZIP, FileKind.OLE}:
        return check_word(path, name)
    if kind is FileKind.EMPTY:
        raise Refused("empty", f"「{name}」是空文件（0 字节），请检查后重新上传。")
    raise Refused("wrong_kind", f"「{name}」不是可以接收的文件；请上传 PDF、Word（.doc、.docx）或 JPG、PNG 图片。")
