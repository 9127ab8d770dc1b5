"""What blanks, 不适用 and missing rows do, as tables."""

from datetime import date
from typing import Any

import pytest

from guanshu.survey.definition.answers import Answers
from guanshu.survey.values.missing import BLANK, NA
from tests.survey.checks.forms import answers, compiled, context, list_table, questionnaire, rows_table, verdict

FORM = questionnaire(
    list_table(
        "1-1",
        "one",
        """a: int; na=yes
        b: int; na=yes
        c: int; na=yes
        since: int 年
        signed: sdec2
        p: bool; na=yes
        q: bool; na=yes
        word: text
        day: date
        opened: month
        state: choice(state)
        shared: multi(shared)""",
    ),
    rows_table("2-1", "show", "cost: int\nplace: choice(place)\nstart: date\nend: date", na=True),
    params={"least": (5, ""), "on": True},
)


def holds(text: str, given: Answers, **params: Any) -> bool | None:
    made = compiled(FORM, f"c 强制性: {text}")
    return verdict(made, "c", given, context(None, **params))


T, F, U = True, False, None


@pytest.mark.parametrize(
    ("p", "q", "both", "either", "implied", "opposite"),
    [
        (True, True, T, T, T, F),
        (True, False, F, T, F, F),
        (True, BLANK, U, T, U, F),
        (False, True, F, T, T, T),
        (False, False, F, F, T, T),
        (False, BLANK, F, U, T, T),
        (BLANK, True, U, T, T, U),
        (BLANK, False, F, U, U, U),
        (BLANK, BLANK, U, U, U, U),
        (NA, False, F, U, U, U),
        (NA, True, U, T, T, U),
    ],
)
def test_kleene(p: Any, q: Any, both: Any, either: Any, implied: Any, opposite: Any) -> None:
    given = answers(p=p, q=q)
    assert holds("p and q", given) is both
    assert holds("p or q", given) is either
    assert holds("if p then q", given) is implied
    assert holds("not p", given) is opposite
    assert holds("p = q", given) is (None if BLANK in {p, q} or NA in {p, q} else p == q)
    # three and more go another way through the code
    assert holds("p and q and p", given) is both
    assert holds("p or q or p", given) is either


@pytest.mark.parametrize(
    ("x", "filled", "blank", "applies", "nz_is_0", "above_0"),
    [
        (5, T, F, T, F, T),
        (0, T, F, T, T, F),
        (BLANK, F, T, T, T, U),
        (NA, T, F, F, U, U),
    ],
)
def test_asking_after_a_cell(x: Any, filled: Any, blank: Any, applies: Any, nz_is_0: Any, above_0: Any) -> None:
    given = answers(a=x)
    assert holds("filled(a)", given) is filled
    assert holds("blank(a)", given) is blank
    assert holds("applies(a)", given) is applies
    assert holds("nz(a) = 0", given) is nz_is_0
    assert holds("a > 0", given) is above_0
    assert holds("0 < a", given) is above_0
    assert holds("a != 0", given) is above_0
    assert holds("a + 1 > 1", given) is above_0


@pytest.mark.parametrize(
    ("values", "is_six"),
    [
        ((1, 2, 3), T),
        ((1, 5, BLANK), T),
        ((6, BLANK, BLANK), T),
        ((6, NA, NA), T),
        ((1, 2, BLANK), F),
        ((BLANK, BLANK, BLANK), U),
        ((NA, BLANK, NA), U),
        ((NA, NA, NA), U),
    ],
)
def test_total(values: tuple[Any, ...], is_six: bool | None) -> None:
    a, b, c = values
    assert holds("total(a, b, c) = 6", answers(a=a, b=b, c=c)) is is_six
    assert holds("nz(total(a, b, c)) = 0", answers(a=a, b=b, c=c)) is (
        None if values == (NA, NA, NA) else is_six is None
    )


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("all_or_none(a, b, c)", {}, T),
        ("all_or_none(a, b, c)", {"a": 0, "b": NA, "c": 3}, T),
        ("all_or_none(a, b, c)", {"a": 0}, F),
        ("abs(signed) <= 2", {"signed": -2}, T),
        ("abs(a - b) <= 2", {"a": 1, "b": 4}, F),
        ("abs(a - b) <= 2", {"a": 1}, U),
        ("round(signed * 0.1, 1) = 0.3", {"signed": 2.5}, T),
        ("round(signed * 0.1, 1) = -0.3", {"signed": -2.5}, T),
        ("min(a, b) = 1 and max(a, b) = 4", {"a": 4, "b": 1}, T),
        ("min(a, b) <= 1", {"a": 1}, U),
        ("ratio(a, b) <= 0.5", {"a": 1, "b": 2}, T),
        ("ratio(a, b) <= 0.5", {"a": 2, "b": 3}, F),
        ("ratio(a, b) <= 0.5", {"a": 0, "b": 0}, U),
        ("ratio(a, signed) <= 0.5", {"a": 1, "signed": -2}, T),
        ("ratio(a, signed) >= 0.5", {"a": 1, "signed": -2}, F),
        ("0.5 >= ratio(a, b)", {"a": 1, "b": 2}, T),
        ("a >= param.least", {"a": 5}, T),
        ("if param.on then a > 7", {"a": 5}, F),
        ("since <= report_year", {"since": 2022}, T),
        ("year(day) = report_year and month(day) = 3", {"day": date(2022, 3, 1)}, T),
        ("year(day) = report_year", {}, U),
        ("days(date(2022, 1, 1), day) + 1 = 365", {"day": date(2022, 12, 31)}, T),
        ("days(date(2022, 1, 1), day) = 1", {}, U),
        ("date(2022, a, 30) <= day", {"a": 2, "day": date(2022, 12, 31)}, U),
        ("opened <= day", {"opened": date(2022, 1, 1), "day": date(2022, 1, 1)}, T),
        ("opened > day", {"opened": date(2022, 1, 1), "day": date(2022, 1, 1)}, F),
        ("date(report_year, 1, 1) <= day", {"day": date(2021, 12, 31)}, F),
        ("word = '甲'", {"word": "甲"}, T),
        ("word != '甲'", {"word": "甲"}, F),
        ("'甲' = word", {}, U),
        ("state = '停止运行'", {"state": "shut"}, T),
        ("state = 'shut'", {"state": "shut"}, T),
        ("state != '停止运行'", {"state": "open"}, T),
        ("oneof(state, '正常开放', 'part')", {"state": "part"}, T),
        ("oneof(state, '正常开放', 'part')", {"state": "shut"}, F),
        ("oneof(state, '正常开放')", {}, U),
        ("oneof(a, 1, 2)", {"a": 3}, F),
        ("oneof(a + b, 1, 2)", {"a": 1, "b": 1}, T),
        ("has(shared, '无')", {"shared": ("none",)}, T),
        ("has(shared, '无')", {"shared": ("lib", "art")}, F),
        ("has(shared, '无')", {}, U),
        ("(a = 0) = (b = 0)", {"a": 0, "b": 3}, F),
        ("(a = 0) = (b = 0)", {"a": 2, "b": 3}, T),
        ("(a = 0) = (b = 0)", {"a": 2}, U),
        ("(a = 0) != p", {"a": 2, "p": True}, T),
        ("0.1 + 0.2 = a * 0.3", {"a": 1}, T),
    ],
)
def test_functions(text: str, values: dict[str, Any], expected: bool | None) -> None:
    assert holds(text, answers(**values)) is expected


