"""The free-opening archive: listed by content, hostile ones refused each with its own sentence."""

import io
import zipfile
from pathlib import Path

import pytest

from guanshu.survey.intake.archives import check_archive
from guanshu.survey.intake.verdict import Accepted, Refused
from tests.survey.intake import makers


def check(folder: Path, data: bytes, name: str = "材料.zip") -> Accepted:
    path = folder / "upload"
    path.write_bytes(data)
    return check_archive(path, name)


def refusal(folder: Path, data: bytes, name: str = "材料.zip") -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        check(folder, data, name)
    message = caught.value.message
    assert message.endswith("。")
    assert message.count("。") == 1
    return caught.value.code, message


def archives(folder: Path, members: dict[str, bytes]) -> dict[str, bytes]:
    return {
        ".zip": makers.make_zip(members),
        ".7z": makers.make_7z(folder, members),
        ".rar": makers.make_rar(members, store=True),
    }


def test_the_three_formats_are_listed_alike(tmp_path: Path) -> None:
    for suffix, data in archives(tmp_path, makers.full()).items():
        found = check(tmp_path, data, "名字随便.bin")
        assert found.suffix == suffix
        assert not found.notes
        assert sorted((member.name, member.kind) for member in found.members) == [
            ("工作总结.docx", "Word 文件"),
            *((f"照片/{n}.jpg", "JPG 图片") for n in range(3)),
        ]


def test_compressed_rars_old_and_new_are_read(tmp_path: Path) -> None:
    for version in ("rar40", "rar50"):
        assert len(check(tmp_path, makers.make_rar(makers.full(), format=version)).members) == 4


def test_what_systems_leave_behind_is_ignored(tmp_path: Path) -> None:
    litter = {"Thumbs.db": b"x", "__MACOSX/._a.jpg": b"x", "照片/.DS_Store": b"x", "照片/desktop.ini": b"x"}
    data = makers.make_zip({"材料/": b"", **makers.full(), **litter})
    found = check(tmp_path, data)
    assert len(found.members) == 4
    assert not found.notes


def test_gbk_and_undeclared_utf8_names_are_decoded(tmp_path: Path) -> None:
    for encoding in ("gbk", "utf-8"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, data in makers.full().items():
                archive.writestr(zipfile.ZipInfo(name.encode(encoding).decode("cp437")), data)
        data = buffer.getvalue()
        # zipfile declared its mojibake as UTF-8; take names and flag back to what Windows writes.
        for name in makers.full():
            raw = name.encode(encoding)
            data = data.replace(raw.decode("cp437").encode(), raw.ljust(len(raw.decode("cp437").encode()), b"_"))
        data = bytes(data)
        patched = bytearray(data)
        for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = data.find(signature)
            while place >= 0:
                patched[place + at + 1] &= ~8
                place = data.find(signature, place + 4)
        found = check(tmp_path, bytes(patched))
        assert any(member.name.startswith("工作总结.docx") for member in found.members)


def test_more_pictures_and_other_files_ask_to_be_confirmed(tmp_path: Path) -> None:
    found = check(tmp_path, makers.make_zip({**makers.full(7), "说明.txt": b"text", "报告.pdf": makers.pdf()}))
    assert found.notes == (
        "压缩包里有 7 张图片，通知要求 3 至 5 张。",
        "除 Word 文件和图片外，压缩包里还有「说明.txt」、「报告.pdf」。",
    )


def test_pictures_are_counted_by_content(tmp_path: Path) -> None:
    heic = b"\0\0\0\x18ftypheic" + bytes(40)
    members = {"a.docx": makers.word(), "1.txt": heic, "2.dat": makers.picture("PNG"), "3.jpg": b"no picture"}
    assert refusal(tmp_path, makers.make_zip(members))[0] == "few_pictures"
    members["4"] = makers.picture("GIF")
    assert check(tmp_path, makers.make_zip(members)).notes == ("除 Word 文件和图片外，压缩包里还有「3.jpg」。",)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"工作总结.docx": makers.pdf()}, "no_word"),
        ({"工作总结.docx": b"", "x.wps": makers.old_word()}, "wps"),
        ({"照片/0.jpg": b"nothing"}, "few_pictures"),
        ({"inner.zip": makers.make_zip(makers.full())}, "nested"),
        ({"inner.dat": makers.make_zip(makers.full())}, "nested"),
        ({"inner.docx": makers.make_zip(makers.full())}, "nested"),
        ({"inner.7z": b"7z\xbc\xaf\x27\x1c" + bytes(90)}, "nested"),
        ({"inner.tgz": b"\x1f\x8b" + bytes(90)}, "nested"),
        ({"安装.exe": b"MZ" + bytes(90)}, "program"),
        ({"照片.jpg.lnk": b"x"}, "program"),
        ({"cover.jpg": b"MZ" + bytes(90)}, "program"),
        ({"秘密.docx": makers.ole({"EncryptedPackage": b"x"})}, "encrypted"),
        ({"宏.doc": makers.old_word(Macros=b"x")}, "macros"),
        ({"../../etc/passwd": b"x"}, "traversal"),
        ({"a\\..\\b.txt": b"x"}, "traversal"),
        ({"/abs.txt": b"x"}, "traversal"),
        ({"C:\\x.txt": b"x"}, "traversal"),
        ({"a\nb.txt": b"x"}, "traversal"),
    ],
)
def test_zips_are_refused_each_with_its_sentence(tmp_path: Path, changes: dict[str, bytes], code: str) -> None:
    assert refusal(tmp_path, makers.make_zip({**makers.full(), **changes}))[0] == code


