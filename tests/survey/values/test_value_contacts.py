"""Telephones, e-mail, web addresses."""

import pytest

from guanshu.survey.values.base import ValueProblem
from guanshu.survey.values.types import make_type


def kept(spec: str, raw: str) -> str:
    value = make_type(spec, {}).parse(raw)
    assert isinstance(value, str)
    return value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("010-12345678转801", "010-12345678转801"),
        ("010-12345678-801", "010-12345678转801"),
        ("（010）12345678 转 801", "010-12345678转801"),
        ("03121234567", "0312-1234567"),
        ("0312 1234567", "0312-1234567"),
        ("0312—1234567", "0312-1234567"),
        ("+86-10-12345678", ""),
        ("+86 010-12345678", "010-12345678"),
        ("400-123-4567", "400-123-4567"),
        ("4001234567", "400-123-4567"),
        ("400-1234-567", ""),
        ("8008101234", "800-810-1234"),
        ("12345", "12345"),
        ("96110", "96110"),
        ("13800138000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("88888888", ""),
        ("010-12345678/87654321", ""),
        ("电话", ""),
    ],
)
def test_phone(raw: str, value: str) -> None:
    if value:
        assert kept("phone", raw) == value
    else:
        with pytest.raises(ValueProblem):
            kept("phone", raw)


def test_a_local_number_is_asked_for_its_area_code() -> None:
    with pytest.raises(ValueProblem, match="区号"):
        kept("phone", "88888888")


def test_mobile() -> None:
    for raw in (
        "13800138000",
        "138 0013 8000",
        "+8613800138000",
        "+86-138-0013-8000",
        "１３８００１３８０００",
        "008613800138000",
    ):
        assert kept("mobile", raw) == "13800138000"
    for raw in ("1380013800", "12800138000", "010-12345678", "１３８００１３８００o"):
        with pytest.raises(ValueProblem, match="11 位"):
            kept("mobile", raw)


def test_email() -> None:
    assert kept("email", " Kjg.2022@Example.CN ") == "Kjg.2022@example.cn"
    assert kept("email", "a＠b.cn") == "a@b.cn"
    for raw in ("a@b", "a b@c.cn", "a@b.cn;c@d.cn", "@b.cn", "a@-b.cn"):
        with pytest.raises(ValueProblem, match="电子邮箱"):
            kept("email", raw)
    with pytest.raises(ValueProblem, match="105"):
        kept("email", "a" * 100 + "@b.cn")


def test_url() -> None:
    assert kept("url", "www.example.cn") == "http://www.example.cn"
    assert kept("url", "HTTPS://www.example.cn/科普?a=1") == "https://www.example.cn/科普?a=1"
    assert kept("url", "www.example.cn:8080/x") == "http://www.example.cn:8080/x"
    assert kept("url", "科技馆.中国") == "http://科技馆.中国"
    for raw in (
        "javascript:alert(1)",
        "ftp://a.cn",
        "http://",
        "科技馆",
        "http://a b.cn",
        "http://u@a.cn",
        "http://[x",
        "a.cn:99999",
    ):
        with pytest.raises(ValueProblem, match="网址"):
            kept("url", raw)