def test_params_are_overridden_by_the_campaign() -> None:
    assert holds("a >= param.least", answers(a=4)) is False
    assert holds("a >= param.least", answers(a=4), least=3) is True
    assert holds("if param.on then a > 7", answers(a=4), on=False) is True


def test_figures_far_beyond_28_digits_are_exact() -> None:
    big = {"a": 10**12 - 1, "b": 10**12 - 3, "c": 10**12 - 7}
    assert holds("a * b * c * a = b * c * a * a", answers(**big)) is True
    assert holds("a * b * c * a = b * c * a * a + 1", answers(**big)) is False


SHOWS = [
    {"cost": 3, "place": "in", "start": date(2022, 1, 1), "end": date(2022, 1, 9)},
    {"cost": 4, "place": "out", "start": date(2022, 3, 1), "end": date(2022, 2, 1)},
]
PARTLY = [SHOWS[0], {"place": "out"}]
UNSURE = [SHOWS[0], {"cost": 4}]


@pytest.mark.parametrize(
    ("text", "rows", "expected"),
    [
        ("sum(show.cost) = 7", SHOWS, T),
        ("sum(show.cost) = 3", PARTLY, T),
        ("sum(show.cost) = 0", [{}], U),
        ("sum(show.cost * 2) = 14", SHOWS, T),
        ("sum(show.cost, show.place = '馆内') = 3", SHOWS, T),
        ("sum(show.cost, show.place = '馆内') = 3", UNSURE, U),
        ("sum(show.cost, show.cost > 9) = 0", SHOWS, T),
        ("count(show) = 2", SHOWS, T),
        ("count(show.place = '馆内') = 1", SHOWS, T),
        ("count(show.place = '馆内') = 1", UNSURE, U),
        ("all(show.start <= show.end)", SHOWS, F),
        ("all(show.start <= show.end)", UNSURE, U),
        ("any(show.start <= show.end)", UNSURE, T),
        ("any(show.cost > 9)", SHOWS, F),
        ("min(show.cost) = 3 and max(show.cost) = 4", SHOWS, T),
        ("max(show.cost, show.place = '馆内') = 3", SHOWS, T),
        ("min(show.start) = date(2022, 1, 1)", SHOWS, T),
        ("min(a, sum(show.cost)) = 1", SHOWS, T),
    ],
)
def test_rows(text: str, rows: list[dict[str, Any]], expected: bool | None) -> None:
    assert holds(text, answers({"show": rows}, a=1)) is expected


@pytest.mark.parametrize(
    ("text", "nothing", "none", "na"),
    [
        ("sum(show.cost) = 0", U, T, U),
        ("nz(sum(show.cost)) = 0", T, T, U),
        ("count(show) = 0", U, T, U),
        ("count(show.cost > 1) = 0", U, T, U),
        ("all(show.cost > 1)", U, T, U),
        ("any(show.cost > 1)", U, F, U),
        ("max(show.cost) > 1", U, U, U),
    ],
)
def test_no_rows(text: str, nothing: bool | None, none: bool | None, na: bool | None) -> None:
    assert holds(text, answers()) is nothing
    assert holds(text, answers(none="show")) is none
    assert holds(text, answers({"show": SHOWS}, na="2-1")) is na


def test_last_year() -> None:
    made = compiled(
        FORM, "c 强制性: a <= last.a\nn 强制性: nz(last.a) = 0\nf 强制性: filled(last.a)\nb 强制性: blank(last.word)"
    )
    this = answers(a=5)
    for last, expected in (
        (None, (U, U, F, T)),
        (answers(), (U, T, F, T)),
        (answers(a=NA), (U, U, T, T)),
        (answers(a=4, word="x"), (F, F, T, F)),
    ):
        assert tuple(verdict(made, check, this, context(last)) for check in "cnfb") == expected
