"""Text is kept as typed, without what nobody sees."""

import time

import pytest

from guanshu.survey.values.base import ValueProblem
from guanshu.survey.values.clean import unprintable
from guanshu.survey.values.missing import BLANK, NA
from guanshu.survey.values.types import make_type

TEXT = make_type("text", {})
LONG = make_type("long(300)", {})


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("  保定市科技馆 ", "保定市科技馆"),
        ("e\u0301cole", "école"),
        ("甲\u200b乙\u202e丙\ufeff\x07", "甲乙丙"),
        ("一\r\n二\n\n三", "一 二 三"),
        ("买买提·艾力", "买买提·艾力"),
        ("张　三", "张　三"),
        ("㐂𠮷𬱟", "㐂𠮷𬱟"),
        ("30℃ ≥ 5㎡ ★ α", "30℃ ≥ 5㎡ ★ α"),
        ("（全角）ＡＢ", "（全角）ＡＢ"),
    ],
)
def test_one_line(raw: str, value: str) -> None:
    assert TEXT.parse(raw) == value


def test_several_lines_keep_their_breaks() -> None:
    assert LONG.parse("一\r\n二\r三\u2028四") == "一\n二\n三\n四"


def test_missing() -> None:
    assert TEXT.parse("") is BLANK
    assert TEXT.parse("\u200b \n") is BLANK
    assert TEXT.parse("不适用") is NA
    assert LONG.parse(" 不\u200b适用\n") is NA


@pytest.mark.parametrize("raw", ["科普😀", "a\U0001f1e8", "\ue000", "\U00016a38", "\U0010fffd", "x\ud800", "❤️", "ก"])
def test_it_refuses_what_paper_cannot_show_and_names_it(raw: str) -> None:
    with pytest.raises(ValueProblem, match=r"U\+") as caught:
        TEXT.parse(raw)
    assert caught.value.code == "unprintable"


def test_noncharacters_are_unprintable() -> None:
    assert unprintable("一\U0002fffe") == "\U0002fffe"
    assert unprintable("一\u0378") == "\u0378"


def test_too_long_names_length_and_limit() -> None:
    with pytest.raises(ValueProblem, match=r"101 个字，最多 100 个字"):
        TEXT.parse("馆" * 101)
    assert TEXT.parse("馆" * 100) == "馆" * 100


def test_ten_megabytes_are_refused_cheaply() -> None:
    raw = "e\u0301" * 5_000_000
    start = time.perf_counter()
    with pytest.raises(ValueProblem, match="10000000"):
        LONG.parse(raw)
    assert time.perf_counter() - start < 0.05


def test_a_lone_dash_asks() -> None:
    with pytest.raises(ValueProblem, match="不清楚"):
        TEXT.parse("-")
