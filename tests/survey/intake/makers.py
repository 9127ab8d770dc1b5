"""Real files, made on the spot: Word by python-docx, OLE by hand, archives by zipfile, 7zz and rars.

The same arguments give the same bytes, whatever the clock says; of a 7z and a RAR only the content.
"""

import io
import struct
import subprocess
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import docx
from PIL import Image

from guanshu.survey.intake.sevenzip import binary


def word(text: str = "工作亮点与成效", **parts: bytes) -> bytes:
    """Return a .docx; `parts` replace or add parts (their names with / as __)."""
    document = docx.Document()
    document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return with_parts(buffer.getvalue(), {name.replace("__", "/"): data for name, data in parts.items()})


def with_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return a zip with some members replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            _add(new, info.filename, parts.get(info.filename, old.read(info)))
        for name in sorted(parts.keys() - set(old.namelist())):
            _add(new, name, parts[name])
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    timeless = zipfile.ZipInfo(name)
    timeless.compress_type = archive.compression
    archive.writestr(timeless, data)


def picture(kind: str = "JPEG", shade: int = 100) -> bytes:
    """Return a small picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 50, 50)).save(buffer, kind)
    return buffer.getvalue()


def pdf(pages: int = 1) -> bytes:
    """Return a PDF with blank pages."""
    buffer = io.BytesIO()
    sheets = [Image.new("L", (100, 140), 255) for _ in range(pages)]
    no_time = {"creationDate": time.gmtime(0), "modDate": time.gmtime(0)}
    sheets[0].save(buffer, "PDF", save_all=True, append_images=sheets[1:], **no_time)
    return buffer.getvalue()


def ole(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file with these streams in its root (each at least 4096 bytes long, padded)."""
    fat: list[int] = [0xFFFFFFFD]  # sector 0: the FAT itself
    body = b""
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, data in streams.items():
        padded = data.ljust(max(4096, -(-len(data) // 512) * 512), b"\0")
        first, count = len(fat), len(padded) // 512
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        body += padded
        entries.append(_entry(name, 2, first, len(padded)))
    directory = b"".join(entries)
    directory += _entry("", 0, 0, 0) * (-len(entries) % 4)
    first, count = len(fat), len(directory) // 512
    fat += [*range(first + 1, first + count), 0xFFFFFFFE]
    assert len(fat) <= 128
    table = struct.pack("<128I", *fat, *[0xFFFFFFFF] * (128 - len(fat)))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, first, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + table + body + directory


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    data = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw) if name else 0, kind, 1)
    return (data + struct.pack("<III", *[0xFFFFFFFF] * 3)).ljust(116, b"\0") + struct.pack("<IQ", start, size)


def old_word(flags: int = 0, **more: bytes) -> bytes:
    """Return a .doc: an OLE file with a WordDocument stream."""
    return ole({"WordDocument": b"\xec\xa5\xc1\0" + bytes(6) + struct.pack("<H", flags), "1Table": b"", **more})


def full(pictures: int = 3) -> dict[str, bytes]:
    """Return the members of a proper archive."""
    return {"工作总结.docx": word()} | {f"照片/{n}.jpg": picture(shade=n) for n in range(pictures)}


def make_zip(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            _add(archive, name, data)
    return buffer.getvalue()


def make_7z(folder: Path, members: Mapping[str, bytes], *switches: str) -> bytes:
    """Return a 7z made by 7zz itself."""
    for name, data in members.items():
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    target = folder / "made.7z"
    command = [str(binary()), "a", "-bd", *switches, str(target), "."]
    subprocess.run(command, cwd=folder / "in", check=True, capture_output=True)
    return target.read_bytes()


def make_rar(members: Mapping[str, bytes], **options: object) -> bytes:
    """Return a RAR5 (or `format="rar40"`)."""
    import rars

    builder = rars.RarBuilder(**options)
    for name, data in members.items():
        builder.add_bytes(data, name)
    return bytes(builder.to_bytes())
