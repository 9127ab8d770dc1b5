"""The verdict over a scan's codes, without paper."""

from collections.abc import Collection

import pytest

from guanshu.survey.intake.scancheck import Code, ScanVerdict, check_scan, spoken
from guanshu.survey.intake.verdict import Refused

_HASH = "26052e39" + "0" * 56


def code(page: int, report: str = "2022-130600001-V3", pages: int = 4, data: str = "26052E39") -> Code:
    return Code(report, page, pages, data)


def verdict(*found: tuple[Code, ...], red: bool | None = True, needed: Collection[int] | None = None) -> ScanVerdict:
    return check_scan(found, report="2022-130600001", version=3, content_hash=_HASH, red=red, needed=needed)


def refusal(*found: tuple[Code, ...]) -> Refused:
    with pytest.raises(Refused) as caught:
        verdict(*found)
    return caught.value


def reason(*found: tuple[Code, ...]) -> str:
    return refusal(*found).code


def whole(*places: int) -> list[tuple[Code, ...]]:
    return [(code(page),) if page else () for page in places]


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


def test_foreign_and_stale_sheets_are_named_one_by_one() -> None:
    other, third = "2022-130100001-V3", "2022-140100001-V1"
    assert refusal((code(1),), (code(4, other),), (code(2, third),), (code(3, other),)).message == (
        "扫描件第 2、4 张不是本报表的（2022-130100001-V3 的第 3、4 页）；"
        "第 3 张不是本报表的（2022-140100001-V1 的第 2 页）；"
        "请核对后上传本报表 2022-130600001 的扫描件。"
    )
    assert refusal((code(1),), (code(2, "2022-130600001-V1"),), (code(3, "2022-130600001-V2"),)).message == (
        "扫描件第 2 张是以前的版本（2022-130600001-V1 的第 2 页）；第 3 张是以前的版本（2022-130600001-V2 的第 3 页），"
        "数据已有变动；请重新打印 2022-130600001-V3，盖章后上传。"
    )


def test_missing_and_doubled_pages_are_named_one_by_one() -> None:
    assert refusal(*whole(1, 4)).message == "扫描件缺少第 2、3 页（共应有 4 页）；请补扫后上传完整的扫描件。"
    assert refusal(*whole(1, 0, 4)).message.startswith("扫描件的页数不够：共应有 4 页，没有找到第 2、3 页，")
    assert verdict(*whole(1, 2, 2, 3, 1, 4)).problems == (
        "第 1 页出现了不止一次（扫描件第 1、5 张），请核对。",
        "第 2 页出现了不止一次（扫描件第 2、3 张），请核对。",
    )


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ((1, 2, 3, 4), None),
        ((1, 0, 2, 0, 3, 4), None),
        ((4, 1, 2, 3), "第 1 张是第 4 页"),
        ((2, 3, 4, 1), "第 4 张是第 1 页"),
        ((1, 4, 3, 2), "第 2 张是第 4 页、第 3 张是第 3 页"),
    ],
)
def test_sheets_out_of_order_are_named_and_accepted(places: tuple[int, ...], said: str | None) -> None:
    found = verdict(*whole(*places))
    assert found.problems == ()
    assert found.notes == (() if said is None else (f"扫描件的顺序与页码不一致（{said}），不影响接收。",))


def test_a_long_list_of_strays_ends_with_their_number() -> None:
    notes = verdict(*[(code(page, pages=25),) for page in range(25, 0, -1)]).notes
    assert "第 8 张是第 18 页 等 24 张）" in notes[0]


def test_sheets_of_two_prints_do_not_make_one_report() -> None:
    assert refusal((code(1),), (code(2),), (code(3, pages=5),), (code(4),)).message == (
        "扫描件混有总页数不同的两次打印（共 4 页的有扫描件第 1、2、4 张；共 5 页的有扫描件第 3 张）；"
        "请用同一次打印的纸张盖章后上传。"
    )


@pytest.mark.parametrize(
    ("red", "said"), [(True, None), (False, "没有发现红色印章"), (None, "黑白（灰度）的，无法判断")]
)
def test_a_seal_is_a_hint_and_gray_scans_cannot_tell(red: bool | None, said: str | None) -> None:
    found = verdict(*whole(1, 2, 3, 4), red=red)
    assert found.problems == ()
    assert len(found.notes) == (said is not None)
    assert said is None or said in found.notes[0]


def test_only_the_signed_pages_may_be_asked_for() -> None:
    assert verdict(*whole(1), needed={1}) == verdict(*whole(1), needed=[1])
    assert verdict(*whole(1), needed={1}).problems == ()
    assert verdict(*whole(1, 3), needed={1}).problems == ()
    with pytest.raises(Refused, match="扫描件缺少第 1 页"):
        verdict(*whole(2, 3, 4), needed={1})
    assert "其中是否有第 1 页" in verdict(*whole(0, 3), needed={1}).problems[0]
    # Whatever more is there must be of this report all the same.
    with pytest.raises(Refused, match="不是本报表的"):
        verdict((code(1),), (code(2, "2022-130100001-V3"),), needed={1})


def test_nothing_read_is_for_people_to_compare() -> None:
    assert "3 页都没有读出二维码" in verdict((), (), ()).problems[0]
    assert "都没有读出二维码" in verdict((), needed={1}).problems[0]


def test_numbers_are_spoken_shortly() -> None:
    assert spoken([1, 2, 3, 5, 7, 8]) == "1—3、5、7、8"
