"""A province's own archive: proper, sloppy and hostile ones, each with its own sentence."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from guanshu.survey.intake.packages import Found, look_into, take_out
from guanshu.survey.intake.titles import Wanted, by_name, docx_text
from guanshu.survey.intake.verdict import Refused
from tests.survey.intake import makers

FREE, PLANNED = "2022年度河北省全国科技馆免费开放名单", "2023年度河北省拟新增免费开放科技馆名单"
REPORT = "2022年度河北省补助资金绩效自评报告"
WANTED = [
    Wanted("free-word", "附件4", FREE, "全国科技馆免费开放名单", "word"),
    Wanted("free-scan", "附件4", FREE, "全国科技馆免费开放名单", "scan"),
    Wanted("planned-word", "附件5", PLANNED, "拟新增免费开放科技馆名单", "word"),
    Wanted("planned-scan", "附件5", PLANNED, "拟新增免费开放科技馆名单", "scan"),
    Wanted("evaluation-word", "自评报告", REPORT, "自评报告", "word"),
    Wanted("evaluation-scan", "自评报告", REPORT, "自评报告", "scan"),
]
PROPER: Mapping[str, bytes] = {
    f"{FREE}.docx": makers.word(FREE),
    f"{FREE}（盖章扫描件）.pdf": makers.pdf(2),
    f"{PLANNED}.docx": makers.word(PLANNED),
    f"{PLANNED}（盖章扫描件）.pdf": makers.pdf(1),
    f"{REPORT}.docx": makers.word(REPORT),
    f"{REPORT}（盖章扫描件）.pdf": makers.pdf(3),
}
EVERYTHING = {each.item for each in WANTED}


def look(tmp_path: Path, data: bytes, name: str = "材料.zip") -> list[Found]:
    path = tmp_path / "arrived"
    path.write_bytes(data)
    return look_into(path, name, WANTED)


def one(found: list[Found], part: str) -> Found:
    (each,) = [each for each in found if part in each.name]
    return each


def items(found: list[Found]) -> set[str]:
    return {each.item for each in found if each.item and not each.problem}


def test_a_proper_zip_is_matched_item_by_item(tmp_path: Path) -> None:
    found = look(tmp_path, makers.make_zip(PROPER))
    assert items(found) == EVERYTHING
    assert not any(each.problem or each.note for each in found)


@pytest.mark.parametrize("kind", ["7z", "rar5", "rar40"])
def test_so_are_7z_and_rar(tmp_path: Path, kind: str) -> None:
    options = {} if kind == "rar5" else {"format": "rar40"}
    data = makers.make_7z(tmp_path, PROPER) if kind == "7z" else makers.make_rar(PROPER, **options)
    assert items(look(tmp_path, data, f"材料.{kind[:3]}")) == EVERYTHING


def test_folders_leftovers_and_other_names_are_normal(tmp_path: Path) -> None:
    members = {
        "河北/附件4/名单终稿.docx": makers.word(FREE),
        "河北/附件四盖章.pdf": makers.pdf(1),
        "__MACOSX/河北/._附件4.docx": b"x",
        "河北/Thumbs.db": b"x",
        "河北/~$名单.docx": b"x",
        "河北/附件5（终）.docx": makers.word("2023 年度\n河北省 拟新增免费开放科技馆名单"),
        "河北/附件5/第2页.jpg": makers.picture(),
        "河北/附件5/第1页.jpg": makers.picture(shade=3),
        "自评.docx": makers.word("河北省2022年度自评报告\n" + "全国科技馆免费开放名单" * 3),
    }
    found = look(tmp_path, makers.make_zip(members))
    assert items(found) == EVERYTHING - {"evaluation-scan"}
    assert len([each for each in found if each.item == "planned-scan"]) == 2
    assert len(found) == 6


def test_gbk_names_are_read(tmp_path: Path) -> None:
    made = makers.make_zip({f"{number}.docx": data for number, data in enumerate([makers.word("无题")])})
    name = "附件5.docx".encode("gb18030")
    path = tmp_path / "gbk.zip"
    with zipfile.ZipFile(path, "w") as pack:
        info = zipfile.ZipInfo("x" * len(name))
        pack.writestr(info, makers.word("无题"))
    assert made
    path.write_bytes(path.read_bytes().replace(b"x" * len(name), name))
    (found,) = look_into(path, "gbk.zip", WANTED)
    assert (found.name, found.item, found.note) == ("附件5.docx", "planned-word", "没有在文中找到标题，按文件名识别")


SLOPPY = [
    ("附件4.docx", b"", "是空文件（0 字节）"),
    ("附件4.docx", makers.old_word(), "是旧版 Word 文件（.doc），只是后缀改成了 .docx"),
    ("附件4.docx", makers.pdf(1), "的内容是 PDF 文件，只是改了后缀名"),
    ("附件4.docx", makers.ole({"EncryptedPackage": b"", "EncryptionInfo": b""}), "设有打开密码"),
    (
        "附件4.docx",
        makers.word(FREE, word__vbaProject__bin=b"x").replace(b"vbaProject/bin", b"vbaProject.bin"),
        "含有宏",
    ),
    ("附件4.wps", makers.old_word(), "是 WPS 格式"),
    ("附件4.docx", makers.word(PLANNED), "文件名写的是「附件4」，内容却是「附件5」"),
    ("终稿.docx", makers.word("名单见附表"), "看不出是哪一项材料"),
    ("扫描.pdf", makers.pdf(1), "看不出是哪一项材料"),
    ("附件4.zip", makers.make_zip({"a.docx": makers.word()}), "压缩包里还有压缩包"),
    ("附件4.docx", makers.make_zip({"a.docx": makers.word()}), "压缩包里还有压缩包"),
    ("附件4.rar", b"Rar!\x1a\x07\x01\0xxx", "压缩包里还有压缩包"),
    ("表.xlsx", makers.with_parts(makers.word(), {"xl/workbook.xml": b"<x/>"}), ""),
    ("附件4.xls", makers.ole({"Workbook": b""}), "是 Excel 的文件"),
]


@pytest.mark.parametrize(("name", "data", "said"), SLOPPY, ids=[f"{n}-{s[:8]}" for n, _, s in SLOPPY])
def test_sloppy_members_get_their_own_sentence(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    found = one(look(tmp_path, makers.make_zip({name: data, "附件5.docx": makers.word(PLANNED)})), name)
    assert said in found.problem
    assert bool(said) == bool(found.problem)
    assert (found.problem or "。")[-1] == "。"


def hostile(kind: str, tmp_path: Path) -> bytes:
    if kind == "encrypted":
        return makers.make_7z(tmp_path, PROPER, "-psecret")
    if kind == "encrypted list":
        return makers.make_7z(tmp_path, PROPER, "-psecret", "-mhe=on")
    if kind == "traversal":
        return makers.make_zip({"../../etc/passwd": b"x"})
    if kind == "program":
        return makers.make_zip({"附件4.exe": b"MZ" + bytes(100)})
    if kind == "bomb":
        return makers.make_zip({"附件4.docx": bytes(60_000_000)})
    if kind == "damaged":
        return makers.make_zip(PROPER)[:-200]
    if kind == "empty":
        return makers.make_zip({"a/": b"", "__MACOSX/x": b"x"})
    return makers.pdf(1)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("encrypted", "encrypted"),
        ("encrypted list", "encrypted"),
        ("traversal", "traversal"),
        ("program", "program"),
        ("bomb", "bomb"),
        ("damaged", "damaged"),
        ("empty", "empty"),
        ("no archive", "no_archive"),
    ],
)
def test_hostile_archives_are_refused_as_a_whole(tmp_path: Path, kind: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        look(tmp_path, hostile(kind, tmp_path))
    assert refused.value.code == code
    assert "工作总结" not in refused.value.message


def test_two_for_one_item_are_told(tmp_path: Path) -> None:
    members = {"附件4.docx": makers.word(FREE), "附件4（改）.docx": makers.word(FREE, extra=b"1")}
    members |= {"附件4盖章.pdf": makers.pdf(1), "附件4盖章2.pdf": makers.pdf(2)}
    found = look(tmp_path, makers.make_zip(members))
    assert len(items(found)) == 2
    assert sum("只保留一份" in each.problem for each in found) == 2


def test_what_is_kept_and_taken_out_is_what_is_inside(tmp_path: Path) -> None:
    keep, path = tmp_path / "keep", tmp_path / "made.zip"
    keep.mkdir()
    path.write_bytes(makers.make_zip(PROPER))
    for each in look_into(path, "x.zip", WANTED, keep=keep):
        assert (keep / str(each.place)).read_bytes() == PROPER[each.name]
        take_out(path, "x.zip", each.place, tmp_path / "one")
        assert (tmp_path / "one").read_bytes() == PROPER[each.name]


def test_names_decide_only_when_they_say_one_thing() -> None:
    words = [each for each in WANTED if each.kind == "word"]
    assert [each.item for each in by_name("附件４ 名单.docx", words)] == ["free-word"]
    assert [each.item for each in by_name("附件4和附件5.docx", words)] == ["free-word", "planned-word"]
    assert [each.item for each in by_name("附件5/最终.docx", words)] == ["planned-word"]
    assert by_name("材料.docx", words) == []


def test_text_is_read_from_runs_split_anywhere() -> None:
    assert docx_text(makers.word("甲&乙")) == "甲&乙\n"
    assert docx_text(b"no zip") is None
