"""What browsers send: the JSON of a save, or the fields of an ordinary form post; both become the same changes."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict

from guanshu.portal.domain.deciding import Change
from guanshu.portal.problems import Unusable
from guanshu.survey.definition.address import (
    Address,
    Explanation,
    RowsNone,
    RowsOrder,
    TableNa,
    UnknownAddress,
    cell_at,
    parse_address,
)
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.values.base import Kind

SEEN = "seen:"


@dataclass(frozen=True, slots=True)
class SaveRequest:
    """One save as it came: its id, the body it is recognised by, and the changes."""

    request: str
    body: bytes
    changes: Mapping[str, Change]


def read_json(body: bytes) -> SaveRequest:
    """Return the save in a JSON body. Raises Unusable for anything of another shape."""
    try:
        data = json.loads(body)
        request, changes = data["request"], data["changes"]
        pairs = {address: Change(seen=seen, new=new) for address, (seen, new) in changes.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unusable("保存请求的格式不对，请刷新页面后重试。") from error
    if not isinstance(request, str) or not 8 <= len(request) <= 64:
        raise Unusable("保存请求没有编号，请刷新页面后重试。")
    return SaveRequest(request, body, pairs)


@dataclass(frozen=True, slots=True)
class FormPost:
    """An ordinary post: the save, what was typed (to show it again) and the button that was pressed."""

    save: SaveRequest
    texts: Mapping[str, object]
    then: str


def read_form(request: HttpRequest, form: Questionnaire) -> FormPost:
    """Return the save in a form post: every field whose value differs from what the page had shown."""
    post = request.POST
    texts: dict[str, object] = {}
    changes: dict[str, Change] = {}
    for key in post:
        if not key.startswith(SEEN):
            continue
        address = key.removeprefix(SEEN)
        seen, new = _pair(form, post, address)
        if _same(seen, new):
            continue
        changes[address] = Change(seen=seen, new=new)
        texts[address] = new
    then = post.get("then", "")
    _add_row_change(form, then, post, changes)
    # No script, no id of the browser's own: a second press of the button finds its values already stored.
    save = SaveRequest(f"form-{secrets.token_hex(16)}", post.urlencode().encode(), changes)
    return FormPost(save, texts, then)


def _pair(form: Questionnaire, post: QueryDict, address: str) -> tuple[object, object]:
    """Return what the page had shown and what is posted at an address, as the JSON wire has them."""
    try:
        parsed = parse_address(form, address)
    except UnknownAddress:
        return _text(post, SEEN + address), _text(post, address)
    seen = _text(post, SEEN + address)
    if isinstance(parsed, RowsOrder):
        return seen.split(), seen.split()
    kind = _kind(form, parsed)
    if kind is Kind.MULTI:
        return [code for code in seen.split("|") if code], post.getlist(address)
    new = _text(post, address)
    if kind is Kind.BOOL:
        return _truth(seen), _truth(new)
    return seen, new


def _text(post: QueryDict, key: str) -> str:
    """Return a posted field as text; forms send line breaks as CRLF, what is stored has LF."""
    return str(post.get(key, "")).replace("\r\n", "\n")


def _kind(form: Questionnaire, address: Address) -> Kind:
    if isinstance(address, RowsNone | TableNa):
        return Kind.BOOL
    cell = None if isinstance(address, Explanation) else cell_at(form, address)
    return cell.type.kind if cell is not None else Kind.TEXT


def _truth(text: str) -> object:
    return {"true": True, "false": False}.get(text, text)


def _same(seen: object, new: object) -> bool:
    """Return whether nothing was typed; separators in a number shown by the page are no change."""
    if isinstance(seen, str) and isinstance(new, str):
        return seen == new or seen == new.replace(",", "")
    return seen == new


def _add_row_change(form: Questionnaire, then: str, post: QueryDict, changes: dict[str, Change]) -> None:
    """Put what a button did to the rows (add:, remove:, up:, down:) into the changes."""
    verb, _, rest = then.partition(":")
    if verb not in {"add", "remove", "up", "down"}:
        return
    table, _, row = rest.partition(":")
    seen_field = f"{SEEN}{table}.rows"
    if seen_field not in post or not _is_rows(form, table):
        raise Unusable("没有这张表，请刷新页面后重试。")
    seen = _text(post, seen_field).split()
    changes[f"{table}.rows"] = Change(seen=seen, new=move_rows(seen, verb, row))
    if verb == "remove":
        for address in [address for address in changes if address.startswith(f"{table}[{row}].")]:
            del changes[address]


def _is_rows(form: Questionnaire, name: str) -> bool:
    table: Any = form.by_name.get(name)
    return table is not None and table.kind.value == "rows"


def move_rows(order: list[str], verb: str, row: str) -> list[str]:
    """Return the order of rows after a button: add, or remove/up/down one row; unknown rows change nothing."""
    if verb == "add":
        return [*order, f"r{secrets.token_hex(5)}"]
    if row not in order:
        return list(order)
    moved = [other for other in order if other != row]
    if verb != "remove":
        at = order.index(row) + (-1 if verb == "up" else 1)
        moved.insert(max(0, at), row)
    return moved
