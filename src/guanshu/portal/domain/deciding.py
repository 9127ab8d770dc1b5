"""What becomes of each change of a save request: written, done already, in conflict, or refused with a sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from guanshu.portal.queries.forms import Form, from_register
from guanshu.portal.queries.stored import Stored
from guanshu.survey.definition.address import (
    Address,
    RowCell,
    RowsNone,
    RowsOrder,
    UnknownAddress,
    cell_at,
    parse_address,
)
from guanshu.survey.definition.model import Cell
from guanshu.survey.definition.storage import get_stored, parse_stored
from guanshu.survey.values.base import Json, Kind, ValueProblem

_UNKNOWN = "问卷中没有「{}」这一格，未保存。请刷新页面后重试。"
_CALCULATED = "「{}」由系统自动计算，不能填写。"
_REGISTER = "「{}」由名册带入，不能直接填写；如有错误，请提出信息更正申请。"
_FILE = "「{}」需要上传文件，不能在此填写。"
_NO_ROW = "这一行已不存在（可能已在别处删除），未保存。"
_ROW_REFUSED = "这一行尚未加入表中，未保存。"
_NONE_AND_ROWS = "已勾选「{}」，不能再填写行；请先取消勾选。"
_ROWS_AND_NONE = "表中已有填写的行，不能勾选「{}」；请先删除各行。"


@dataclass(frozen=True, slots=True)
class Change:
    """One posted change: what the respondent saw before, and what is wanted now (raw JSON values)."""

    seen: object
    new: object


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is stored instead, who changed it and when (as far as the record of saves tells)."""

    stored: object
    actor: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """One value to be stored at an address."""

    address: Address
    stored: Json | None


@dataclass
class Decision:
    """The verdict over a whole request. `before` is what was stored at the addresses of `writes`."""

    before: dict[str, Json | None] = field(default_factory=dict)
    writes: dict[str, Write] = field(default_factory=dict)
    done: dict[str, Json | None] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)


def decide(form: Form, stored: Stored, changes: Mapping[str, Change]) -> Decision:
    """Return what becomes of each change, looking at what is stored but not yet at conditions between cells."""
    decision = Decision()
    addresses = {}
    for text in changes:
        try:
            addresses[text] = parse_address(form.compiled.questionnaire, text, form.check_tables)
        except UnknownAddress:
            decision.problems[text] = _UNKNOWN.format(text[:40])
    # Orders of rows and ticks first: whether a row's cell can be stored depends on them.
    for text, address in sorted(addresses.items(), key=lambda item: isinstance(item[1], RowCell)):
        _decide_one(form, stored, decision, address, changes[text])
    _exclude_none_and_rows(form, stored, decision)
    return decision


def _decide_one(form: Form, stored: Stored, decision: Decision, address: Address, change: Change) -> None:
    text = str(address)
    now = get_stored(stored.plain.get(address.table, {}), address)
    try:
        _refuse_kind(form, address)
        new = parse_stored(form.compiled.questionnaire, address, _typed(change.new))
    except ValueProblem as problem:
        decision.problems[text] = problem.message
        return
    if isinstance(address, RowCell) and _without_row(stored, decision, address):
        return
    if new == now:
        decision.done[text] = now
    elif _sees(form, address, change.seen, now):
        decision.writes[text], decision.before[text] = Write(address, new), now
    else:
        decision.conflicts[text] = Conflict(now)


def _refuse_kind(form: Form, address: Address) -> None:
    cell = cell_at(form.compiled.questionnaire, address)
    if cell is None:
        return
    if not cell.typed:
        raise ValueProblem("calculated", _CALCULATED.format(_label(cell)))
    if from_register(cell):
        raise ValueProblem("register", _REGISTER.format(_label(cell)))
    if cell.type.kind is Kind.FILE:
        raise ValueProblem("file", _FILE.format(_label(cell)))


def _label(cell: Cell) -> str:
    return cell.label or cell.name


