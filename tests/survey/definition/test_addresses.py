"""Every address is read, written back the same, and nothing else is an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanshu.survey.definition.address import (
    Address,
    Explanation,
    FormCell,
    RowCell,
    RowsNone,
    RowsOrder,
    TableNa,
    UnknownAddress,
    cell_at,
    parse_address,
)
from guanshu.survey.definition.model import Questionnaire
from tests.survey.samples import sample

ROWS = sample("rows")
GRID = sample("grid")
CHECKS = {"3-2-01": "3-2", "of.visitors": "3-4"}


@pytest.mark.parametrize(
    ("q", "text", "address"),
    [
        (ROWS, "stops", FormCell("3-4", "stops")),
        (ROWS, "temporary_count", FormCell("3-2", "temporary_count")),
        (GRID, "staff_total__women", FormCell("2-2", "staff_total__women")),
        (ROWS, "temporary[k7].cost", RowCell("3-2", "temporary", "k7", "cost")),
        (ROWS, "temporary[A-b_9].title", RowCell("3-2", "temporary", "A-b_9", "title")),
        (ROWS, "temporary.rows", RowsOrder("3-2", "temporary")),
        (ROWS, "temporary.none", RowsNone("3-2", "temporary")),
        (ROWS, "3-4.na", TableNa("3-4")),
        (ROWS, "3-2-01", Explanation("3-2", "3-2-01")),
        (ROWS, "3-2-01[k7]", Explanation("3-2", "3-2-01", "k7")),
        (ROWS, "of.visitors", Explanation("3-4", "of.visitors")),
    ],
)
def test_addresses(q: Questionnaire, text: str, address: Address) -> None:
    assert parse_address(q, text, CHECKS) == address
    assert str(address) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "stop",
        "cost",
        "temporary[k7]",
        "temporary[k7].costs",
        "temporary[].cost",
        "temporary[k 7].cost",
        "temporary[k7].cost\n",
        f"temporary[{'k' * 33}].cost",
        "stops[k7].cost",
        "outreach.rows",
        "outreach.none",
        "temporary.na",
        "3-2.na",
        "9-9.na",
        "9-9-01",
        "3-2-01[]",
        "3-2-01[<b>]",
        "stops" * 100,
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(UnknownAddress):
        parse_address(ROWS, text, CHECKS)


def test_without_the_checks_explanations_are_told_by_their_shape() -> None:
    assert parse_address(ROWS, "2-2-02[contract]") == Explanation("", "2-2-02", "contract")
    assert parse_address(ROWS, "of-temporary.minors[k7]") == Explanation("", "of-temporary.minors", "k7")
    for text in ("stop", "temporary.cost", "3-2.na"):
        with pytest.raises(UnknownAddress):
            parse_address(ROWS, text)


@given(st.one_of(st.text(max_size=30), st.text(alphabet="temporary[]k7.costnar3-24", max_size=30)))
def test_any_text_is_an_address_or_unknown(text: str) -> None:
    try:
        address = parse_address(ROWS, text)
    except UnknownAddress:
        return
    assert str(address) == text


def test_the_cell_at_an_address() -> None:
    cell = cell_at(ROWS, parse_address(ROWS, "temporary[k7].cost"))
    assert cell is not None
    assert cell.name == "cost"
    assert cell_at(ROWS, parse_address(ROWS, "temporary.rows")) is None
