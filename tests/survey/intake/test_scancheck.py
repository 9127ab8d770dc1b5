"""The verdict over a scan's codes, without paper."""

import pytest

from guanshu.survey.intake.scancheck import Code, check_scan, spoken
from guanshu.survey.intake.verdict import Refused

_HASH = "26052e39" + "0" * 56


def code(page: int, report: str = "2022-130600001-V3", pages: int = 4, data: str = "26052E39") -> Code:
    return Code(report, page, pages, data)


def verdict(*found: tuple[Code, ...], red: bool = True):  # type: ignore[no-untyped-def]
    return check_scan(found, report="2022-130600001", version=3, content_hash=_HASH, red=red)


def reason(*found: tuple[Code, ...]) -> str:
    with pytest.raises(Refused) as caught:
        verdict(*found)
    return caught.value.code


def test_two_pages_on_one_sheet_are_both_there() -> None:
    assert not verdict((code(1), code(2)), (code(3), code(4))).problems


def test_the_version_and_the_hash_both_count() -> None:
    assert reason((code(1, "2022-130600001-V2"),), (code(2),)) == "stale"
    assert reason((code(1, data="AAAAAAAA"),), (code(2),)) == "stale"
    assert reason((code(1, "2021-130600001-V3"),), (code(2),)) == "foreign"
    # Another report is said first: its version means nothing.
    assert reason((code(1, "2022-130600001-V2"),), (code(2, "2022-130100001-V3"),)) == "foreign"


def test_missing_is_certain_only_when_unreadable_pages_cannot_make_up_for_it() -> None:
    assert reason((code(1),), (code(2),), (code(4),)) == "missing"
    assert reason((code(1),), (), (code(4),)) == "missing"
    assert verdict((code(1),), (), (code(3),), (code(4),)).problems == (
        "扫描件第 2 张没有读出二维码，请核对其中是否有第 2 页。",
    )
    assert not verdict((code(1),), (code(2),), (code(3),), (code(4),), ()).problems


def test_pages_are_told_in_their_order() -> None:
    pages = verdict((code(2),), (code(1),), (), (code(4),), (code(4),)).pages
    assert [page.pages for page in pages] == [(2,), (1,), (), (4,), (4,)]
    assert [page.problem for page in pages] == ["", "", "没有读出二维码", "重复", "重复"]


def test_numbers_are_spoken_shortly() -> None:
    assert spoken([1, 2, 3, 5, 7, 8]) == "1—3、5、7、8"
