"""The JSON in which a report's answers are kept: one document per table.

Keys: `cells` {name: stored}, `rows` [{"id", "cells"}], `none` true, `na` true, `explanations` {address: text};
each left out when empty. In `cells` an absent name is blank and {"na": true} is 不适用.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from guanshu.survey.definition.address import (
    ROW_ID,
    Address,
    Explanation,
    FormCell,
    RowCell,
    RowsOrder,
    UnknownAddress,
    cell_at,
)
from guanshu.survey.definition.answers import Answers, Row
from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind
from guanshu.survey.values.base import Json, Value, ValueProblem, ValueType
from guanshu.survey.values.choices import BoolType
from guanshu.survey.values.missing import BLANK, NA, Missing
from guanshu.survey.values.texts import TextType

# The document of one table, as json.loads gives it.
Data = dict[str, Any]
# What is stored at one address: a cell's value, a tick, an explanation, or the ids of rows.
Stored = Json

NA_STORED: Mapping[str, bool] = {"na": True}
_TICK = BoolType()
_EXPLANATION = TextType(limit=500, lines=True)


def to_stored(kind: ValueType, value: Value) -> Stored | None:
    """Return what is stored for a value; None for BLANK, which is not stored."""
    if isinstance(value, Missing):
        return dict(NA_STORED) if value is NA else None
    return kind.to_json(value)


def from_stored(kind: ValueType, stored: Stored | None) -> Value:
    """Return the value that was stored. Raises ValueError when this type cannot have stored it."""
    if stored is None:
        return BLANK
    return NA if stored == NA_STORED else kind.from_json(stored)


def parse_stored(q: Questionnaire, address: Address, raw: object) -> Stored | None:
    """Return what to store at an address for something typed, pasted or posted; None to store nothing.

    Raises ValueProblem, also for 不适用 where the questionnaire never allows it (a condition is the caller's to ask).
    """
    if isinstance(address, RowsOrder):
        return _parse_row_ids(raw, q.by_number[address.table].limit)
    if isinstance(address, Explanation):
        return to_stored(_EXPLANATION, _EXPLANATION.parse(raw))
    cell = cell_at(q, address)
    if cell is None:
        return True if _TICK.parse(raw) is True else None
    value = cell.type.parse(raw)
    if value is NA and cell.na is False:
        raise ValueProblem("na", "这一格不能填「不适用」；没有发生的数字请填 0。")
    return to_stored(cell.type, value)


def _parse_row_ids(raw: object, limit: int) -> list[str] | None:
    if raw is None or raw == "":
        return None
    if not isinstance(raw, list) or not all(isinstance(item, str) and ROW_ID.fullmatch(item) for item in raw):
        raise ValueProblem("rows", "表格的行没有正确传送，请刷新页面后重试。")
    if len(set(raw)) != len(raw):
        raise ValueProblem("rows", "表格中有重复的行，请刷新页面后重试。")
    if limit and len(raw) > limit:
        raise ValueProblem("too_many", f"本表最多填 {limit} 行，现在是 {len(raw)} 行，请删去多余的行。")
    return list(raw) or None


def get_stored(data: Mapping[str, Any], address: Address) -> Stored | None:
    """Return what a table's document holds at an address, None when it holds nothing."""
    found: Any
    if isinstance(address, FormCell):
        found = data.get("cells", {}).get(address.name)
    elif isinstance(address, RowCell):
        found = next(
            (row["cells"].get(address.column) for row in data.get("rows", ()) if row["id"] == address.row), None
        )
    elif isinstance(address, RowsOrder):
        found = [row["id"] for row in data.get("rows", ())] or None
    elif isinstance(address, Explanation):
        found = data.get("explanations", {}).get(str(address))
    else:
        found = data.get(_tick_key(address))
    stored: Stored | None = found
    return stored


def put_stored(data: Data, address: Address, stored: Stored | None) -> None:
    """Write one address of a table's document in place; None removes it. Everything else is kept as it is.

    Writing the order of rows adds empty rows for new ids and drops the rows whose ids are missing.
    Raises UnknownAddress when a cell's row does not exist.
    """
    if isinstance(address, FormCell):
        _put(data, "cells", address.name, stored)
    elif isinstance(address, Explanation):
        _put(data, "explanations", str(address), stored)
    elif isinstance(address, RowCell):
        row = next((row for row in data.get("rows", ()) if row["id"] == address.row), None)
        if row is None:
            raise UnknownAddress(str(address))
        _set(row["cells"], address.column, stored)
    elif isinstance(address, RowsOrder):
        _put_rows(data, stored)
    else:
        _set(data, _tick_key(address), stored or None)


def _tick_key(address: Address) -> str:
    return str(address).rpartition(".")[2]


def _set(holder: Data, key: str, stored: Stored | None) -> None:
    if stored is None:
        holder.pop(key, None)
    else:
        holder[key] = stored


def _put(data: Data, part: str, key: str, stored: Stored | None) -> None:
    """Set or remove a key of one part of the document; an empty part is left out."""
    holder = data.setdefault(part, {})
    _set(holder, key, stored)
    if not holder:
        del data[part]


def _put_rows(data: Data, stored: Stored | None) -> None:
    if stored is not None and not isinstance(stored, list):
        message = f"row ids must be a list, got {type(stored).__name__}"
        raise TypeError(message)
    known = {row["id"]: row for row in data.get("rows", ())}
    data["rows"] = [known.get(row, {"id": row, "cells": {}}) for row in stored or ()]
    if not data["rows"]:
        del data["rows"]


def decode_answers(q: Questionnaire, tables: Mapping[str, Mapping[str, Any]]) -> Answers:
    """Return the answers that the documents of a report's tables (by number) hold.

    Cells and tables that this questionnaire does not know, or that it computes, are left alone. Raises ValueError when
    a stored value is none of its cell's type.
    """
    cells: dict[str, Value] = {}
    rows: dict[str, tuple[Row, ...]] = {}
    none, na, explanations = set(), set(), {}
    for table in q.tables:
        data = tables.get(table.number)
        if not data:
            continue
        cells.update(_decode_cells(table.form_cells, data.get("cells", {})))
        if table.kind is TableKind.ROWS:
            rows[table.name] = _decode_rows(table, data.get("rows", ()))
            if data.get("none"):
                none.add(table.name)
        if data.get("na"):
            na.add(table.number)
        explanations.update(data.get("explanations", {}))
    return Answers(cells, rows, frozenset(none), frozenset(na), explanations)


def _decode_cells(cells: Sequence[Cell], stored: Mapping[str, Stored]) -> dict[str, Value]:
    return {
        cell.name: from_stored(cell.type, stored[cell.name]) for cell in cells if cell.typed and cell.name in stored
    }


def _decode_rows(table: Table, stored: Sequence[Mapping[str, Any]]) -> tuple[Row, ...]:
    return tuple(Row(row["id"], _decode_cells(table.cells, row["cells"])) for row in stored)


def encode_answers(q: Questionnaire, answers: Answers, checks: Mapping[str, str]) -> dict[str, Data]:
    """Return the documents by table number that hold these answers; tables without any are left out.

    `checks` maps check ids to table numbers, for the explanations; those of unknown checks are left out.
    """
    found = {table.number: _encode_table(table, answers) for table in q.tables}
    for key, text in answers.explanations.items():
        number = checks.get(key.partition("[")[0])
        if number in found and text:
            found[number].setdefault("explanations", {})[key] = text
    return {number: data for number, data in found.items() if data}


def _encode_table(table: Table, answers: Answers) -> Data:
    data: Data = {
        "cells": _encode_cells(table.form_cells, answers.cells),
        "rows": [
            {"id": row.id, "cells": _encode_cells(table.cells, row.cells)} for row in answers.rows.get(table.name, ())
        ],
        "none": table.name in answers.none,
        "na": table.number in answers.na,
    }
    return {key: part for key, part in data.items() if part}


def _encode_cells(cells: Sequence[Cell], values: Mapping[str, Value]) -> dict[str, Stored]:
    encoded = ((cell.name, to_stored(cell.type, values.get(cell.name, BLANK))) for cell in cells if cell.typed)
    return {name: stored for name, stored in encoded if stored is not None}