def test_links_are_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO(makers.make_zip(makers.full()))
    with zipfile.ZipFile(buffer, "a") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    assert refusal(tmp_path, buffer.getvalue())[0] == "link"


def test_a_word_document_alone_is_called_what_it_is(tmp_path: Path) -> None:
    code, sentence = refusal(tmp_path, makers.word())
    assert code == "no_archive"
    assert "的内容是Word 文件；请把工作总结和 3 至 5 张图片打成一个压缩包" in sentence


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + bytes(18), makers.pdf(), b"hello"])
def test_what_is_no_archive_is_named(tmp_path: Path, data: bytes) -> None:
    assert refusal(tmp_path, data)[0] in {"empty", "no_archive"}


def test_encrypted_archives_are_refused(tmp_path: Path) -> None:
    members = makers.full()
    made = {
        "7z": makers.make_7z(tmp_path / "a", members, "-pabc"),
        "7z names": makers.make_7z(tmp_path / "b", members, "-pabc", "-mhe=on"),
        "rar": makers.make_rar(members, store=True, password="abc"),
        "rar names": makers.make_rar(members, store=True, password="abc", encrypt_headers=True),
    }
    target = tmp_path / "c.zip"
    (tmp_path / "c").mkdir()
    import subprocess

    from guanshu.survey.intake.sevenzip import binary

    subprocess.run(
        [str(binary()), "a", "-pabc", str(target), str(tmp_path / "a" / "in")], check=True, capture_output=True
    )
    made["zip"] = target.read_bytes()
    for kind, data in made.items():
        assert refusal(tmp_path, data)[0] == "encrypted", kind


def test_damaged_archives_are_refused(tmp_path: Path) -> None:
    for kind, data in archives(tmp_path, makers.full()).items():
        assert refusal(tmp_path, data[: len(data) // 2])[0] == "damaged", kind
        middle = len(data) // 3
        flipped = data[:middle] + bytes(byte ^ 255 for byte in data[middle : middle + 40]) + data[middle + 40 :]
        assert refusal(tmp_path, flipped)[0] == "damaged", kind


def test_bombs_are_refused_by_their_list(tmp_path: Path) -> None:
    zeros = {"a.bmp": bytes(60 * 1024 * 1024)}
    assert refusal(tmp_path, makers.make_zip({**makers.full(), **zeros}))[0] == "bomb"
    assert refusal(tmp_path, makers.make_7z(tmp_path, {**makers.full(), **zeros}))[0] == "bomb"


def test_lying_sizes_do_not_help(tmp_path: Path) -> None:
    data = bytearray(makers.make_zip({**makers.full(), "z.bin": bytes(60 * 1024 * 1024)}))
    true = (60 * 1024 * 1024).to_bytes(4, "little")
    place = data.find(true)
    while place >= 0:
        data[place : place + 4] = (1000).to_bytes(4, "little")
        place = data.find(true, place + 4)
    assert refusal(tmp_path, bytes(data))[0] == "damaged"


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    """Fifield's bomb: many entries of the list share one body."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in makers.full().items():
            archive.writestr(name, data)
        infos = archive.infolist()
        for info in infos[1:]:
            info.header_offset = infos[0].header_offset
    assert refusal(tmp_path, buffer.getvalue())[0] == "damaged"


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    many = {f"{n}.txt": b"" for n in range(2001)}
    for kind, data in archives(tmp_path, {**makers.full(), **many}).items():
        assert refusal(tmp_path, data)[0] == "too_many", kind


def test_one_part_of_a_split_rar_is_named(tmp_path: Path) -> None:
    import random

    import rars

    builder = rars.RarBuilder(store=True, volume_size=70_000)
    builder.add_bytes(random.Random(1).randbytes(200_000), "a.jpg")
    builder.write_volumes(str(tmp_path / "x.part1.rar"))
    first = min(tmp_path.glob("x.part*1.rar"))
    assert refusal(tmp_path, first.read_bytes())[0] == "volumes"


def test_a_polyglot_is_taken_for_what_it_begins_with(tmp_path: Path) -> None:
    assert refusal(tmp_path, makers.pdf() + makers.make_zip(makers.full()))[0] == "no_archive"
    assert refusal(tmp_path, makers.make_zip(makers.full()) + makers.make_zip(makers.full()))[0] == "damaged"


def test_nothing_is_written_beside_the_upload(tmp_path: Path) -> None:
    made = archives(tmp_path / "made", makers.full())
    place = tmp_path / "place"
    place.mkdir()
    for data in made.values():
        check(place, data)
        assert [path.name for path in place.iterdir()] == ["upload"]
