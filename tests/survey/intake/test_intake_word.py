"""年度工作总结 is a Word document by its content, whatever it is called."""

import io
import zipfile
from pathlib import Path

import pytest

from guanshu.survey.intake import word as checks
from guanshu.survey.intake.verdict import Refused
from tests.survey.intake import makers

_TYPES = "[Content_Types].xml"
_RELATION = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" '
    b'Target="%s" TargetMode="External"/></Relationships>'
)


@pytest.fixture
def check(tmp_path: Path):  # type: ignore[no-untyped-def]
    def checking(data: bytes, name: str = "总结.docx"):  # type: ignore[no-untyped-def]
        path = tmp_path / "upload"
        path.write_bytes(data)
        return checks.check_word(path, name)

    return checking


def refusal(check, data: bytes, name: str = "总结.docx") -> tuple[str, str]:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as caught:
        check(data, name)
    message = caught.value.message
    assert message.endswith("。")
    assert message.count("。") == 1
    return caught.value.code, message


def test_word_documents_are_taken(check) -> None:  # type: ignore[no-untyped-def]
    assert check(makers.word()).suffix == ".docx"
    assert check(makers.old_word(), "总结.doc").suffix == ".doc"


def test_the_suffix_follows_the_content(check) -> None:  # type: ignore[no-untyped-def]
    assert check(makers.word(), "总结.doc").suffix == ".docx"
    assert check(makers.old_word(), "总结.docx").suffix == ".doc"


def test_a_renamed_pdf_is_named_as_such(check) -> None:  # type: ignore[no-untyped-def]
    code, message = refusal(check, makers.pdf())
    assert code == "pdf"
    assert (
        message
        == "「总结.docx」的内容是 PDF 文件，只是改了后缀名；需要 Word 文件（.doc 或 .docx），请上传原来的 Word 文件。"
    )
    assert "改了后缀名" not in refusal(check, makers.pdf(), "总结.pdf")[1]


def test_wps_is_told_how_to_save(check) -> None:  # type: ignore[no-untyped-def]
    code, message = refusal(check, makers.old_word(), "总结.wps")
    assert code == "wps"
    assert "另存为" in message
    assert ".docx" in message


def _zip(members: dict[str, bytes]) -> bytes:
    return makers.make_zip(members)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "总结.docx", "empty"),
        (makers.picture(), "总结.docx", "picture"),
        (b"{\\rtf1 hello}", "总结.doc", "other_text"),
        (b"<html><body>x</body></html>", "总结.doc", "other_text"),
        (b"just text", "总结.doc", "no_word"),
        (_zip({"xl/workbook.xml": b"x", _TYPES: b"x"}), "总结.docx", "other_office"),
        (_zip({"OFD.xml": b"x"}), "总结.docx", "other_office"),
        (_zip({"a.txt": b"x"}), "总结.docx", "archive"),
        (b"7z\xbc\xaf\x27\x1c", "总结.docx", "archive"),
        (makers.ole({"Workbook": b"x"}), "总结.doc", "other_office"),
        (makers.ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "总结.docx", "encrypted"),
        (makers.old_word(flags=0x100), "总结.doc", "encrypted"),
        (makers.old_word(Macros=b"x"), "总结.doc", "macros"),
        (makers.ole({"WordDocument": b"junk"}), "总结.doc", "damaged"),
        (makers.old_word()[:700], "总结.doc", "damaged"),
        (makers.word()[:-200], "总结.docx", "damaged"),
        (makers.word(word__vbaProject_bin=b"x").replace(b"vbaProject_bin", b"vbaProject.bin"), "总结.docx", "macros"),
        (b"%PDF-1.7\n" + makers.word(), "总结.docx", "pdf"),
        (b"<html>" + makers.word(), "总结.docx", "other_text"),
        (b"MZ\x90" + makers.word(), "总结.docx", "no_word"),
        (makers.word() + makers.word(), "总结.docx", "damaged"),
    ],
)
def test_everything_else_gets_its_own_sentence(check, data: bytes, name: str, code: str) -> None:  # type: ignore[no-untyped-def]
    assert refusal(check, data, name)[0] == code


def test_a_changed_byte_is_noticed(check) -> None:  # type: ignore[no-untyped-def]
    data = makers.word("很长的内容" * 2000)
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        at = pack.getinfo("word/document.xml").header_offset + 120
    assert refusal(check, data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :])[0] == "damaged"


@pytest.mark.parametrize(
    ("kind", "target", "taken"),
    [
        (b"attachedTemplate", b"http://example.org/a.dotm", False),
        (b"attachedTemplate", b"\\\\server\\share\\a.dotm", False),
        (b"attachedTemplate", b"file://server/share/a.dotm", False),
        (b"attachedTemplate", b"file:///\\\\server\\a.dotm", False),
        (b"attachedTemplate", b"file:////server/a.dotm", False),
        (b"oleObject", b"https://example.org/x", False),
        (b"attachedTemplate", b"file:///C:\\Users\\li\\Templates\\Normal.dotm", True),
        (b"attachedTemplate", b"Normal.dotm", True),
        (b"hyperlink", b"https://sjcj.cdstm.cn/", True),
    ],
)
def test_only_templates_from_the_network_are_refused(check, kind: bytes, target: bytes, taken: bool) -> None:  # type: ignore[no-untyped-def]
    data = makers.with_parts(makers.word(), {"word/_rels/settings.xml.rels": _RELATION % (kind, target)})
    if taken:
        assert check(data)
    else:
        assert refusal(check, data)[0] == "external"


def test_macros_and_templates_by_content_type(check) -> None:  # type: ignore[no-untyped-def]
    with zipfile.ZipFile(io.BytesIO(makers.word())) as pack:
        types = pack.read(_TYPES)
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    macros = types.replace(main, b"application/vnd.ms-word.document.macroEnabled.main+xml")
    assert refusal(check, makers.with_parts(makers.word(), {_TYPES: macros}))[0] == "macros"
    template = types.replace(main, main.replace(b"document.main", b"template.main"))
    assert refusal(check, makers.with_parts(makers.word(), {_TYPES: template}))[0] == "template"


def test_a_bomb_is_not_unpacked(check) -> None:  # type: ignore[no-untyped-def]
    data = makers.with_parts(makers.word(), {"word/media/x.bmp": bytes(210 * 1024 * 1024)})
    assert len(data) < 2_000_000
    assert refusal(check, data)[0] == "bomb"


def test_more_than_20_mb_are_refused(check) -> None:  # type: ignore[no-untyped-def]
    assert refusal(check, bytes(20 * 1024 * 1024 + 1))[0] == "too_large"


def test_ole_loops_end(check) -> None:  # type: ignore[no-untyped-def]
    data = bytearray(makers.old_word())
    # Every sector of the FAT points to itself.
    for n in range(128):
        data[512 + 4 * n : 516 + 4 * n] = n.to_bytes(4, "little")
    assert refusal(check, bytes(data), "总结.doc")[0] == "damaged"
