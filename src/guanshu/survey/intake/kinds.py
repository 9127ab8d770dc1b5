"""What a file is, by its first bytes; the name is never believed."""

import re
from enum import Enum

HEAD = 4096


class FileKind(Enum):
    """Kinds told apart; `label` is what sentences call them."""

    EMPTY = "空文件"
    ZIP = "zip 压缩包"
    RAR = "rar 压缩包"
    SEVEN_ZIP = "7z 压缩包"
    OLE = "旧版 Office 文件"
    PDF = "PDF 文件"
    JPEG = "JPG 图片"
    PNG = "PNG 图片"
    HEIC = "HEIC 图片"
    GIF = "GIF 图片"
    BMP = "BMP 图片"
    WEBP = "WebP 图片"
    TIFF = "TIFF 图片"
    RTF = "RTF 文件"
    HTML = "网页文件"
    PROGRAM = "程序文件"
    LINK = "快捷方式"
    TAR = "其他格式的压缩包"
    OTHER = "其他文件"

    @property
    def label(self) -> str:
        """Return the kind as sentences call it."""
        return self.value


PICTURES = frozenset(
    {FileKind.JPEG, FileKind.PNG, FileKind.HEIC, FileKind.GIF, FileKind.BMP, FileKind.WEBP, FileKind.TIFF}
)
ARCHIVES = frozenset({FileKind.ZIP, FileKind.RAR, FileKind.SEVEN_ZIP, FileKind.TAR})
_STARTS = (
    (b"PK\x03\x04", FileKind.ZIP),
    (b"PK\x05\x06", FileKind.ZIP),
    (b"Rar!\x1a\x07", FileKind.RAR),
    (b"7z\xbc\xaf\x27\x1c", FileKind.SEVEN_ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind.OLE),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"GIF87a", FileKind.GIF),
    (b"GIF89a", FileKind.GIF),
    (b"II*\0", FileKind.TIFF),
    (b"MM\0*", FileKind.TIFF),
    (b"{\\rtf", FileKind.RTF),
    (b"MZ", FileKind.PROGRAM),
    (b"\x7fELF", FileKind.PROGRAM),
    (b"#!", FileKind.PROGRAM),
    (b"L\0\0\0\x01\x14\x02\0", FileKind.LINK),
    (b"\x1f\x8b", FileKind.TAR),
    (b"BZh", FileKind.TAR),
    (b"\xfd7zXZ\0", FileKind.TAR),
    (b"MSCF", FileKind.TAR),
)
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
# Names that Windows runs or opens with more than a viewer, whatever the content is.
_RUNNING = frozenset(
    re.findall(
        r"\w+",
        "exe com scr bat cmd ps1 vbs vbe js jse wsf wsh hta msi msp dll lnk url reg jar pif cpl chm iso img vhd",
    )
)


def kind_of(head: bytes) -> FileKind:
    """Return what a file is; `head` holds its first HEAD bytes (or all of it)."""
    if not head:
        return FileKind.EMPTY
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return FileKind.HEIC
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return FileKind.WEBP
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return FileKind.BMP
    if head[257:262] == b"ustar":
        return FileKind.TAR
    # Readers take a PDF whose mark stands a little later; so must we, or it would pass for something else.
    if b"%PDF-" in head[:1024]:
        return FileKind.PDF
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:14].lower().startswith((b"<!doctype html", b"<html")):
        return FileKind.HTML
    return FileKind.OTHER


def suffix_of(name: str) -> str:
    """Return a name's suffix in lower case without its dot, "" when there is none."""
    return name.rpartition("/")[2].rpartition(".")[2].lower().strip() if "." in name else ""


def runs(name: str) -> bool:
    """Return whether opening a file of this name may run it."""
    return suffix_of(name) in _RUNNING
