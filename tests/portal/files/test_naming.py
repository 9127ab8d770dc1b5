"""Official names of awkward museums."""

import pytest

from guanshu.portal.domain.naming import safe_name, shown_name


@pytest.mark.parametrize(
    ("museum", "name"),
    [
        ("保定市科技馆", "保定市科技馆2022年度工作总结.docx"),
        ("阿图什市·科技馆（新馆）", "阿图什市·科技馆（新馆）2022年度工作总结.docx"),
        ("青少年宫/科技馆", "青少年宫／科技馆2022年度工作总结.docx"),
        ('a\\b:c*d?e"f<g>h|i', "a＼b：c＊d？e＂f＜g＞h｜i2022年度工作总结.docx"),
        ("../../etc", "／..／etc2022年度工作总结.docx"),
        ("馆\u202egpj.exe\x00\n", "馆gpj.exe2022年度工作总结.docx"),
        ("馆" * 200, "馆" * 56 + "…2022年度工作总结.docx"),
    ],
)
def test_names_are_made_safe(museum: str, name: str) -> None:
    found = safe_name(museum, "2022年度工作总结", ".docx")
    assert found == name
    assert len(found.encode()) <= 210


def test_what_the_person_called_it_is_shown_without_its_folder() -> None:
    assert shown_name("C:\\Users\\li\\总结.docx") == "总结.docx"
    assert shown_name("a\u202eb\n.docx") == "ab.docx"
    assert len(shown_name("长" * 500 + ".docx")) == 200
