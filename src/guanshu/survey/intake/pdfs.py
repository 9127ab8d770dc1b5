"""What a PDF may not bring along: scripts, programs to start, other files, a password, a second file type.

Looked at without a PDF library (they stay out of the web): names in the open, and in compressed object streams, which
are unpacked with a limit.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from guanshu.survey.intake.verdict import Refused

# All object streams of a file together, and one of them.
_MOST_UNPACKED, _MOST_STREAM = 64 * 1024 * 1024, 16 * 1024 * 1024
_HEAD = 1024
_STREAM = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_AGAIN = "请用「打印」或「另存为」重新生成 PDF 后上传"
_RULES: tuple[tuple[str, re.Pattern[bytes], str], ...] = (
    ("encrypted", re.compile(rb"/Encrypt\b"), "设有密码或权限限制，无法查看；请去掉密码后重新上传"),
    ("script", re.compile(rb"/(JavaScript|JS)\b"), f"含有脚本，打开时可能自动运行；{_AGAIN}"),
    (
        "launch",
        re.compile(rb"/(Launch|GoToE|GoToR|ImportData|SubmitForm)\b"),
        f"含有启动程序或读写外部文件的动作；{_AGAIN}",
    ),
    ("embedded", re.compile(rb"/(EmbeddedFiles?|RichMedia|XFA)\b"), f"内嵌了其他文件、媒体或动态表单；{_AGAIN}"),
)
_MARKUP = re.compile(rb"<(script|html|svg|iframe|\?php|\?xml)\b|<!doctype html", re.IGNORECASE)


def check_pdf(path: Path, name: str, *, locked: bool = False) -> None:
    """Raise Refused for a PDF that brings more than pages.

    locked: restrictions are no matter (electronic seals set them), whoever reads the pages finds a password anyway.
    """
    data = path.read_bytes()
    begins = data.find(b"%PDF-", 0, _HEAD)
    if begins < 0 or _MARKUP.search(data[:begins]) or data[:begins].startswith((b"PK", b"GIF", b"\xff\xd8", b"MZ")):
        raise Refused("polyglot", f"「{name}」同时是另一种格式的文件，没有接收；{_AGAIN}。")
    if is_also_zip(path):
        raise Refused("polyglot", f"「{name}」后面附有压缩包，没有接收；{_AGAIN}。")
    for part in _parts(data, name):
        plain = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)
        for code, pattern, sentence in _RULES:
            if pattern.search(plain) and not (locked and code == "encrypted"):
                raise Refused(code, f"PDF 文件「{name}」{sentence}。")


def is_also_zip(path: Path) -> bool:
    """Return whether an unpacker would find a zip in a file that begins as something else."""
    try:
        return zipfile.is_zipfile(path)
    except (OSError, ValueError):
        return False


def _parts(data: bytes, name: str) -> Iterator[bytes]:
    """Yield what is in the open, streams left out (pictures hold any bytes), and every object stream unpacked."""
    yield _open(data)
    left = _MOST_UNPACKED
    for found in _STREAM.finditer(data):
        unpacker = zlib.decompressobj()
        try:
            plain = unpacker.decompress(data[found.end() :], min(_MOST_STREAM, left) + 1)
        except zlib.error:
            continue
        left -= len(plain)
        if len(plain) > _MOST_STREAM or left <= 0:
            raise Refused("bomb", f"PDF 文件「{name}」解开后的内容异常巨大，没有接收；{_AGAIN}。")
        yield plain


def _open(data: bytes) -> bytes:
    """Return the file without its streams; an unfinished one hides nothing, the rest is kept."""
    kept, at = [], 0
    while (begins := data.find(b"stream", at)) >= 0:
        if data[begins - 3 : begins] == b"end":
            kept.append(data[at : begins + 6])
            at = begins + 6
            continue
        ends = data.find(b"endstream", begins)
        kept.append(data[at:begins])
        if ends < 0:
            at = begins + 6
            continue
        at = ends
    kept.append(data[at:])
    return b"".join(kept)
