"""What holds for every type and every text."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guanshu.survey.values.base import Option, ValueProblem, ValueType
from guanshu.survey.values.missing import BLANK, NA, Missing
from guanshu.survey.values.types import make_type

LISTS = {"a": (Option("x", "甲"), Option("y", "乙、丙"), Option("z", "无", exclusive=True))}
# fmt: off
SPECS = (
    "int", "dec1", "dec2", "sdec2", "text", "text(5)", "long", "long(8)", "date", "month", "bool", "choice(a)",
    "multi(a)", "mobile", "phone", "email", "url", "postcode", "uscc", "division", "file",
)
# fmt: on
TYPES = {spec: make_type(spec, LISTS) for spec in SPECS}
# Plain random text hardly ever reaches the interesting branches: mix in what real cells are made of.
NEARLY = st.text(
    alphabet="0123456789０１.,，。-－/年月日 @+转甲乙丙、|｜无xyz不适用e%()（）:\n\u200b\u3000\u0301é", max_size=20
)
ANY = st.one_of(
    st.text(st.characters(), max_size=60),
    NEARLY,
    st.from_regex(r"(http://)?[a-z0-9.@]{1,9}\.[a-z]{2,3}(:[0-9]{1,6})?(/.{0,4})?", fullmatch=True),
    st.from_regex(r"[0-9]{3,18}([-转][0-9]{1,8}){0,2}", fullmatch=True),
    st.from_regex(r"[12][0-9]{3}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?", fullmatch=True),
)


def check(problem: ValueProblem) -> None:
    assert re.search("[\u4e00-\u9fff].*。$", problem.message), problem.message
    assert problem.code
    assert len(problem.message) < 300


def parse(kind: ValueType, raw: object) -> object:
    try:
        return kind.parse(raw)
    except ValueProblem as problem:
        check(problem)
        return None


@pytest.mark.parametrize("spec", SPECS)
@settings(max_examples=150, deadline=None)
@given(raw=ANY)
@example("不适用")
@example("1e400")
@example("\ud800")
def test_any_text_is_a_value_or_a_problem_and_values_come_back(spec: str, raw: str) -> None:
    kind = TYPES[spec]
    value = parse(kind, raw)
    if value is None:
        return
    assert kind.parse(kind.to_text(value)) == value
    kind.to_display(value)
    if not isinstance(value, Missing):
        assert kind.from_json(kind.to_json(value)) == value
        hash(value)


@pytest.mark.parametrize("spec", SPECS)
@given(raw=st.one_of(st.integers(), st.floats(), st.lists(st.one_of(st.text(max_size=3), st.none())), st.booleans()))
@settings(max_examples=30, deadline=None)
def test_what_is_no_text_never_breaks_anything(spec: str, raw: object) -> None:
    parse(TYPES[spec], raw)


@pytest.mark.parametrize("spec", SPECS)
def test_every_type_knows_missing_and_its_name(spec: str) -> None:
    kind = TYPES[spec]
    assert kind.parse(None) is BLANK
    assert kind.parse(" ") is BLANK
    assert kind.parse(" 不适用 ") is NA
    assert kind.name == spec
    assert kind == make_type(spec, LISTS)
    hash(kind)
    if spec != "file":
        with pytest.raises(ValueProblem, match="不清楚"):
            kind.parse("/")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_numbers_round_trip(number: Decimal) -> None:
    kind = TYPES["sdec2"]
    assert kind.parse(kind.to_text(number)) == number
    assert kind.parse(kind.to_display(number)) == number


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2199, 12, 31)))
def test_dates_round_trip_as_shown(day: date) -> None:
    assert TYPES["date"].parse(TYPES["date"].to_display(day)) == day
    first = day.replace(day=1)
    assert TYPES["month"].parse(TYPES["month"].to_display(first)) == first


@pytest.mark.parametrize(
    ("spec", "word"),
    [
        ("dec9", "没有类型"),
        ("decimal", "没有类型"),
        ("txt", "「text」"),
        ("text(0)", "最多字数"),
        ("text(99999)", "超过"),
        ("int(3)", "没有类型"),
        ("choice", "缺少选项表名"),
        ("choice(b)", "choices.csv"),
        ("choice(a|b)", "没有选项表"),
        ("", "写法不对"),
        ("int dec2", "写法不对"),
    ],
)
def test_unknown_types_are_explained(spec: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        make_type(spec, LISTS)
