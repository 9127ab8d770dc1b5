"""Names that may be one museum twice."""

import pytest

from guanshu.portal.models import Museum
from guanshu.portal.queries.lookalikes import alike, lookalikes, name_key, plain_name
from tests.cast import Cast
from tests.portal.offices.conftest import apply


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("保定市科技馆", "保定"),
        ("保定市科学技术馆", "保定"),
        ("保定科学中心（新馆）", "保定"),
        ("　保定 市 科 技 馆", "保定"),
        ("保定市青少年科技馆", "保定"),
        ("大厂回族自治县科技馆", "大厂"),
        ("中国科学技术馆", "中国科学技术馆"),
        ("ＡＢＣ科技馆", "abc"),
        ("广州科技馆", "广州"),
    ],
)
def test_a_key_holds_what_tells_a_museum_apart(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("保定市科技馆", "保定科学技术馆", True),
        ("邢台市科技馆", "邢台县科技馆", True),
        ("呼和浩特市科技馆", "呼和浩特科学中心（新馆）", True),
        ("石家庄市科技馆", "石嘴山市科技馆", False),
        ("保定市科技馆", "保山市科技馆", False),
        ("张家口市科技馆", "张家界市科技馆", False),
        ("科技馆", "保定市科技馆", False),
    ],
)
def test_names_are_alike_or_not(one: str, other: str, *, expected: bool) -> None:
    assert alike(one, other) is alike(other, one) is expected


def test_an_exact_duplicate_is_one_whatever_its_spaces_and_brackets() -> None:
    assert plain_name("保定市 科技馆（新馆）") == plain_name("保定市科技馆(新馆)")
    assert plain_name("保定市科技馆（新馆）") != plain_name("保定市科技馆（老馆）")


@pytest.mark.django_db
def test_open_and_closed_museums_and_applications_of_the_country_are_looked_at(cast: Cast) -> None:
    Museum.objects.filter(pk=cast.haidian.pk).update(status="closed")
    asked = apply(cast)
    assert [(each.number, each.same) for each in lookalikes("海淀科技馆", cast.beijing)] == [("110108001", False)]
    assert [each.standing for each in lookalikes("海淀科技馆", cast.hebei)] == ["已关闭"]
    assert [(each.number, each.same) for each in lookalikes("曲阳县 科技馆", cast.hebei)] == [(asked.number, True)]
    assert [each.same for each in lookalikes("曲阳县科技馆", cast.beijing)] == [False]
    assert lookalikes("曲阳县科技馆", cast.hebei, apart=asked.pk) == []


@pytest.mark.django_db
def test_a_withdrawn_application_is_in_nobodys_way(cast: Cast) -> None:
    asked = apply(cast)
    type(asked).objects.update(state="withdrawn")
    assert lookalikes("曲阳县科技馆", cast.hebei) == []
