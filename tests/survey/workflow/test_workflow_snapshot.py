"""Snapshots: complete, canonical, and different exactly when the paper would be."""

import json
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanshu.survey.checks.compiled import Compiled, Context
from guanshu.survey.definition.answers import Answers, Row
from guanshu.survey.loading import load
from guanshu.survey.values.base import Value
from guanshu.survey.values.missing import BLANK, NA
from guanshu.survey.workflow.canonical import canonical_json, sha256
from guanshu.survey.workflow.snapshot import (
    Snapshot,
    make_snapshot,
    next_version,
    parse_report_code,
    read_answers,
    report_code,
)
from tests.survey.samples import sample_files

NUMBER = "2022-130600001"
FORM = "f" * 64


@cache
def tiny() -> Compiled:
    return load(sample_files("tiny-save"))


TYPED = Answers(
    cells={
        "museum_name": "保定市科学技术馆",
        "land_area": Decimal("9100.5"),
        "building_area": Decimal(10000),
        "has_shop": False,
        "shop_name": "旧店名",
        "leader": "张三",
        "services": ("guide",),
        "plan": "a1.docx",
        "staff_total__own": Decimal(3),
    },
    rows={
        "shows": (
            Row("k7", {"title": "甲", "cost": Decimal(150), "host": "李四"}),
            Row("k2", {"title": "乙", "cost": Decimal("1.5")}),
        )
    },
    explanations={"3-1-01[k7]": "首次引进大型展览", "3-1-01[k2]": "此前的说明不再需要"},
)


def frozen(answers: Answers = TYPED, *, form: str = FORM, number: str = NUMBER) -> Snapshot:
    compiled = tiny()
    evaluation = compiled.evaluate(answers, Context(2022))
    return make_snapshot(compiled.questionnaire, answers, evaluation, report=number, questionnaire_hash=form)


def with_cells(**cells: Value) -> Answers:
    return replace(TYPED, cells={**TYPED.cells, **cells})


def with_rows(*rows: Row) -> Answers:
    return replace(TYPED, rows={"shows": rows})


def test_what_a_snapshot_holds() -> None:
    document = frozen().document
    table = document["tables"]["1-1"]["cells"]
    assert (document["format"], document["report"], document["questionnaire"]) == (1, NUMBER, FORM)
    assert table["land_area"] == "9100.50"
    assert table["both_areas"] == "19100.50"
    assert table["has_shop"] is False
    assert table["shop_name"] == {"na": True}
    assert "shop_name" in document["hidden"]
    assert "opened" not in table
    assert document["tables"]["3-1"] == {
        "cells": {"shows_cost": "151.50"},
        "rows": [
            {"id": "k7", "cells": {"title": "甲", "cost": "150.00", "host": "李四", "fee": "151.00"}},
            {"id": "k2", "cells": {"title": "乙", "cost": "1.50", "fee": "2.50"}},
        ],
        "explanations": {"3-1-01[k7]": "首次引进大型展览"},
    }
    kinds = {(finding["check"], finding["scope"], finding["class"]) for finding in document["findings"]}
    assert ("3-1-01", "k7", "核实性") in kinds
    assert ("1-1-01", "", "准强制性") in kinds


def test_a_snapshot_is_read_back_with_calculated_values() -> None:
    compiled = tiny()
    evaluation = compiled.evaluate(TYPED, Context(2022))
    again = read_answers(compiled.questionnaire, json.loads(frozen().data))
    form = {name: evaluation.values[name] for name in compiled.questionnaire.cells}
    assert again.cells == {name: value for name, value in form.items() if value is not BLANK}
    assert [row.id for row in again.rows["shows"]] == ["k7", "k2"]
    assert again.rows["shows"][0].cells["fee"] == Decimal(151)
    assert again.explanations == {"3-1-01[k7]": "首次引进大型展览"}


def test_equal_reports_make_equal_bytes() -> None:
    turned = replace(
        TYPED,
        cells=dict(reversed(list(TYPED.cells.items()))),
        explanations=dict(reversed(list(TYPED.explanations.items()))),
    )
    assert frozen(turned).data == frozen().data
    assert frozen(turned).content_hash == frozen().content_hash
    assert frozen(with_cells(land_area=Decimal("9100.500"))).content_hash == frozen().content_hash


ROWS = TYPED.rows["shows"]


@pytest.mark.parametrize(
    "changed",
    [
        with_cells(land_area=Decimal("9100.51")),
        with_cells(land_area=NA),
        with_cells(land_area=BLANK),
        with_cells(staff_total__own=Decimal(0)),
        with_cells(leader="张三丰"),
        with_rows(ROWS[1], ROWS[0]),
        with_rows(ROWS[0]),
        with_rows(*ROWS, Row("k9", {})),
        replace(TYPED, explanations={"3-1-01[k7]": "首次引进国外大型展览"}),
        replace(TYPED, explanations={}),
    ],
)
def test_any_change_of_value_or_explanation_changes_the_hash(changed: Answers) -> None:
    assert frozen(changed).content_hash != frozen().content_hash


@pytest.mark.parametrize(
    "changed",
    [
        with_cells(plan="b2.docx"),
        with_cells(plan=BLANK),
        # hidden: nothing of it is asked, printed or exported
        with_cells(shop_name="新店名"),
        replace(TYPED, explanations={**TYPED.explanations, "3-1-01[k2]": "另外一种说法"}),
        replace(
            with_rows(Row("z1", ROWS[0].cells), ROWS[1]), explanations={"3-1-01[z1]": TYPED.explanations["3-1-01[k7]"]}
        ),
    ],
)
def test_what_is_not_on_paper_or_is_attached_does_not_change_the_hash(changed: Answers) -> None:
    assert frozen(changed).content_hash == frozen().content_hash


def test_the_hash_belongs_to_one_report_and_one_form() -> None:
    assert len({frozen().content_hash, frozen(form="e" * 64).content_hash, frozen(number="x").content_hash}) == 3


def test_an_empty_report_can_be_frozen() -> None:
    assert frozen(Answers()).document["tables"]["3-1"] == {}
    assert frozen(Answers(none=frozenset({"shows"}))).document["tables"]["3-1"]["none"] is True


def test_the_version_rises_only_with_the_content() -> None:
    assert next_version(0, "", "a") == 1
    assert next_version(1, "a", "a") == 1
    assert next_version(1, "a", "b") == 2
    # a -> b -> a: the last printed one was b, so this is a third paper
    assert next_version(2, "b", "a") == 3


def test_the_number_on_paper() -> None:
    assert report_code(NUMBER, 3) == "2022-130600001-V3"
    assert parse_report_code("2022-130600001-V3") == (NUMBER, 3)
    for text in (
        "2022-130600001",
        "2022-130600001-V0",
        "2022-130600001-V03",
        "２０２２-130600001-V3",
        NUMBER + "-V3\n",
    ):
        assert parse_report_code(text) is None


def test_canonical_json() -> None:
    assert canonical_json({"b": [1, True, None], "a": "é"}) == '{"a":"é","b":[1,true,null]}'.encode()
    assert canonical_json({}) == b"{}"


@pytest.mark.parametrize("unusable", [1.5, {"a": float("nan")}, {1: "a"}, [Decimal(1)], {"a": object()}])
def test_what_has_no_one_spelling_is_refused(unusable: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(unusable)


def test_keys_that_become_one_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        canonical_json({"é": 1, "e\u0301": 2})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(JSON)
def test_canonical_json_is_stable(document: Any) -> None:
    once = canonical_json(document)
    assert canonical_json(json.loads(once)) == once
    assert sha256(json.loads(once)) == sha256(document)
