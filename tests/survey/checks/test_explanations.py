"""Which explanations tell too little."""

import pytest

from guanshu.survey.checks.explanations import Fault, Thin, thin_explanations
from guanshu.survey.checks.findings import CheckClass, Finding

TELLING = "七月起二层展厅改造，闭馆两个月，观众减少。"


def finding(key: str, explanation: str, cls: CheckClass = CheckClass.VERIFY) -> Finding:
    return Finding(key, cls, "1-1", "", ("a",), "…", explanation)


def fault(text: str) -> Fault | None:
    found = thin_explanations([finding("k", text)])
    return found[0].fault if found else None


@pytest.mark.parametrize(
    "text",
    [
        "属实",
        "情况属实，数据无误。",
        "经核实，本馆填报数据准确无误，情况属实。",
        "以上数据均为实际发生数，确认无误",
        "同上",
        "",
    ],
)
def test_phrases_alone_say_nothing(text: str) -> None:
    assert fault(text) is Fault.EMPTY


@pytest.mark.parametrize("text", ["馆舍改造闭馆", "新增流动展览", "疫情闭馆，情况属实"])
def test_less_than_a_clause_is_short(text: str) -> None:
    assert fault(text) is Fault.SHORT


@pytest.mark.parametrize("text", [TELLING, "情况属实，因七月起二层展厅改造闭馆", "2022 年新建分馆开放，建筑面积增加"])
def test_a_reason_with_a_phrase_is_a_reason(text: str) -> None:
    assert fault(text) is None


def test_one_text_for_several_findings_is_told_of_each() -> None:
    other = finding("c", "增加了两名在编人员和一名志愿者")
    found = thin_explanations([finding("a", TELLING), finding("b", TELLING.replace("。", " ")), other])
    assert found == (Thin("a", Fault.REPEATED), Thin("b", Fault.REPEATED))


def test_only_what_must_be_explained_is_looked_at() -> None:
    assert thin_explanations([finding("a", "", CheckClass.HINT), finding("b", "属实", CheckClass.QUASI)]) == ()
