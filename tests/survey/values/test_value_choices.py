"""Yes or no, one of a list, several of a list."""

import pytest

from guanshu.survey.values.base import Option, ValueProblem
from guanshu.survey.values.missing import BLANK, NA
from guanshu.survey.values.types import make_type

LISTS = {
    "nature": (Option("1", "公益一类"), Option("2", "其他事业单位（含参公）"), Option("3", "企业")),
    "aids": (
        Option("none", "无", exclusive=True),
        Option("lift", "电梯"),
        Option("sign", "手语、字幕"),
        Option("wc", "卫生间"),
    ),
}
BOOL = make_type("bool", {})
CHOICE = make_type("choice(nature)", LISTS)
MULTI = make_type("multi(aids)", LISTS)


def test_bool() -> None:
    for raw in ("true", "是", "YES", "1", "１", True):
        assert BOOL.parse(raw) is True
    for raw in ("false", "否", "no", "0", False):
        assert BOOL.parse(raw) is False
    assert BOOL.parse("") is BLANK
    assert (BOOL.to_text(True), BOOL.to_display(False), BOOL.to_json(False)) == ("是", "否", False)
    with pytest.raises(ValueProblem, match="「是」或「否」"):
        BOOL.parse("也许")


def test_choice_by_code_or_label() -> None:
    assert CHOICE.parse("2") == "2"
    assert CHOICE.parse("其他事业单位（含参公）") == "2"
    assert CHOICE.parse(" 其他事业单位(含参公)") == "2"
    assert CHOICE.parse("不适用") is NA
    assert CHOICE.to_display("3") == "企业"
    assert CHOICE.to_display("gone") == "gone"
    with pytest.raises(ValueProblem, match="公益一类、其他事业单位"):
        CHOICE.parse("机关")


@pytest.mark.parametrize(
    "raw",
    [
        "wc|lift",
        "卫生间、电梯",
        "电梯，卫生间",
        "lift,卫生间",
        ["wc", "电梯", ""],
        ["lift", "lift", "wc"],
        "电梯、、卫生间",
    ],
)
def test_multi_is_ordered_by_the_list(raw: object) -> None:
    assert MULTI.parse(raw) == ("lift", "wc")


def test_a_label_may_hold_a_comma() -> None:
    assert MULTI.parse("卫生间、手语、字幕、电梯") == ("lift", "sign", "wc")


def test_multi_missing_exclusive_unknown() -> None:
    assert MULTI.parse([]) is BLANK
    assert MULTI.parse(["", " "]) is BLANK
    assert MULTI.parse(["不适用"]) is NA
    assert MULTI.parse(["none"]) == ("none",)
    with pytest.raises(ValueProblem, match="选了「无」"):
        MULTI.parse("无|电梯")
    with pytest.raises(ValueProblem, match="坡道"):
        MULTI.parse("电梯、坡道")
    with pytest.raises(ValueProblem):
        MULTI.parse(["lift", 3])


def test_multi_is_kept_as_codes_and_shown_as_labels() -> None:
    value = MULTI.parse("卫生间|电梯")
    assert (MULTI.to_json(value), MULTI.to_text(value), MULTI.to_display(value)) == (
        ["lift", "wc"],
        "lift|wc",
        "电梯、卫生间",
    )
