"""Walking the whole trail: every hash, every link, every head, and whether live values are what the records tell."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from guanshu.portal import audit, crypto
from guanshu.portal.models import (
    AuditRecord,
    AuditStream,
    Filing,
    FilingAnswers,
    Report,
    SaveRecord,
    TableAnswers,
)
from guanshu.portal.queries.forms import Form, form
from guanshu.portal.queries.sealcheck import verify_seals
from guanshu.portal.queries.stored import decrypt_table
from guanshu.survey.definition.address import UnknownAddress, parse_address
from guanshu.survey.definition.storage import Data, decode_answers, get_stored, put_stored

Row = TypeVar("Row", SaveRecord, AuditRecord)
# Rows held in memory at a time.
_CHUNK = 500


def _nothing(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


def verify_audit(told: Callable[[int, int], object] = _nothing) -> Iterator[str]:
    """Yield one Chinese sentence for every problem of the trail, naming the row; nothing at all when it is whole.

    Reads one report or filing after the other with constant memory; each is locked for its last moment only, so that
    people may go on working. `told` hears how many chains are done, and of how many.
    """
    if not audit.armed(connection):
        yield "防篡改触发器不完整：保存记录、审计记录或封印可以被改写。请运行 guanshu migrate。"
    kinds: tuple[tuple[Any, Callable[[int], Iterator[str]]], ...] = (
        (Report, _verify_report),
        (Filing, _verify_filing),
        (AuditStream, _verify_stream),
    )
    done, total = 0, sum(model.objects.count() for model, _ in kinds)
    for model, verify in kinds:
        for pk in model.objects.order_by("pk").values_list("pk", flat=True).iterator(_CHUNK):
            yield from verify(pk)
            done += 1
            told(done, total)
    yield from _verify_orphans()
    yield from verify_seals()


def _verify_orphans() -> Iterator[str]:
    no_report = ~Exists(Report.objects.filter(number=OuterRef("report")))
    no_filing = ~Exists(Filing.objects.filter(number=OuterRef("report")))
    for number in (
        SaveRecord.objects.filter(no_report, no_filing).order_by("report").values_list("report", flat=True).distinct()
    ):
        yield f"报表 {number}：有保存记录，但没有这份报表。"
    no_stream = ~Exists(AuditStream.objects.filter(name=OuterRef("stream")))
    for name in AuditRecord.objects.filter(no_stream).order_by("stream").values_list("stream", flat=True).distinct():
        yield f"审计流 {name}：有审计记录，但没有链头。"


@dataclass
class _Chain(Generic[Row]):
    """One chain on the way from its first row to its last; `each` is called with every row."""

    name: str
    rows: QuerySet[Row]
    each: Callable[[Row], None] = lambda _row: None
    seq: int = 0
    head: str = ""
    problems: list[str] = field(default_factory=list)

    def walk(self) -> Iterator[str]:
        """Go on from where the chain was left to its present end, and yield what is wrong."""
        for row in self.rows.filter(seq__gt=self.seq).order_by("seq").iterator(_CHUNK):
            place = f"{self.name} 第 {row.seq} 条记录"
            if row.seq != self.seq + 1:
                yield f"{place}：前面缺少第 {self.seq + 1} 至 {row.seq - 1} 条记录。"
            elif row.prev != self.head:
                yield f"{place}：与前一条记录不衔接。"
            if audit.hash_of(row) != row.hash:
                yield f"{place}：内容与校验值不符，记录被改动过。"
            self.each(row)
            self.seq, self.head = row.seq, row.hash

    def compare(self, seq: int, head: str) -> Iterator[str]:
        """Yield what is wrong between the end of the chain and the head kept elsewhere."""
        if seq > self.seq:
            yield f"{self.name}：末尾缺少第 {self.seq + 1} 至 {seq} 条记录。"
        elif seq < self.seq:
            yield f"{self.name}：第 {seq + 1} 至 {self.seq} 条记录不在登记的链内。"
        elif head != self.head:
            yield f"{self.name} 第 {seq} 条记录：与登记的链头不符。"


def _verify_stream(pk: int) -> Iterator[str]:
    stream = AuditStream.objects.get(pk=pk)
    chain = _Chain(f"审计流 {stream.name}", AuditRecord.objects.filter(stream=stream.name))
    yield from chain.walk()
    with transaction.atomic():
        stream = AuditStream.objects.select_for_update(no_key=True).get(pk=pk)
        found = [*chain.walk(), *chain.compare(stream.seq, stream.head)]
    yield from found


def _verify_report(pk: int) -> Iterator[str]:
    yield from _verify_answers(
        "报表", Report.objects.filter(pk=pk), TableAnswers.objects.filter(report=pk).values_list("table", "data")
    )


def _verify_filing(pk: int) -> Iterator[str]:
    yield from _verify_answers(
        "上报材料", Filing.objects.filter(pk=pk), FilingAnswers.objects.filter(filing=pk).values_list("table", "data")
    )


def _verify_answers(kind: str, owners: QuerySet[Any], tables: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with the answers of one report or filing; `owners` holds that one."""
    owner: Report | Filing = owners.get()
    name = f"{kind} {owner.number}"
    replay = _Replay(name, form(owner.questionnaire_id))
    chain = _Chain(name, SaveRecord.objects.filter(report=owner.number), replay.add)
    yield from chain.walk()
    with transaction.atomic():
        owner = owners.select_for_update(no_key=True).get()
        found = [*chain.walk(), *chain.compare(owner.saves, owner.head)]
        live = dict(tables)
    yield from found
    yield from replay.problems
    yield from replay.compare(live)
    yield from _undecipherable(name, owner.number, replay.form, live)


