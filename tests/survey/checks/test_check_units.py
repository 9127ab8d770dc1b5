from hypothesis import given
from hypothesis import strategies as st

from guanshu.survey.checks.units import Unit, Units, product, quotient, spell
from guanshu.survey.definition.model import UnitRules

UNITS = Units(
    UnitRules({"日": "天", "元整": "元", "圆": "元整", "x": "y", "y": "x"}, frozenset({frozenset({"人", "人次"})}))
)
SYMBOLS = ["人", "人次", "天", "平方米", "件（套）", "%"]
units = st.lists(st.sampled_from(SYMBOLS), max_size=3).map("·".join).map(UNITS.read)


def test_reading_and_spelling() -> None:
    assert UNITS.read("人次/日") == (("人次", 1), ("天", -1))
    assert spell(UNITS.read("人次/日")) == "人次/天"
    assert UNITS.read("圆") == UNITS.read("元")
    assert UNITS.read("x") in {(("x", 1),), (("y", 1),)}  # a ring of aliases ends
    assert UNITS.read("件（套）") == (("件（套）", 1),)
    assert UNITS.read("") == ()
    assert spell(()) == spell(None) == "无单位"
    assert spell(UNITS.read("1/天".removeprefix("1"))) == "1/天"


def test_products_cancel() -> None:
    assert product(UNITS.read("天"), UNITS.read("人次/日")) == UNITS.read("人次")
    assert quotient(UNITS.read("人次"), UNITS.read("天")) == UNITS.read("人次/日")
    assert product(None, UNITS.read("人")) == UNITS.read("人")
    assert product(UNITS.read("%"), UNITS.read("人")) == UNITS.read("人")
    assert product(UNITS.read("%"), None) == UNITS.read("%")


def test_kin_only_where_said() -> None:
    same = UNITS.same
    assert same(UNITS.read("人"), UNITS.read("人次"))
    assert same(UNITS.read("人/日"), UNITS.read("人次/天"))
    assert same(UNITS.read("人·人"), UNITS.read("人次·人次"))
    assert not same(UNITS.read("人·人次"), UNITS.read("天"))
    assert not same(UNITS.read("人"), UNITS.read("天"))
    assert not same(UNITS.read("%"), ())
    assert same(UNITS.read("人/人次"), ())  # a ratio of kin is a bare number
    assert same(None, UNITS.read("天"))


@given(units, units, units)
def test_products_are_commutative_and_quotients_undo_them(a: Unit, b: Unit, c: Unit) -> None:
    assert product(a, b) == product(b, a)
    if not any(symbol == "%" for unit in (a, b) for symbol, _ in unit):
        assert quotient(product(a, b), b) == a
    assert UNITS.same(a, b) == UNITS.same(b, a)
    assert UNITS.same(product(a, c), product(a, c))
