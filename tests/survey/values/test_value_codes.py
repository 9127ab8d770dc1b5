"""Postcode, credit code, division."""

import pytest

from guanshu.survey.values.base import ValueProblem
from guanshu.survey.values.types import make_type

POSTCODE, USCC, DIVISION = (make_type(name, {}) for name in ("postcode", "uscc", "division"))


def test_postcode() -> None:
    assert POSTCODE.parse("０５１000") == "051000"
    with pytest.raises(ValueProblem, match="开头的 0"):
        POSTCODE.parse("51000")


def test_uscc() -> None:
    assert USCC.parse(" 9111 0000 6000 3734 1l") == "91110000600037341L"
    for raw, word in [
        ("91110000600037342L", "校验位"),
        ("9111000060003734IL", "「I」"),
        ("9111000060003734", "16 位"),
        ("A1110000600037341L", "校验位"),
    ]:
        with pytest.raises(ValueProblem, match=word):
            USCC.parse(raw)


@pytest.mark.parametrize(
    "code",
    ["110105", "130602", "659001", "659012", "441900", "442000", "620200", "460400", "130688", "500101", "110103"],
)
def test_divisions_down_to_where_there_are_no_counties(code: str) -> None:
    assert DIVISION.parse(code) == code


@pytest.mark.parametrize(
    ("code", "word"), [("130600", "地市级"), ("130000", "省级"), ("660100", "66"), ("13060", "6 位"), ("保定", "6 位")]
)
def test_what_is_no_division(code: str, word: str) -> None:
    with pytest.raises(ValueProblem, match=word):
        DIVISION.parse(code)