def _typed(raw: object) -> object:
    """Return a posted JSON value as types read it: 不适用 as its word, a number as the text it was."""
    if isinstance(raw, dict):
        if raw == {"na": True}:
            return "不适用"
        raise ValueProblem("shape", "收到的内容无法识别，请重新填写这一格。")
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return str(raw)
    return raw


def _sees(form: Form, address: Address, seen: object, now: Json | None) -> bool:
    """Return whether the respondent saw what is stored, however it was spelled."""
    if seen == now:
        return True
    try:
        return parse_stored(form.compiled.questionnaire, address, _typed(seen)) == now
    except ValueProblem:
        return False


def _without_row(stored: Stored, decision: Decision, address: RowCell) -> bool:
    """Settle a cell whose row does not exist, and is not added by this request; return whether that was so."""
    text, order = str(address), f"{address.table_name}.rows"
    rows = {row["id"] for row in stored.plain.get(address.table, {}).get("rows", ())}
    adding = decision.writes.get(order)
    kept = set(adding.stored) if adding is not None and isinstance(adding.stored, list) else rows
    if adding is not None and adding.stored is None:
        kept = set()
    if address.row in kept:
        return False
    if order in decision.conflicts:
        decision.conflicts[text] = Conflict(None)
    else:
        decision.problems[text] = _ROW_REFUSED if order in decision.problems else _NO_ROW
    return True


def _exclude_none_and_rows(form: Form, stored: Stored, decision: Decision) -> None:
    """Refuse what would leave a table with rows and with the tick 本年度无."""
    for text, write in list(decision.writes.items()):
        if not isinstance(write.address, RowsOrder | RowsNone):
            continue
        name, table = write.address.table_name, write.address.table
        before = stored.plain.get(table, {})
        rows = _after(decision, f"{name}.rows", before.get("rows"))
        none = _after(decision, f"{name}.none", before.get("none"))
        if not rows or not none or not write.stored:
            continue
        del decision.writes[text]
        sentence = _NONE_AND_ROWS if isinstance(write.address, RowsOrder) else _ROWS_AND_NONE
        decision.problems[text] = sentence.format(form.compiled.questionnaire.by_number[table].none_label)
        if isinstance(write.address, RowsOrder):
            _refuse_cells(decision, write.address, stored)


def _after(decision: Decision, text: str, before: Any) -> Any:
    return decision.writes[text].stored if text in decision.writes else before


def _refuse_cells(decision: Decision, order: RowsOrder, stored: Stored) -> None:
    rows = {row["id"] for row in stored.plain.get(order.table, {}).get("rows", ())}
    for text, write in list(decision.writes.items()):
        address = write.address
        if isinstance(address, RowCell) and address.table == order.table and address.row not in rows:
            del decision.writes[text]
            decision.problems[text] = _ROW_REFUSED


def in_order(writes: Iterable[Write], stored: Stored, form: Form) -> list[Write]:
    """Return the writes in an order that can be replayed, the cells of removed rows emptied one by one before.

    So that the record of the save holds what was removed.
    """
    writes = list(writes)
    orders = [write for write in writes if isinstance(write.address, RowsOrder)]
    unticks = [write for write in writes if isinstance(write.address, RowsNone) and not write.stored]
    first = [*unticks, *(gone for order in orders for gone in _removed(order, stored, form)), *orders]
    taken = {id(write) for write in first}
    return [*first, *(write for write in writes if id(write) not in taken)]


def _removed(order: Write, stored: Stored, form: Form) -> Iterable[Write]:
    kept = set(order.stored) if isinstance(order.stored, list) else set()
    name = form.compiled.questionnaire.by_number[order.address.table].name
    for row in stored.raw.get(order.address.table, {}).get("rows", ()):
        if row["id"] not in kept:
            for column in row["cells"]:
                yield Write(RowCell(order.address.table, name, row["id"], column), None)
