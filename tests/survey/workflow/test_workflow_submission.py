"""What keeps a report from being handed in, and in which words."""

from dataclasses import replace
from functools import cache

import pytest

from guanshu.survey.checks.compiled import Compiled, Context
from guanshu.survey.checks.findings import CheckClass, Evaluation, Finding, TableState
from guanshu.survey.definition.answers import Answers
from guanshu.survey.loading import load
from guanshu.survey.values.missing import BLANK
from guanshu.survey.workflow.submission import Blocker, BlockerKind, blockers, missing_files
from tests.survey.samples import sample_files

CLEAN = Evaluation({}, {}, frozenset(), frozenset(), {"2-1": TableState("2-1", True, False, 4, ())}, ())


def found(cls: CheckClass, key: str = "2-1-05", explanation: str = "") -> Finding:
    check, _, scope = key.rstrip("]").partition("[")
    return Finding(check, cls, "2-1", scope, ("hall_area", "building_area"), "展厅面积应不大于建筑面积。", explanation)


def report(*findings: Finding, missing: tuple[str, ...] = ()) -> Evaluation:
    return replace(CLEAN, findings=findings, states={"2-1": TableState("2-1", True, False, 4, missing)})


def test_nothing_blocks_a_clean_report() -> None:
    assert blockers(CLEAN, (), {}) == ()
    assert blockers(report(found(CheckClass.HINT)), (), {}) == ()


def test_blank_cells_block_table_by_table() -> None:
    assert blockers(report(missing=("land_area", "temporary[k7].cost")), (), {}) == (
        Blocker(
            BlockerKind.BLANK,
            "表2-1 还有 2 项必填内容没有填写。没有发生的数字请填 0。",
            ("land_area", "temporary[k7].cost"),
            "2-1",
        ),
    )


def test_a_mandatory_finding_blocks_whatever_is_waived_or_explained() -> None:
    finding = found(CheckClass.MANDATORY, explanation="情况确实如此无误")
    (blocker,) = blockers(report(finding), {"2-1-05"}, {})
    assert blocker == Blocker(
        BlockerKind.MANDATORY,
        "展厅面积应不大于建筑面积。请改正。",
        ("hall_area", "building_area"),
        "2-1",
        "2-1-05",
    )


def test_a_quasi_mandatory_finding_blocks_until_it_is_allowed_in_that_very_place() -> None:
    evaluation = report(found(CheckClass.QUASI, "2-2-02[contract]"), found(CheckClass.QUASI, "2-2-02[establishment]"))
    assert [blocker.key for blocker in blockers(evaluation, (), {})] == ["2-2-02[contract]", "2-2-02[establishment]"]
    assert [blocker.key for blocker in blockers(evaluation, {"2-2-02[contract]"}, {})] == ["2-2-02[establishment]"]
    assert len(blockers(evaluation, {"2-2-02"}, {})) == 2
    sentence = blockers(evaluation, (), {})[0].sentence
    assert sentence == "展厅面积应不大于建筑面积。请改正；情况属实的，请联系省级科协核准。"


@pytest.mark.parametrize(
    ("explanation", "blocks"), [("", True), ("本馆扩建", True), (" 本馆 扩建 ", True), ("本馆今年扩建", False)]
)
def test_a_verify_finding_blocks_until_it_is_explained(explanation: str, blocks: bool) -> None:
    got = blockers(report(found(CheckClass.VERIFY, explanation=explanation)), (), {})
    assert bool(got) is blocks
    assert all(b.sentence.endswith("请核实；数据无误的，请填写不少于 6 个字的说明。") for b in got)


def test_files_and_comments_block() -> None:
    got = blockers(CLEAN, (), {"annual_summary": "年度工作总结"}, ["land_area", "hall_area"])
    assert [(blocker.kind, blocker.sentence, blocker.addresses) for blocker in got] == [
        (BlockerKind.FILE, "还没有上传「年度工作总结」。请上传后再提交。", ("annual_summary",)),
        (
            BlockerKind.COMMENT,
            "退回时提出的意见还有 2 条没有答复，有关数据也没有改动。请逐条答复或修改后再提交。",
            ("land_area", "hall_area"),
        ),
    ]


def test_everything_is_told_at_once_gravest_kind_first() -> None:
    kinds = (CheckClass.VERIFY, CheckClass.QUASI, CheckClass.MANDATORY)
    evaluation = report(*(found(cls) for cls in kinds), missing=("land_area",))
    got = blockers(evaluation, (), {"plan": "计划书"}, ("land_area",))
    assert [blocker.kind for blocker in got] == list(BlockerKind)


@cache
def tiny(required: str) -> Compiled:
    files = sample_files("tiny-save")
    text = files["tables/1-1.csv"].decode()
    assert "16,plan,计划书,,file,no," in text
    changed = text.replace("16,plan,计划书,,file,no,", f"16,plan,计划书,,file,{required},")
    return load({**files, "tables/1-1.csv": changed.encode()})


@pytest.mark.parametrize(
    ("required", "cells", "missing"),
    [
        ("no", {}, {}),
        ("", {}, {"plan": "计划书"}),
        ("", {"plan": "计划书.docx"}, {}),
        # required and asked for only with a shop
        ("has_shop,has_shop", {"has_shop": True}, {"plan": "计划书"}),
        ("has_shop,has_shop", {"has_shop": False}, {}),
        ("has_shop,has_shop", {"has_shop": BLANK}, {"plan": "计划书"}),
    ],
)
def test_files_that_are_missing(required: str, cells: dict[str, object], missing: dict[str, str]) -> None:
    compiled = tiny(required)
    evaluation = compiled.evaluate(Answers(cells=cells), Context(2022))  # type: ignore[arg-type]
    assert missing_files(compiled.questionnaire, evaluation) == missing
