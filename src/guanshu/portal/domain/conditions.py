"""What a save may not do because of other cells: write where nothing is asked, tick 不适用 where it is not allowed.

Judged on the report as it would be after the save, since one request may open a table and fill it.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from guanshu.portal import crypto
from guanshu.portal.domain.deciding import Decision, Write, in_order
from guanshu.portal.models import Report
from guanshu.portal.queries.forms import Form
from guanshu.portal.queries.opened import Opened
from guanshu.portal.queries.reports import OpenReport, opened_with
from guanshu.portal.queries.stored import Stored, copied
from guanshu.survey.definition.address import Explanation, FormCell, RowCell, RowsNone, RowsOrder, TableNa, cell_at
from guanshu.survey.definition.storage import NA_STORED, get_stored, put_stored
from guanshu.survey.values.base import Json
from guanshu.survey.values.missing import NA

# One change as the record of a save keeps it: address, old and new value as stored.
Recorded = tuple[str, Json | None, Json | None]

AnyOpened = TypeVar("AnyOpened", bound=Opened)

_NOT_ASKED = "按照其他各项的填写情况，这一格不需要填写，未保存。"
_TICKED_NA = "本表已勾选「不适用」；要填写请先取消勾选。"
_NO_NA = "这一格现在不能填「不适用」；没有发生的数字请填 0。"
_NO_TABLE_NA = "按照其他各项的填写情况，本表不能勾选「不适用」。"


def refuse_by_conditions(
    report: Report, form: Form, stored: Stored, decision: Decision
) -> tuple[OpenReport, list[Recorded]]:
    """Return the report with the decision's writes and their record, after moving what cannot stand to its problems."""
    return settle(report.number, form, stored, decision, lambda after: opened_with(report, form, after))


def settle(
    number: str, form: Form, stored: Stored, decision: Decision, reopen: Callable[[Stored], AnyOpened]
) -> tuple[AnyOpened, list[Recorded]]:
    """Do the same for any answers: `number` is theirs, `reopen` opens them as they would be stored."""
    while True:
        after, record = apply(form, stored, decision.writes.values(), number)
        opened = reopen(after)
        refused = {text: sentence for text, write in decision.writes.items() if (sentence := _refusal(opened, write))}
        if not refused:
            return opened, record
        for text, sentence in refused.items():
            del decision.writes[text]
            decision.problems[text] = sentence


def _refusal(opened: Opened, write: Write) -> str:
    """Return why a write cannot stand in the answers it makes, "" when it can."""
    address, evaluation = write.address, opened.evaluation
    text = str(address)
    if isinstance(address, Explanation):
        return ""
    if address.table in evaluation.hidden or text in evaluation.hidden:
        return _NOT_ASKED
    if isinstance(address, TableNa):
        # The evaluation takes a tick only where the table's condition allows it.
        return "" if not write.stored or evaluation.states[address.table].na else _NO_TABLE_NA
    if isinstance(address, RowCell | RowsOrder | RowsNone) and evaluation.states[address.table].na:
        return _TICKED_NA
    if cell_at(opened.form.compiled.questionnaire, address) is None or write.stored is None:
        return ""
    reads_na = evaluation.values.get(text) is NA
    if write.stored == NA_STORED:
        return "" if reads_na else _NO_NA
    return _NOT_ASKED if reads_na else ""


def apply(form: Form, stored: Stored, writes: Iterable[Write], report: str) -> tuple[Stored, list[Recorded]]:
    """Return the tables with the writes in them, and the record of what changed; personal values are encrypted."""
    ordered = in_order(writes, stored, form)
    touched = {write.address.table for write in ordered}
    raw = {number: copied(stored.raw.get(number, {})) for number in touched}
    plain = {
        number: copied(stored.plain.get(number, {})) if number in form.personal else raw[number] for number in touched
    }
    record: list[Recorded] = []
    for write in ordered:
        address, text = write.address, str(write.address)
        data = raw[address.table]
        old, new = get_stored(data, address), _sealed(form, write, report)
        put_stored(data, address, new)
        if plain[address.table] is not data:
            put_stored(plain[address.table], address, write.stored)
        record.append((text, old, new))
    return stored.with_tables(form, raw, plain), record


def _sealed(form: Form, write: Write, report: str) -> Json | None:
    """Return what the database gets: a ciphertext for a personal value, everything else as it is."""
    address = write.address
    if write.stored is None or write.stored == NA_STORED or not isinstance(address, FormCell | RowCell):
        return write.stored
    name = address.name if isinstance(address, FormCell) else address.column
    if name not in form.personal.get(address.table, ()):
        return write.stored
    sealed: Json = crypto.encrypt(write.stored, report=report, address=str(address))  # type: ignore[assignment]
    return sealed
