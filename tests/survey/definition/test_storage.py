"""Answers are stored, read and changed one address at a time."""

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guanshu.survey.definition.address import UnknownAddress, parse_address
from guanshu.survey.definition.answers import Answers, Row
from guanshu.survey.definition.storage import (
    decode_answers,
    encode_answers,
    get_stored,
    parse_stored,
    put_stored,
)
from guanshu.survey.values.base import ValueProblem
from guanshu.survey.values.missing import NA
from tests.survey.definition.test_addresses import CHECKS, ROWS

FULL: dict[str, Any] = {
    "rows": [
        {"id": "k7", "cells": {"title": "甲", "start": "2022-01-05", "cost": "1.50", "visitors": {"na": True}}},
        {"id": "k8", "cells": {}},
    ],
    "explanations": {"3-2-01[k7]": "确实如此没有错"},
}
ANSWERS = Answers(
    cells={"stops": Decimal(3)},
    rows={
        "temporary": (
            Row("k7", {"title": "甲", "start": date(2022, 1, 5), "cost": Decimal("1.50"), "visitors": NA}),
            Row("k8", {}),
        )
    },
    explanations={"3-2-01[k7]": "确实如此没有错"},
)


def put(data: dict[str, Any], address: str, stored: Any) -> dict[str, Any]:
    changed = deepcopy(data)
    put_stored(changed, parse_address(ROWS, address, CHECKS), stored)
    return changed


def test_decode_and_encode_are_inverse() -> None:
    tables = {"3-2": FULL, "3-4": {"cells": {"stops": "3"}}}
    assert decode_answers(ROWS, tables) == ANSWERS
    assert encode_answers(ROWS, ANSWERS, CHECKS) == tables


def test_ticks() -> None:
    tables: dict[str, Any] = {"3-2": {"none": True}, "3-4": {"na": True}}
    answers = decode_answers(ROWS, tables)
    assert (answers.none, answers.na) == ({"temporary"}, {"3-4"})
    assert encode_answers(ROWS, answers, {}) == tables


def test_what_this_form_does_not_know_or_computes_is_ignored() -> None:
    tables: dict[str, Any] = {
        "3-4": {"cells": {"stops": "3", "gone": "x"}},
        "3-2": {"cells": {"temporary_count": "9"}, "rows": [{"id": "a", "cells": {"gone": "1", "days": "3"}}]},
        "9-9": {"cells": {"x": "1"}},
    }
    answers = decode_answers(ROWS, tables)
    assert answers.cells == {"stops": Decimal(3)}
    assert answers.rows == {"temporary": (Row("a", {}),)}


def test_damaged_values_are_not_read_over() -> None:
    with pytest.raises(ValueError, match="stored value"):
        decode_answers(ROWS, {"3-4": {"cells": {"stops": "three"}}})


@pytest.mark.parametrize(
    ("address", "stored"),
    [
        ("temporary[k7].cost", "1.50"),
        ("temporary[k7].place", None),
        ("temporary[zz].cost", None),
        ("temporary.rows", ["k7", "k8"]),
        ("temporary.none", None),
        ("3-2-01[k7]", "确实如此没有错"),
        ("3-2-01", None),
        ("temporary_count", None),
    ],
)
def test_get(address: str, stored: object) -> None:
    assert get_stored(FULL, parse_address(ROWS, address, CHECKS)) == stored


@pytest.mark.parametrize(
    ("address", "stored", "expected"),
    [
        ("stops", "4", {"cells": {"stops": "4"}}),
        ("stops", None, {}),
        ("temporary.none", True, {"none": True}),
        ("temporary.none", False, {}),
        ("3-4.na", True, {"na": True}),
        ("3-2-01", "因为新馆开放", {"explanations": {"3-2-01": "因为新馆开放"}}),
        ("temporary.rows", ["a"], {"rows": [{"id": "a", "cells": {}}]}),
        ("temporary.rows", None, {}),
    ],
)
def test_put_into_nothing(address: str, stored: object, expected: dict[str, Any]) -> None:
    assert put({}, address, stored) == expected
    assert get_stored(expected, parse_address(ROWS, address, CHECKS)) == (stored or None)


def test_put_changes_one_address_and_keeps_the_rest() -> None:
    changed = put(FULL, "temporary[k8].cost", "2.00")
    assert changed["rows"] == [FULL["rows"][0], {"id": "k8", "cells": {"cost": "2.00"}}]
    assert put(changed, "temporary[k8].cost", None) == FULL
    kept = put({"cells": {"gone": "x"}, "future": 1}, "stops", "4")
    assert kept == {"cells": {"gone": "x", "stops": "4"}, "future": 1}


def test_rows_are_added_moved_and_removed_by_their_order() -> None:
    assert [row["id"] for row in put(FULL, "temporary.rows", ["k8", "n", "k7"])["rows"]] == ["k8", "n", "k7"]
    assert put(FULL, "temporary.rows", ["k7"])["rows"] == FULL["rows"][:1]
    with pytest.raises(UnknownAddress):
        put(FULL, "temporary[n].cost", "1.00")


@pytest.mark.parametrize(
    ("address", "raw", "stored"),
    [
        ("stops", "１，２００", "1200"),
        ("stops", "", None),
        ("temporary[k7].visitors", "不适用", {"na": True}),
        ("temporary[k7].place", "馆内", "in"),
        ("temporary.rows", ["a", "b"], ["a", "b"]),
        ("temporary.rows", [], None),
        ("temporary.none", "true", True),
        ("temporary.none", False, None),
        ("3-2-01[k7]", " 原因\r\n如下 ", "原因\n如下"),
    ],
)
def test_parse(address: str, raw: object, stored: object) -> None:
    assert parse_stored(ROWS, parse_address(ROWS, address, CHECKS), raw) == stored


@pytest.mark.parametrize(
    ("address", "raw", "word"),
    [
        ("stops", "三", "不是数字"),
        ("stops", "不适用", "不能填"),
        ("temporary.rows", ["a", "a"], "重复"),
        ("temporary.rows", ["a b"], "刷新"),
        ("temporary.rows", "a", "刷新"),
        ("temporary.rows", [1], "刷新"),
        ("temporary.rows", ["a", "b", "c", "d"], "最多填 3 行"),
        ("temporary.none", "x", "是"),
        ("3-2-01", "字" * 501, "500"),
    ],
)
def test_parse_refuses(address: str, raw: object, word: str) -> None:
    with pytest.raises(ValueProblem, match=word):
        parse_stored(ROWS, parse_address(ROWS, address, CHECKS), raw)