class _Replay:
    """The tables as the records of saves make them, one change after the other."""

    def __init__(self, name: str, form: Form) -> None:
        self.form = form
        self.problems: list[str] = []
        self._name = name
        self._tables: dict[str, Data] = {}

    def add(self, row: SaveRecord) -> None:
        """Apply one save; a change that does not start from what the records before it left is a problem."""
        place = f"{self._name} 第 {row.seq} 条记录"
        try:
            for text, old, new in row.changes:
                address = parse_address(self.form.compiled.questionnaire, text, self.form.check_tables)
                table = self._tables.setdefault(address.table, {})
                if get_stored(table, address) != old:
                    self.problems.append(f"{place}：「{text}」的原值与此前的记录不符。")
                put_stored(table, address, new)
        except UnknownAddress as error:
            self.problems.append(f"{place}：「{error.text}」不是这份问卷中的一格。")
        except (TypeError, ValueError):
            # Only tampering makes such changes; the rest of the record cannot be told.
            self.problems.append(f"{place}：改动的内容无法识别。")

    def compare(self, live: dict[str, Any]) -> Iterator[str]:
        """Yield the tables whose live values are not what the records make."""
        for number in sorted({*self._tables, *live}):
            if _bare(self._tables.get(number)) != _bare(live.get(number)):
                cells = "、".join(_differing(self._tables.get(number) or {}, live.get(number) or {}))
                yield f"{self._name} 表{number}：现有数据与保存记录推算的结果不一致{f'（{cells}）' if cells else ''}。"


def _bare(data: Data | None) -> Data:
    return {key: part for key, part in (data or {}).items() if part}


def _differing(told: Data, live: Data) -> list[str]:
    """Return the form cells that differ, to say where to look."""
    before, after = told.get("cells", {}), live.get("cells", {})
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def _undecipherable(name: str, number: str, form: Form, live: dict[str, Any]) -> Iterator[str]:
    for table, data in live.items():
        try:
            decode_answers(form.compiled.questionnaire, {table: decrypt_table(data, table, number, form)})
        except (crypto.Undecipherable, ValueError) as error:
            yield f"{name} 表{table}：有数据无法读出（{error}）。"
